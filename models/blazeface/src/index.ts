import type { Manifest } from '@hayate/core';
import manifest from '../manifest.json';

/**
 * The manifest of BlazeFace with the address of its file. The `new URL` is written out so that bundlers find the file
 * and ship it.
 */
export const blazeface = {
  ...manifest,
  files: {
    model: {
      ...manifest.files.model,
      url: new URL('../model.onnx', import.meta.url).href,
    },
  },
} as Manifest;
