import { expectTypeOf, test } from 'vitest';
import type { ConfigOf, InputOf, OptionsOf, OutputOf } from './contract';
import { HayateError, type AnyHayateError } from './errors';
import type { ImageInput } from './image';
import type { ModelSource } from './manifest';
import type { TaskState } from './task';
import { camera } from './media/camera';
import { createStream } from './stream';
import { createTask } from './task';
import { createTensor, type AnyCpuTensor } from './tensor';
import { faceDetection, type DetectedFace } from './tasks/face-detection/contract';
import { objectDetection, type DetectedObject } from './tasks/object-detection/contract';
import { imageClassification, type Classification } from './tasks/image-classification/contract';

type Contract = typeof imageClassification;

test('a contract tells its config, input, options and output', () => {
  expectTypeOf<ConfigOf<Contract>>().toEqualTypeOf<{ readonly model: ModelSource }>();
  expectTypeOf<InputOf<Contract>>().toEqualTypeOf<ImageInput>();
  expectTypeOf<OptionsOf<Contract>>().toEqualTypeOf<{ readonly topK?: number }>();
  expectTypeOf<OutputOf<Contract>>().toEqualTypeOf<readonly Classification[]>();
});

test('a task takes its contract’s input and gives its output', () => {
  const task = createTask(null as never, imageClassification, { model: '/manifest.json' });
  expectTypeOf(task.run).returns.resolves.toEqualTypeOf<readonly Classification[]>();
  // @ts-expect-error a number is no picture
  void task.run(5);
  // @ts-expect-error there is no such option
  void task.run(new Blob(), { topk: 3 });
  // @ts-expect-error a config needs its model
  createTask(null as never, imageClassification, {});
});

test('detectors take pictures and give boxes', () => {
  const task = createTask(null as never, objectDetection, { model: '/manifest.json' });
  expectTypeOf(task.run).returns.resolves.toEqualTypeOf<readonly DetectedObject[]>();
  // @ts-expect-error labels are names
  void task.run(new Blob(), { classes: [3] });
  const faces = createTask(null as never, faceDetection, { model: '/manifest.json' });
  expectTypeOf(faces.run).returns.resolves.toEqualTypeOf<readonly DetectedFace[]>();
  expectTypeOf<DetectedFace['keypoints'][number]['name']>().toExtend<string>();
});

test('a stream gives the output of its task, and takes its input and options', () => {
  const task = createTask(null as never, faceDetection, { model: '/manifest.json' });
  const stream = createStream(task, camera(), {
    runOptions: () => ({ maxFaces: 1 }),
    onResult: ({ output }) => expectTypeOf(output).toEqualTypeOf<readonly DetectedFace[]>(),
  });
  expectTypeOf(stream.getSnapshot().output).toEqualTypeOf<readonly DetectedFace[] | undefined>();
  createStream(task, null as unknown as AsyncIterable<VideoFrame>);
  // @ts-expect-error there is no such option
  createStream(task, camera(), { runOptions: () => ({ topK: 1 }) });
  // @ts-expect-error numbers are no pictures
  createStream(task, null as unknown as AsyncIterable<number>);
});

test('checking a code narrows the details', () => {
  const error = null as unknown as AnyHayateError;
  if (error.code === 'model-unreachable')
    expectTypeOf(error.details.status).toEqualTypeOf<number | undefined>();
  // @ts-expect-error details belong to the code
  new HayateError('queue-full', 'Full.', { reason: 'no' });
});

test('checking a status narrows the state', () => {
  const state = null as unknown as TaskState<string>;
  expectTypeOf(state.output).toEqualTypeOf<string | undefined>();
  if (state.status === 'error') expectTypeOf(state.error).toEqualTypeOf<AnyHayateError>();
  // @ts-expect-error only an error state has one
  void state.error;
});

test('checking an element type narrows the data', () => {
  expectTypeOf(createTensor('int64', new BigInt64Array(1), [1]).data).toEqualTypeOf<BigInt64Array>();
  const tensor = null as unknown as AnyCpuTensor;
  if (tensor.type === 'float32') expectTypeOf(tensor.data).toEqualTypeOf<Float32Array>();
});
