import { expect, test } from 'vitest';
import type { Manifest } from './manifest';
import { readLabels } from './read-labels';

const read = (text: string) =>
  readLabels(
    {
      manifest: { labels: { file: 'labels' } } as unknown as Manifest,
      file: () => Promise.resolve(new TextEncoder().encode(text)),
    },
    (reason) => new Error(reason),
  );

test('reads the labels of a file', async () => {
  expect(await read('["cat","dog"]')).toEqual(['cat', 'dog']);
});

test.each([
  ['text', 'must be a JSON array'],
  ['{"cat":1}', 'must be a JSON array'],
  ['["cat",{"label":"dog"}]', 'label 1 in "labels" must be a string'],
  ['[null]', 'label 0 in "labels" must be a string'],
  ['["cat","dog",3]', 'label 2 in "labels" must be a string'],
  [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'label 0 in "labels" must be a string'],
])('refuses %s', async (text, reason) => {
  await expect(read(text)).rejects.toThrow(reason);
});
