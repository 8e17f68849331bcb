import { beforeAll, describe, expect, it } from 'vitest';

import { loadEmbeddings, type WasmEmbeddingsKernels } from './embeddings';
import { loadVision, type WasmVisionKernels } from './vision';

const BAD_INPUT = expect.objectContaining({
  code: 'bad-input',
  details: { reason: expect.stringMatching(/./) as string },
}) as unknown;

let kernels: WasmVisionKernels;
beforeAll(async () => {
  kernels = await loadVision();
});

const floats = (...values: number[]) => Float32Array.from(values);

describe('detections', () => {
  const boxes = floats(0, 0, 10, 10, 1, 1, 11, 11, 50, 50, 60, 60);
  const scores = floats(0.6, 0.9, 0.8);

  it('are copies', () => {
    const first = kernels.nonMaximumSuppression({ boxes, scores });
    kernels.nonMaximumSuppression({ boxes: floats(1, 2, 3, 4), scores: floats(0.5) });
    expect([...first.anchors]).toEqual([1, 2]);
    expect([...first.boxes]).toEqual([1, 1, 11, 11, 50, 50, 60, 60]);
    expect([...first.classes]).toEqual([0, 0]);
  });

  it('may be none', () => {
    const none = kernels.nonMaximumSuppression({ boxes: floats(), scores: floats() });
    expect(none.scores).toHaveLength(0);
    expect(kernels.nonMaximumSuppression({ boxes, scores, classes: [] }).scores).toHaveLength(0);
    expect(kernels.nonMaximumSuppression({ boxes, scores, classes: [7] }).scores).toHaveLength(0);
  });

  it('leave out what cannot be drawn', () => {
    const broken = floats(0, 0, NaN, 10, 1, 1, 11, 11, 0, -Infinity, 60, 60);
    const found = kernels.nonMaximumSuppression({ boxes: broken, scores, iouThreshold: 1 });
    expect([...found.anchors]).toEqual([1]);
  });

  it('forget the classes of the call before', () => {
    kernels.nonMaximumSuppression({ boxes, scores, classes: [3] });
    expect(kernels.nonMaximumSuppression({ boxes, scores }).scores).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['scores that do not fit', { scores: floats(1, 2) }],
    ['a fraction of a box', { boxes: floats(1, 2, 3) }],
    ['an unknown format', { boxFormat: 'xywh' }],
    ['boxes of another type', { boxes: [1, 2, 3, 4] }],
    ['a threshold that is not finite', { scoreThreshold: NaN }],
    ['an IoU threshold that is not finite', { iouThreshold: Infinity }],
    ['no detection at all', { maxDetections: 0 }],
    ['a fraction of a class', { classes: [0.5] }],
    ['a negative class', { classes: [-1] }],
    ['no class', { classCount: 0 }],
  ])('refuse %s', (_, change) => {
    expect(() => kernels.nonMaximumSuppression({ boxes, scores, ...change })).toThrow(BAD_INPUT);
  });

  const grid = { inputWidth: 32, inputHeight: 32, classCount: 1 };
  it.each<[string, Parameters<WasmVisionKernels['decodeDetections']>[0]]>([
    ['a YOLOv8 output of other classes', { layout: 'yolov8', output: new Float32Array(11), classCount: 1 }],
    ['an empty YOLOv8 output', { layout: 'yolov8', output: new Float32Array(0), classCount: 1 }],
    [
      'fewer channels than classes',
      { layout: 'yolov8', output: new Float32Array(12), classCount: 9, anchors: 2 },
    ],
    ['a YOLOX output of another size', { layout: 'yolox', output: new Float32Array(6), ...grid }],
    ['five strides', { layout: 'yolox', output: new Float32Array(6), ...grid, strides: [1, 2, 3, 4, 5] }],
    ['a stride of 0', { layout: 'yolox', output: new Float32Array(6), ...grid, strides: [0] }],
    ['a side past the limit', { layout: 'yolox', output: new Float32Array(6), ...grid, inputWidth: 40_000 }],
    ['a NanoDet output of another size', { layout: 'nanodet', output: new Float32Array(33), ...grid }],
    ['a regMax of 0', { layout: 'nanodet', output: new Float32Array(33), ...grid, regMax: 0 }],
    ['part of a row', { layout: 'end-to-end', output: new Float32Array(7) }],
    ['an unknown layout', { layout: 'ssd' as 'yolox', output: new Float32Array(6), ...grid }],
    [
      'a layout that only the module knows',
      { layout: 'xyxy' as 'yolox', output: new Float32Array(6), ...grid },
    ],
  ])('refuse %s', (_, options) => {
    expect(() => kernels.decodeDetections(options)).toThrow(BAD_INPUT);
  });

  it('pass over channels that are no classes', () => {
    const output = floats(5, 5, 4, 4, 0.9, 123, 456);
    const found = kernels.decodeDetections({ layout: 'yolov8', output, classCount: 1, anchors: 1 });
    expect([...found.boxes]).toEqual([3, 3, 7, 7]);
  });
});

