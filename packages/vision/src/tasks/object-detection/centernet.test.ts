import { withImageDecoder } from '../../worker/image-decoder';
import { createTask } from '@hayate/core';
import { objectDetectionPipeline } from '@hayate/vision/pipelines/object-detection';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { centernet } from '@hayate/model-centernet';
import labels from '@hayate/model-centernet/labels.json';
import { sampleUrl } from '@hayate/testing';
import { afterAll, expect, test } from 'vitest';
import golden from '../../../../../samples/detections.json';
import { createEngine } from '@hayate/worker';
import {
  blank,
  compareObjects,
  createNotes,
  decodeWithSharp,
  makePicture,
  none,
  pipelineContext,
  quiet,
  readPixels,
  replaySample,
} from '../detection.test.helper';

const folder = new URL(sampleUrl(''));
const { tensors } = golden;
const engine = createEngine({
  pipelines: withImageDecoder(decodeWithSharp, [objectDetectionPipeline]),
  backends: ['wasm'],
});
const task = createTask(engine, objectDetection, { model: centernet });
const notes = createNotes();
afterAll(async () => {
  notes.print('centernet');
  await engine.dispose();
});

// Only PNGs: decoders of JPEGs may differ by a level or more, which changes scores of this model by up to a hundredth.
test.each(Object.entries(golden.pictures))(
  'finds in "%s" what the reference finds',
  async (_, { objects, ...recipe }) => {
    const picture = makePicture(await readPixels(new URL(recipe.file, folder)), recipe);
    expect([picture.width, picture.height]).toEqual([recipe.width, recipe.height]);
    const worst = none();
    compareObjects(await task.run(picture), objects, worst);
    notes.add('PNGs', worst);
    expect(worst.boxPx).toBeLessThan(1);
    expect(worst.score).toBeLessThan(0.005);
  },
  30_000,
);

test('given the same tensor, decodes as the reference', async () => {
  const { width, height, objects } = golden.pictures[tensors.of as keyof typeof golden.pictures];
  const session = await replaySample(folder, tensors);
  const context = pipelineContext({ ...centernet, labels }, session);
  const loaded = await objectDetectionPipeline.load(context, { model: centernet });
  const worst = none();
  compareObjects(await loaded.run(blank(width, height), {}, quiet()), objects, worst);
  loaded.dispose();
  notes.add('the same tensor', worst);
  expect(worst.boxPx).toBeLessThan(0.5);
  expect(worst.score).toBeLessThan(0.005);
});
