import type { Manifest } from '@hayate/core';

const graph = new URL('../models/tiny-sums.onnx', import.meta.url);

/**
 * A graph of two outputs, `sum = x + [10, 20, 30, 40]` and `square = x · x`, whose weights are external data; made by
 * make-tiny-sums.py. A run fails unless `x` has 4 values.
 */
export const tinySums: Manifest = {
  format: 1,
  id: 'tiny-sums',
  task: 'sums',
  files: {
    model: {
      url: graph.href,
      bytes: 183,
      sha256: '78542e37facea57b843f5ff400e0282c30abfa8c418ee7d2f0064c21c0da20e5',
      externalData: { 'tiny-sums.data': 'weights' },
    },
    weights: {
      url: new URL('../models/tiny-sums.data', import.meta.url).href,
      bytes: 16,
      sha256: 'beca39ea48a7a8e3e46775d302848fb64a367509e7465020ca4890f3384a5923',
    },
  },
  output: { layout: 'none' },
  licence: 'MIT',
  source: { name: 'make-tiny-sums.py', url: 'https://test.invalid/' },
  revision: '1',
};
