import { createTask, type Manifest } from '@hayate/core';
import { sampleUrl } from '@hayate/testing';
import { createEngine } from '@hayate/worker';
import { afterAll, expect, test } from 'vitest';
import { withImageDecoder } from '../../worker/image-decoder';
import { decodeWithSharp, readPixels } from '../detection.test.helper';
import { imageFeatureExtraction, type ImageFeatureExtractionOptions } from './contract';
import { imageFeatureExtractionPipeline } from './pipeline';
import golden from './tiny-embedder.test.json';

const model: Manifest = {
  format: 1,
  id: 'tiny-embedder',
  task: 'image-feature-extraction',
  files: { model: { url: new URL('tiny-embedder.test.onnx', import.meta.url).href } },
  preprocess: {
    kind: 'image',
    fit: { kind: 'stretch', width: 32, height: 32 },
    filter: 'bilinear',
    layout: 'nchw',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  output: { layout: 'embedding' },
  licence: 'MIT',
  source: { name: 'make-tiny-embedder.test.py', url: import.meta.url },
  revision: '1',
};
const engine = createEngine({
  pipelines: withImageDecoder(decodeWithSharp, [imageFeatureExtractionPipeline]),
  backends: ['wasm'],
});
afterAll(() => engine.dispose());
const task = createTask(engine, imageFeatureExtraction, { model });
const embed = async (picture: string, options?: ImageFeatureExtractionOptions) =>
  task.run(await readPixels(new URL(sampleUrl(picture))), options);

test.each(Object.entries(golden))('gives the vector of NumPy for %s', async (picture, expected) => {
  const vector = await embed(picture);
  expect(vector).toHaveLength(16);
  vector.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 5));
});

test('leaves the length as it is when asked to', async () => {
  const [vector, raw] = [await embed('coffee.png'), await embed('coffee.png', { normalize: false })];
  const length = Math.hypot(...raw);
  raw.forEach((value, at) => expect(value / length).toBeCloseTo(vector[at]!, 6));
});

test('refuses what it cannot use', async () => {
  await expect(embed('coffee.png', { normalize: 1 as never })).rejects.toMatchObject({ code: 'bad-input' });
  const other = createTask(engine, imageFeatureExtraction, {
    model: { ...model, output: { layout: 'logits' } },
  });
  await expect(other.load()).rejects.toMatchObject({ code: 'bad-model' });
});
