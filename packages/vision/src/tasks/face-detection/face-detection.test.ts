import { withImageDecoder } from '../../worker/image-decoder';
import { createTask, type Manifest, type OutputDescription } from '@hayate/core';
import { faceDetectionPipeline } from '@hayate/vision/pipelines/face-detection';
import { faceDetection, type FaceDetectionOptions } from '@hayate/vision/tasks/face-detection';
import { sampleUrl, testModelUrl } from '@hayate/testing';
import { afterAll, describe, expect, test } from 'vitest';
import golden from '@hayate/testing/models/tiny-detectors.json';
import { createEngine } from '@hayate/worker';
import { compareFaces, decodeWithSharp, none, readPixels } from '../detection.test.helper';

const output: OutputDescription = {
  layout: 'blazeface',
  parts: { scores: ['scores1', 'scores2'], boxes: ['boxes1', 'boxes2'] },
};

function describeModel(changes: Partial<Manifest> = {}): Manifest {
  return {
    format: 1,
    id: 'tiny-blazeface',
    task: 'face-detection',
    files: { model: { url: testModelUrl('tiny-blazeface.onnx') } },
    preprocess: {
      kind: 'image',
      fit: { kind: 'stretch', width: 128, height: 128 },
      filter: 'bilinear',
      layout: 'nhwc',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    },
    output,
    licence: 'MIT',
    source: { name: 'make-tiny-detectors.py', url: 'https://test.invalid/' },
    revision: JSON.stringify(changes),
    ...changes,
  };
}

const engine = createEngine({
  pipelines: withImageDecoder(decodeWithSharp, [faceDetectionPipeline]),
  backends: ['wasm'],
});
afterAll(() => engine.dispose());

async function detect(model: Manifest, picture: string, options: FaceDetectionOptions = {}) {
  return createTask(engine, faceDetection, { model }).run(
    await readPixels(new URL(sampleUrl(picture))),
    options,
  );
}

describe('gives NumPy’s result for the same graph', () => {
  test.each<{ picture: string; options?: FaceDetectionOptions; faces: (typeof golden.faces)[0]['faces'] }>([
    ...golden.faces,
    ...golden.faceOptions,
  ])('on $picture with $options', async ({ picture, options = {}, faces }) => {
    const worst = none();
    compareFaces(await detect(describeModel(), picture, { maxFaces: 20, ...options }), faces, worst);
    expect(worst.boxPx).toBeLessThan(0.01);
    expect(worst.keypointPx).toBeLessThan(0.01);
    expect(worst.score).toBeLessThan(1e-4);
  });

  test('with the thresholds of the manifest', async () => {
    const [{ picture, faces }] = golden.faceOptions as [(typeof golden.faceOptions)[0]];
    const parameters = { scoreThreshold: 0.3, iouThreshold: 0.6 };
    const manifest = describeModel({ output: { ...output, parameters } });
    compareFaces(await detect(manifest, picture, { maxFaces: 20 }), faces, none());
  });
});

test('names six key points', async () => {
  const [face] = await detect(describeModel(), 'astronaut.png');
  expect(face?.keypoints.map(({ name }) => name)).toEqual([
    'rightEye',
    'leftEye',
    'noseTip',
    'mouthCenter',
    'rightEarTragion',
    'leftEarTragion',
  ]);
});

describe('refuses', () => {
  test.each<[string, FaceDetectionOptions, string]>([
    ['a score below 0', { scoreThreshold: -1 }, 'scoreThreshold must be a number from 0 to 1, not -1'],
    ['an IoU over 1', { iouThreshold: 2 }, 'iouThreshold must be a number from 0 to 1, not 2'],
    ['half a face', { maxFaces: 0.5 }, 'maxFaces must be a whole number of at least 1, not 0.5'],
  ])('%s as bad-input', async (_, options, message) => {
    const run = detect(describeModel(), 'chelsea.png', options);
    await expect(run).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(message),
    });
  });

  const preprocess = describeModel().preprocess as NonNullable<Manifest['preprocess']>;
  test.each<[string, Partial<Manifest>, string]>([
    ['another layout', { output: { layout: 'logits' } }, 'must be one of blazeface, not "logits"'],
    ['outputs without names', { output: { layout: 'blazeface' } }, '"output.parts.scores" must name'],
    [
      'an unknown output',
      { output: { ...output, parts: { ...output.parts, boxes: ['regressors'] } } },
      'the graph has no output "regressors", only "boxes1"',
    ],
    [
      'outputs of other lengths',
      { output: { ...output, parts: { ...output.parts, scores: ['scores1'] } } },
      'the outputs "scores1" have 512 values, not 896',
    ],
    [
      'an input that is not square',
      { preprocess: { ...preprocess, fit: { kind: 'stretch', width: 128, height: 64 } } },
      '"preprocess.fit" must be a square',
    ],
  ])('%s as bad-model, while loading', async (_, changes, message) => {
    const load = engine.load(faceDetection, { model: describeModel(changes) });
    await expect(load).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining(message),
    });
  });
});
