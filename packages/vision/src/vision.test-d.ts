import {
  createTask,
  type ConfigOf,
  type InputOf,
  type ModelSource,
  type OptionsOf,
  type OutputOf,
} from '@hayate/core';
import { createLive } from '@hayate/core/live';
import { expectTypeOf, test } from 'vitest';
import type { ImageInput } from './image';
import { camera } from './page/camera';
import { faceDetection, type DetectedFace } from './tasks/face-detection/contract';
import { imageClassification, type Classification } from './tasks/image-classification/contract';
import { objectDetection, type DetectedObject } from './tasks/object-detection/contract';

type Contract = typeof imageClassification;

test('a contract has the types of its config, input, options and output', () => {
  expectTypeOf<ConfigOf<Contract>>().toEqualTypeOf<{ readonly model: ModelSource }>();
  expectTypeOf<InputOf<Contract>>().toEqualTypeOf<ImageInput>();
  expectTypeOf<OptionsOf<Contract>>().toEqualTypeOf<{ readonly topK?: number }>();
  expectTypeOf<OutputOf<Contract>>().toEqualTypeOf<readonly Classification[]>();
});

test('a task takes its contract’s input and returns its output', () => {
  const task = createTask(null as never, imageClassification, { model: '/manifest.json' });
  expectTypeOf(task.run).returns.resolves.toEqualTypeOf<readonly Classification[]>();
  // @ts-expect-error a number is not a picture
  void task.run(5);
  // @ts-expect-error there is no such option
  void task.run(new Blob(), { topk: 3 });
  // @ts-expect-error a config needs its model
  createTask(null as never, imageClassification, {});
});

test('detectors take pictures and return boxes', () => {
  const task = createTask(null as never, objectDetection, { model: '/manifest.json' });
  expectTypeOf(task.run).returns.resolves.toEqualTypeOf<readonly DetectedObject[]>();
  // @ts-expect-error classes are labels, which are strings
  void task.run(new Blob(), { classes: [3] });
  const faces = createTask(null as never, faceDetection, { model: '/manifest.json' });
  expectTypeOf(faces.run).returns.resolves.toEqualTypeOf<readonly DetectedFace[]>();
  expectTypeOf<DetectedFace['keypoints'][number]['name']>().toExtend<string>();
});

test('a live task has the output of its task, and takes its input and options', () => {
  const task = createTask(null as never, faceDetection, { model: '/manifest.json' });
  const live = createLive(task, camera(), {
    runOptions: () => ({ maxFaces: 1 }),
    onResult: ({ output }) => expectTypeOf(output).toEqualTypeOf<readonly DetectedFace[]>(),
  });
  expectTypeOf(live.getSnapshot().output).toEqualTypeOf<readonly DetectedFace[] | undefined>();
  createLive(task, null as unknown as AsyncIterable<VideoFrame>);
  // @ts-expect-error there is no such option
  createLive(task, camera(), { runOptions: () => ({ topK: 1 }) });
  // @ts-expect-error numbers are not pictures
  createLive(task, null as unknown as AsyncIterable<number>);
});
