import { withImageDecoder } from '../../worker/image-decoder';
import { createTask } from '@hayate/core';
import { faceDetectionPipeline } from '@hayate/vision/pipelines/face-detection';
import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { blazeface } from '@hayate/model-blazeface';
import { sampleUrl } from '@hayate/testing';
import { afterAll, describe, expect, test } from 'vitest';
import golden from '../../../../../samples/faces.json';
import mediapipe from '@hayate/testing/models/mediapipe-faces.json';
import { createEngine } from '@hayate/worker';
import {
  blank,
  compareFaces,
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
  pipelines: withImageDecoder(decodeWithSharp, [faceDetectionPipeline]),
  backends: ['wasm'],
});
const task = createTask(engine, faceDetection, { model: blazeface });
const notes = createNotes();
afterAll(async () => {
  notes.print('blazeface');
  await engine.dispose();
});

describe.each(Object.entries({ 'the reference': golden, MediaPipe: mediapipe }))(
  'finds the faces that %s finds',
  (reference, { pictures }) => {
    test.each(Object.entries(pictures))('in "%s"', async (_, { faces, ...recipe }) => {
      const picture = makePicture(await readPixels(new URL(recipe.file, folder)), recipe);
      expect([picture.width, picture.height]).toEqual([recipe.width, recipe.height]);
      const worst = none();
      compareFaces(await task.run(picture), faces, worst);
      notes.add(reference, worst);
      expect(worst.boxPx).toBeLessThan(1);
      expect(worst.keypointPx).toBeLessThan(0.5);
      expect(worst.score).toBeLessThan(0.005);
    });
  },
);

test('given the same tensors, decodes as the reference', async () => {
  const { width, height, faces } = golden.pictures[tensors.of as keyof typeof golden.pictures];
  const session = await replaySample(folder, tensors);
  const context = pipelineContext(blazeface, session);
  const loaded = await faceDetectionPipeline.load(context, { model: blazeface });
  const worst = none();
  compareFaces(await loaded.run(blank(width, height), {}, quiet()), faces, worst);
  loaded.dispose();
  notes.add('the same tensors', worst);
  expect(worst.boxPx).toBeLessThan(0.5);
  expect(worst.keypointPx).toBeLessThan(0.5);
  expect(worst.score).toBeLessThan(0.005);
});
