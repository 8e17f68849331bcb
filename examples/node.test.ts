import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { classifyFile } from './node';

const samples = new URL('../samples/', import.meta.url);

test('classifies a PNG in Node as the Python reference does', async () => {
  const references = JSON.parse(await readFile(new URL('references.json', samples), 'utf8'));
  const labels = await classifyFile(new URL('chelsea.png', samples));
  const { top5 } = references.files['chelsea.png'];
  expect(labels.map(({ index }) => index)).toEqual(top5.map(({ index }: { index: number }) => index));
  labels.forEach(({ score }, place) => expect(score).toBeCloseTo(top5[place].score, 3));
});
