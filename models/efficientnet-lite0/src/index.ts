import type { Manifest } from '@hayate/core';
import manifest from '../manifest.json';

/**
 * The manifest of EfficientNet-Lite0 with the addresses of its files. Each `new URL` is written out so that bundlers find the file
 * and ship it.
 */
export const efficientnetLite0 = {
  ...manifest,
  files: {
    model: {
      ...manifest.files.model,
      url: new URL('../model.onnx', import.meta.url).href,
    },
    labels: {
      ...manifest.files.labels,
      url: new URL('../labels.json', import.meta.url).href,
    },
  },
} as Manifest;
