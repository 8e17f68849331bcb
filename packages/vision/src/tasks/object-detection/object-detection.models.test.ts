import { withImageDecoder } from '../../worker/image-decoder';
import type { ImagePreprocess } from '../../worker/image-preprocess';
import { createTask, type Manifest } from '@hayate/core';
import { objectDetectionPipeline } from '@hayate/vision/pipelines/object-detection';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { afterAll, describe, expect, test } from 'vitest';
import cocoLabels from '@hayate/testing/models/coco-labels.json';
import openCv from '@hayate/testing/models/opencv-golden.json';
import { createEngine } from '@hayate/worker';
import {
  blank,
  compareObjects,
  createNotes,
  decodeWithSharp,
  fedSession,
  modelsFolder,
  none,
  pipelineContext,
  quiet,
  readJson,
  readPixels,
  replaySession,
  type GoldenTensor,
  type ReferenceObject,
} from '../detection.test.helper';

interface Golden {
  readonly score_threshold: number;
  readonly iou_threshold: number;
  readonly models: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly width: number;
            readonly height: number;
            readonly detections: readonly ReferenceObject[];
          }
        >
      >
    >
  >;
  readonly tensors: Readonly<Record<string, GoldenTensor>>;
}

type Model = Pick<Manifest, 'preprocess' | 'output'> & { readonly file: string };

const opencv = { kind: 'image', filter: 'bilinear', numerics: 'opencv-linear' } as const;
/** Mean and deviation with which values stay from 0 to 255. */
const bytes = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } as const;
const nanodetMean: ImagePreprocess['mean'] = [103.53 / 255, 116.28 / 255, 123.675 / 255];
const nanodetStd: ImagePreprocess['std'] = [57.375 / 255, 57.12 / 255, 58.395 / 255];

const MODELS: Readonly<Record<string, Model>> = {
  'mb3-centernet': {
    file: 'mb3_centernet_512.onnx',
    preprocess: { ...opencv, ...bytes, fit: { kind: 'stretch', width: 512, height: 512 }, layout: 'nhwc' },
    output: { layout: 'centernet', name: 'detections' },
  },
  'yolox-nano': {
    file: 'yolox_nano.onnx',
    preprocess: {
      ...opencv,
      ...bytes,
      fit: { kind: 'letterbox', width: 416, height: 416, convention: 'yolox' },
      layout: 'nchw',
      channels: 'bgr',
    },
    output: { layout: 'yolox', parameters: { scoreThreshold: 0.3 } },
  },
  'nanodet-g': {
    file: 'nanodet_g_416.onnx',
    preprocess: {
      ...opencv,
      fit: { kind: 'letterbox', width: 416, height: 416, convention: 'yolo', pad: 0 },
      layout: 'nchw',
      channels: 'bgr',
      mean: nanodetMean,
      std: nanodetStd,
    },
    output: {
      layout: 'nanodet',
      parts: { scores: ['cls_8', 'cls_16', 'cls_32'], distances: ['reg_8', 'reg_16', 'reg_32'] },
      parameters: { regMax: 10, scoreThreshold: 0.35, iouThreshold: 0.6 },
    },
  },
};

describe.each(Object.entries(MODELS))('%s', async (id, { file, preprocess, output }) => {
  const folder = modelsFolder(id);
  const golden = await readJson<Golden>(new URL('golden/golden.json', folder));
  const pictures = golden.models[file] ?? {};
  const manifest: Manifest = {
    format: 1,
    id,
    task: 'object-detection',
    files: { model: { url: new URL(file, folder).href } },
    ...(preprocess && { preprocess }),
    output,
    labels: cocoLabels,
    licence: 'for tests only',
    source: { name: id, url: 'https://example.invalid/' },
    revision: '1',
  };
  const engine = createEngine({
    pipelines: withImageDecoder(decodeWithSharp, [objectDetectionPipeline]),
    backends: ['wasm'],
  });
  const notes = createNotes();
  const task = createTask(engine, objectDetection, { model: manifest });
  afterAll(async () => {
    notes.print(id);
    await engine.dispose();
  });

  const goldenFolder = new URL('golden/', folder);
  const images = golden.tensors['images'] as GoldenTensor;
  test.each([
    // NanoDet's first output is too large to be in the golden.
    ...(id === 'nanodet-g'
      ? []
      : [['outputs', () => replaySession(goldenFolder, 'images', golden.tensors)] as const]),
    ['input', () => fedSession(new URL(file, folder), goldenFolder, 'images', images)] as const,
  ])('given the same %s, decodes as the reference', async (_, makeSession) => {
    const { width = 0, height = 0, detections = [] } = pictures['yolox_dog.jpg'] ?? {};
    const context = pipelineContext(manifest, await makeSession());
    const loaded = await objectDetectionPipeline.load(context, { model: manifest });
    const worst = none();
    compareObjects(await loaded.run(blank(width, height), {}, quiet()), detections, worst);
    loaded.dispose();
    notes.add('the same tensor', worst);
    expect(worst.boxPx).toBeLessThan(0.5);
    expect(worst.score).toBeLessThan(0.005);
  });

  // Each model's reference, with `cv2.resize` instead of its own resize.
  test.each(Object.entries(openCv.models[id as keyof typeof openCv.models]))(
    'finds in %s what the reference finds with the resize of OpenCV',
    async (name, detections) => {
      const worst = none();
      compareObjects(await task.run(await readPixels(new URL(`images/${name}`, folder))), detections, worst);
      notes.add('OpenCV', worst);
      // YOLOX scales boxes by the exact ratio, not by the ratio of the sizes in whole pixels.
      expect(worst.boxPx).toBeLessThan(id === 'yolox-nano' ? 1 : 0.01);
      expect(worst.score).toBeLessThan(0.0001);
    },
  );

  // The golden resizes in floating point, and rounds only for YOLOX. OpenCV's bytes differ by up to a level: where two
  // anchors are nearly equal, the other may win, with a box a few pixels away, and an object whose score is near the
  // threshold may be missed. The reference with OpenCV's resize does the same; see above.
  test.each(Object.entries(pictures))(
    'finds in %s the objects of the golden',
    async (name, { detections }) => {
      const worst = none();
      const isPng = name.endsWith('.png');
      const scoreLimit = isPng ? 0.005 : 0.01;
      const found = await task.run(await readPixels(new URL(`images/${name}`, folder)));
      const isSure = ({ score }: ReferenceObject) => score > golden.score_threshold + scoreLimit;
      compareObjects(found, found.length < detections.length ? detections.filter(isSure) : detections, worst);
      const hasOtherAnchor = id === 'mb3-centernet' && name === 'coffee.png';
      notes.add(hasOtherAnchor ? name : isPng ? 'PNGs' : 'JPEGs', worst);
      if (isPng && !hasOtherAnchor) expect(worst.boxPx).toBeLessThan(1);
      else expect(worst.iou).toBeGreaterThan(0.95);
      expect(worst.score).toBeLessThan(scoreLimit);
    },
  );
});
