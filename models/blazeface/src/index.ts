import type { Manifest } from '@hayate/core';
import { manifest } from './manifest.js';

/** BlazeFace with the address of its file, written out so that bundlers find the file and ship it. */
export const blazeface: Manifest = {
  ...manifest,
  files: {
    model: {
      ...manifest.files.model,
      url: new URL('../model.onnx', import.meta.url).href,
    },
  },
};
