import { withImageDecoder } from '../../worker/image-decoder';
import type { ImagePreprocess } from '../../worker/image-preprocess';
import { createTask, type Manifest, type OutputDescription } from '@hayate/core';
import { objectDetectionPipeline } from '@hayate/vision/pipelines/object-detection';
import {
  objectDetection,
  type DetectedObject,
  type ObjectDetectionOptions,
} from '@hayate/vision/tasks/object-detection';
import { sampleUrl, testModelUrl } from '@hayate/testing';
import { afterAll, describe, expect, test } from 'vitest';
import golden from '@hayate/testing/models/tiny-detectors.json';
import { createEngine } from '@hayate/worker';
import { compareObjects, decodeWithSharp, none, readPixels } from '../detection.test.helper';

const stretch: ImagePreprocess = {
  kind: 'image',
  fit: { kind: 'stretch', width: 96, height: 96 },
  filter: 'bilinear',
  layout: 'nchw',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const nanodet: OutputDescription = {
  layout: 'nanodet',
  parts: { scores: ['cls_8', 'cls_16', 'cls_32'], distances: ['reg_8', 'reg_16', 'reg_32'] },
  parameters: { regMax: 10 },
};
/** The output description and number of labels of each model of packages/testing/models/make-tiny-detectors.py. */
const MODELS: Readonly<Record<string, readonly [OutputDescription, number]>> = {
  'tiny-yolov8-80': [{ layout: 'yolov8' }, 80],
  'tiny-yolov8-1': [{ layout: 'yolov8' }, 1],
  'tiny-yolox': [{ layout: 'yolox' }, 20],
  'tiny-nanodet': [nanodet, 20],
  'tiny-centernet': [{ layout: 'centernet', name: 'detections' }, 80],
  'tiny-detr': [{ layout: 'detr' }, 20],
  'tiny-rt-detr': [{ layout: 'detr' }, 20],
};

type Changes = { readonly [Field in keyof Manifest]?: Manifest[Field] | undefined };

function describeModel(model: string, side = 96, changes: Changes = {}): Manifest {
  const [output, classes] = MODELS[model] ?? [{ layout: '' }, 0];
  const fit = { kind: 'letterbox', width: side, height: side, convention: 'yolo' } as const;
  return {
    format: 1,
    id: model,
    task: 'object-detection',
    files: { model: { url: testModelUrl(`${model}.onnx`) } },
    preprocess: model.startsWith('tiny-yolov8') ? { ...stretch, fit } : stretch,
    output,
    labels: Array.from({ length: classes }, (_, index) => `label ${index}`),
    licence: 'MIT',
    source: { name: 'make-tiny-detectors.py', url: 'https://test.invalid/' },
    revision: [side, ...Object.keys(changes), JSON.stringify(changes)].join(' '),
    ...changes,
  } as Manifest;
}

const engine = createEngine({
  pipelines: withImageDecoder(decodeWithSharp, [objectDetectionPipeline]),
  backends: ['wasm'],
});
afterAll(() => engine.dispose());

async function detect(model: Manifest, picture: string, options: ObjectDetectionOptions = {}) {
  return createTask(engine, objectDetection, { model }).run(
    await readPixels(new URL(sampleUrl(picture))),
    options,
  );
}

describe('each layout gives NumPy’s result for the same graph', () => {
  test.each(golden.objects)('$model at $side on $picture', async ({ model, side, picture, objects }) => {
    const worst = none();
    compareObjects(await detect(describeModel(model, side), picture, { maxDetections: 40 }), objects, worst);
    expect(worst.boxPx).toBeLessThan(0.01);
    expect(worst.score).toBeLessThan(1e-4);
  });

  test.each(golden.options)('with $options', async ({ options, model, side, picture, objects }) => {
    const worst = none();
    const all = { maxDetections: 40, ...options };
    compareObjects(await detect(describeModel(model, side), picture, all), objects, worst);
    expect(worst.boxPx).toBeLessThan(0.01);
    expect(worst.score).toBeLessThan(1e-4);
  });

  test('with the thresholds of the manifest', async () => {
    const [{ objects, model, side, picture }] = golden.options as [(typeof golden.options)[0]];
    const parameters = { scoreThreshold: 0.5, iouThreshold: 0.7 };
    const manifest = describeModel(model, side, { output: { layout: 'yolov8', parameters } });
    compareObjects(await detect(manifest, picture, { maxDetections: 40 }), objects, none());
  });
});

test('pictures of several sizes go as one batch, each with its own result or error', async () => {
  const model = await engine.load(objectDetection, { model: describeModel('tiny-yolov8-80', 320) });
  expect(model.maxBatch).toBe(13);
  const pictures = await Promise.all(
    ['chelsea.png', 'rocket.png', 'chelsea.png'].map((name) => readPixels(new URL(sampleUrl(name)))),
  );
  const alone: (readonly DetectedObject[])[] = [];
  for (const picture of pictures) alone.push((await model.run(picture)).output);
  const broken = { width: 5, height: 5, data: new Uint8Array(3) };
  const settled = await Promise.allSettled([...pictures, broken].map((picture) => model.run(picture)));
  settled.slice(0, 3).forEach((result, at) => {
    const worst = none();
    const expected = (alone[at] ?? []).map(({ label, index, score, box: { x, y, width, height } }) => ({
      label,
      class_id: index,
      score,
      box: { x1: x, y1: y, x2: x + width, y2: y + height },
    }));
    expect(expected.length).toBeGreaterThan(0);
    compareObjects(result.status === 'fulfilled' ? result.value.output : [], expected, worst);
    expect(worst.boxPx).toBeLessThan(0.01);
  });
  expect(settled[3]).toMatchObject({ status: 'rejected', reason: { code: 'bad-input' } });
  await model.release();
});

test('boxes stay inside the picture', async () => {
  const found = await detect(describeModel('tiny-yolox'), 'astronaut.png', { scoreThreshold: 0.01 });
  expect(found.length).toBeGreaterThan(0);
  for (const { box } of found) {
    expect(Math.min(box.x, box.y, box.width, box.height)).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(512);
    expect(box.y + box.height).toBeLessThanOrEqual(512);
  }
});

describe('refuses', () => {
  test.each<[string, ObjectDetectionOptions, string]>([
    ['a score over 1', { scoreThreshold: 1.5 }, 'scoreThreshold must be a number from 0 to 1, not 1.5'],
    ['an IoU that is NaN', { iouThreshold: NaN }, 'iouThreshold must be a number from 0 to 1'],
    ['no detections', { maxDetections: 0 }, 'maxDetections must be a whole number of at least 1'],
    ['an unknown label', { classes: ['unicorn'] }, '"unicorn", which is no label of the model'],
  ])('%s as bad-input', async (_, options, message) => {
    const run = detect(describeModel('tiny-yolox'), 'chelsea.png', options);
    await expect(run).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(message),
    });
  });

  const twenty = describeModel('tiny-yolox').labels as readonly string[];
  test.each<[string, string, Changes, string]>([
    [
      'an unknown layout',
      'tiny-yolox',
      { output: { layout: 'ssd' } },
      'must be one of yolov8, yolox, nanodet',
    ],
    ['no labels', 'tiny-yolox', { labels: undefined }, 'the manifest has no "labels"'],
    ['no preprocess', 'tiny-yolox', { preprocess: undefined }, 'the manifest has no "preprocess"'],
    [
      'an affine crop',
      'tiny-yolox',
      { preprocess: { ...stretch, fit: { kind: 'affine', width: 96, height: 96, border: 'zero' } } },
      '"preprocess.fit.kind" must not be "affine"',
    ],
    [
      'an unknown output',
      'tiny-yolox',
      { output: { layout: 'yolox', name: 'boxes' } },
      'the graph has no output "boxes", only "output"',
    ],
    ['an unknown input', 'tiny-yolox', { input: 'pixels' }, 'the graph has no input "pixels", only "images"'],
    [
      'another input size',
      'tiny-yolox',
      { preprocess: { ...stretch, fit: { kind: 'stretch', width: 64, height: 96 } } },
      'the input "images" is float32 [1, 3, 96, 96], but "preprocess" makes float32 [1, 3, 96, 64]',
    ],
    [
      'another element type',
      'tiny-yolox',
      { preprocess: { ...stretch, type: 'uint8' } },
      'but "preprocess" makes uint8 [1, 3, 96, 96]',
    ],
    [
      'too few labels for YOLOv8',
      'tiny-yolov8-80',
      { labels: twenty },
      'the output "output0" is [84, 189] for a picture, but must be [24, anchors]',
    ],
    [
      'too few labels for YOLOX',
      'tiny-yolox',
      { labels: ['one'] },
      'the output "output" is [189, 25] for a picture, but must be [189, 6]',
    ],
    [
      'another regMax for NanoDet',
      'tiny-nanodet',
      { output: { ...nanodet, parameters: { regMax: 7 } } },
      'the output "reg_8" is [144, 44] for a picture, but must be [144, 32]',
    ],
    [
      'a stride without its output',
      'tiny-nanodet',
      { output: { ...nanodet, parts: { ...nanodet.parts, scores: ['cls_8'] } } },
      '"output.parts.scores" must name 3 outputs, one for each stride',
    ],
    [
      'a parameter of another kind',
      'tiny-yolox',
      { output: { layout: 'yolox', parameters: { strides: 8 } } },
      '"output.parameters.strides" must be a list of numbers',
    ],
    [
      'too many labels for DETR',
      'tiny-detr',
      { labels: [...twenty, 'x', 'y'] },
      'the output "logits" is [36, 21] for a picture, but must be [queries, 22] or [queries, 23]',
    ],
    [
      'rows that do not have six columns',
      'tiny-yolox',
      { output: { layout: 'centernet' } },
      'the output "output" is [189, 25] for a picture, but must be [rows, 6]',
    ],
  ])('%s as bad-model, while loading', async (_, model, changes, message) => {
    const load = engine.load(objectDetection, { model: describeModel(model, 96, changes) });
    await expect(load).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining(message),
    });
  });
});
