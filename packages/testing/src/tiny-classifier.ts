import type { Manifest } from '@hayate/core';
import reference from '../models/tiny-classifier.json';

// Two steps: a template inside `new URL` would be taken for a pattern by Vite.
const folder = new URL('../models/tiny-classifier.json', import.meta.url);

/** A classifier of ten labels and random weights, 7 kB, for tests that run it very often. */
export const tinyClassifier: Manifest = {
  format: 1,
  id: 'tiny-classifier',
  task: 'image-classification',
  files: { model: { url: new URL('tiny-classifier.onnx', folder).href } },
  preprocess: {
    kind: 'image',
    fit: { kind: 'stretch', width: 64, height: 64 },
    filter: 'bilinear',
    layout: 'nchw',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  output: { layout: 'logits' },
  labels: Array.from({ length: 10 }, (_, index) => `label ${index}`),
  licence: 'MIT',
  source: { name: 'make-tiny-classifier.py', url: new URL('make-tiny-classifier.py', folder).href },
  revision: '1',
};

/** The score that Python gives each label, by the sample's name. */
export const tinyScores: Readonly<Record<keyof typeof reference.scores, readonly number[]>> =
  reference.scores;

/** The largest difference of a full answer (`topK: 10`) to Python's; infinite for another number of labels. */
export function tinyError(
  sample: keyof typeof tinyScores,
  labels: readonly { readonly index: number; readonly score: number }[],
): number {
  const expected = tinyScores[sample];
  if (labels.length !== expected.length) return Infinity;
  return Math.max(...labels.map(({ index, score }) => Math.abs(score - (expected[index] ?? Infinity))));
}