describe('faces', () => {
  const [scores, boxes] = [new Float32Array(896).fill(-9), new Float32Array(896 * 16)];

  it('may be none', () => {
    expect(kernels.decodeFaces({ scores, boxes })).toEqual({
      boxes: floats(),
      scores: floats(),
      keypoints: floats(),
    });
  });

  it.each<[string, object]>([
    ['other scores', { scores: new Float32Array(895) }],
    ['other boxes', { boxes: new Float32Array(896) }],
    ['an input of 0', { inputSize: 0 }],
    ['no face at all', { maxFaces: 0 }],
    ['a threshold that is not finite', { scoreThreshold: NaN }],
  ])('refuse %s', (_, change) => {
    expect(() => kernels.decodeFaces({ scores, boxes, ...change })).toThrow(BAD_INPUT);
  });
});

describe('masks', () => {
  const options = { mask: floats(-1, 1), width: 2, height: 1, outputWidth: 4, outputHeight: 1 };

  it('are copies of the whole unless told otherwise', () => {
    const mask = kernels.binaryMask(options);
    kernels.rgbaMask({ ...options, color: [1, 2, 3, 255] });
    expect([...mask]).toEqual([0, 0, 1, 1]);
  });

  it.each<[string, object]>([
    ['a mask that does not fit', { mask: floats(1) }],
    ['a side of 0', { outputWidth: 0 }],
    ['a side past the limit', { outputHeight: 32_769 }],
    ['a fraction of a side', { width: 1.5 }],
    ['a result past 256 MiB', { outputWidth: 32_768, outputHeight: 32_768 }],
    ['a window outside', { window: { x: 1, y: 0, width: 1.5, height: 1 } }],
    ['an empty window', { window: { x: 0, y: 0, width: 0, height: 1 } }],
    ['a window that is not finite', { window: { x: NaN, y: 0, width: 1, height: 1 } }],
    ['a threshold that is not finite', { threshold: NaN }],
  ])('refuse %s', (_, change) => {
    expect(() => kernels.binaryMask({ ...options, ...change })).toThrow(BAD_INPUT);
  });

  it('refuse a color that is none', () => {
    expect(() => kernels.rgbaMask({ ...options, color: [0, 0, 0, 256] })).toThrow(BAD_INPUT);
  });
});

describe('embeddings', () => {
  let kernels: WasmEmbeddingsKernels;
  beforeAll(async () => {
    kernels = await loadEmbeddings();
  });

  it('refuse what does not fit', () => {
    const tokens = new Float32Array(12);
    for (const [dims, length] of [
      [[1, 3, 4], 2],
      [[1, 3, 5], 3],
      [[0, 3, 4], 0],
      [[1, 1.5, 8], 1],
    ] as const) {
      const attentionMask = new Uint8Array(length);
      expect(() => kernels.meanPool({ tokens, attentionMask, dims })).toThrow(BAD_INPUT);
    }
    for (const size of [0, 5, 1.5, NaN]) {
      expect(() => kernels.normalize({ embeddings: tokens, size })).toThrow(BAD_INPUT);
    }
    const pair = { a: floats(1), b: floats(1, 2) };
    expect(() => kernels.cosineSimilarity(pair)).toThrow(BAD_INPUT);
  });

  it('give 0 for nothing', () => {
    expect(kernels.cosineSimilarity({ a: floats(0, 0), b: floats(1, 0) })).toBe(0);
    expect(kernels.normalize({ embeddings: floats(), size: 3 })).toHaveLength(0);
    const masked = { tokens: floats(1, 2), attentionMask: [0], dims: [1, 1, 2] as const };
    expect([...kernels.meanPool(masked)]).toEqual([0, 0]);
  });
});
