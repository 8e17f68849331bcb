import type { Manifest } from '@hayate/core';
import reference from '../models/tiny-classifier.json';

// In two steps, because Vite treats a template inside `new URL` as a pattern.
const folder = new URL('../models/tiny-classifier.json', import.meta.url);

/** A classifier with ten labels and random weights, for tests that run it very often. */
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

/** Python's score of each label, by the sample's name. */
export const tinyScores: Readonly<Record<keyof typeof reference.scores, readonly number[]>> =
  reference.scores;

/** The largest difference from Python's scores, for a result with `topK: 10`; infinite for another number of labels. */
export function tinyError(
  sample: keyof typeof tinyScores,
  labels: readonly { readonly index: number; readonly score: number }[],
): number {
  const expected = tinyScores[sample];
  if (labels.length !== expected.length) return Infinity;
  return Math.max(...labels.map(({ index, score }) => Math.abs(score - (expected[index] ?? Infinity))));
}
