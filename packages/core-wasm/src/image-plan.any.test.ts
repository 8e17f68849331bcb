import type { ImagePlanSpec } from './image-plan-spec';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadVision, type WasmVisionKernels } from './vision';

const SPEC: ImagePlanSpec = {
  fit: { kind: 'shorter-side-crop', shorterSide: 256, crop: { width: 224, height: 224 } },
  filter: 'bicubic',
  layout: 'nchw',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const BAD_INPUT = expect.objectContaining({
  code: 'bad-input',
  details: { reason: expect.stringMatching(/./) as string },
}) as unknown;

let kernels: WasmVisionKernels;
beforeAll(async () => {
  kernels = await loadVision();
});

const stretch = (width: number, height = width) => ({ kind: 'stretch', width, height }) as const;
const crop = (shorterSide: number, width: number, height = width) =>
  ({ kind: 'shorter-side-crop', shorterSide, crop: { width, height } }) as const;

describe('imagePlan', () => {
  it('gives dims in the order of the layout', () => {
    const fit = stretch(3, 2);
    expect(kernels.imagePlan({ ...SPEC, fit }).dims).toEqual([1, 3, 2, 3]);
    const nhwc = kernels.imagePlan({ ...SPEC, fit: crop(9, 5, 4), layout: 'nhwc' });
    expect(nhwc.dims).toEqual([1, 4, 5, 3]);
  });

  it.each<[string, object]>([
    ['std of 0', { std: [1, 0, 1] }],
    ['std that is not finite', { std: [1, NaN, 1] }],
    ['mean that is not finite', { mean: [Infinity, 0, 0] }],
    ['mean of two', { mean: [0, 0] }],
    ['a crop larger than the shorter side', { fit: crop(10, 5, 11) }],
    ['a width of 0', { fit: stretch(0, 1) }],
    ['a fraction', { fit: stretch(1.5) }],
    ['NaN', { fit: crop(NaN, 1) }],
    ['a side past the limit', { fit: stretch(1, 32_769) }],
    ['an unknown fit', { fit: { kind: 'pad' } }],
    ['an unknown filter', { filter: 'mitchell' }],
    ['unknown numerics', { numerics: 'torch' }],
    ['unknown channels', { channels: 'rgba' }],
    ['an unknown type', { type: 'float64' }],
    ['int8 without a scale', { type: 'int8' }],
    ['a scale of 0', { type: 'uint8', quantization: { scale: 0, zeroPoint: 0 } }],
    ['half a zero point', { type: 'uint8', quantization: { scale: 1, zeroPoint: 0.5 } }],
    ['bicubic by OpenCV', { numerics: 'opencv-linear' }],
    ['a bicubic affine crop', { fit: { kind: 'affine', width: 2, height: 2, border: 'zero' } }],
    [
      'an unknown border',
      { filter: 'bilinear', fit: { kind: 'affine', width: 2, height: 2, border: 'wrap' } },
    ],
    ['an unknown convention', { fit: { kind: 'letterbox', width: 2, height: 2, convention: 'yolo3' } }],
    ['a pad of 256', { fit: { kind: 'letterbox', width: 2, height: 2, convention: 'yolo', pad: 256 } }],
    ['an unknown layout', { layout: 'chw' }],
  ])('refuses %s', (_, change) => {
    expect(() => kernels.imagePlan({ ...SPEC, ...change })).toThrow(BAD_INPUT);
  });

  it('refuses bad sources and works afterwards', () => {
    const plan = kernels.imagePlan(SPEC);
    expect(() => plan.run()).toThrow(BAD_INPUT);
    for (const [width, height] of [
      [0, 1],
      [1, -1],
      [2.5, 1],
      [1, NaN],
      [32_769, 1],
      [32_768, 32_768],
    ]) {
      expect(() => plan.input(width ?? 0, height ?? 0, 'rgba')).toThrow(BAD_INPUT);
    }
    expect(() => plan.input(1, 1, 'p010' as 'rgba')).toThrow(BAD_INPUT);
    plan.input(1, 1, 'rgba').set([255, 0, 51, 9]);
    const tensor = plan.run();
    expect([tensor[0], tensor[224 * 224], tensor.at(-1)]).toEqual([1, 0, Math.fround(0.2)]);
    plan.dispose();
  });

  it('gives the same tensor from both orders of bytes', () => {
    const plan = kernels.imagePlan({ ...SPEC, fit: stretch(5, 4) });
    plan.input(2, 1, 'rgba').set([1, 2, 3, 0, 40, 50, 60, 0]);
    const expected = [...plan.run()];
    plan.input(2, 1, 'bgra').set([3, 2, 1, 0, 60, 50, 40, 0]);
    expect([...plan.run()]).toEqual(expected);
    plan.dispose();
  });

  it('tells the region that counts', () => {
    const plan = kernels.imagePlan(SPEC);
    plan.input(1920, 1080, 'rgba');
    const { x, y, width, height } = plan.region;
    expect(x).toBeGreaterThan(400);
    expect(x + width).toBeLessThan(1500);
    expect(y).toBeGreaterThan(0);
    expect(y + height).toBeLessThan(1080);
    plan.dispose();
  });

  it('tells how a frame is copied into place', () => {
    const plan = kernels.imagePlan({ ...SPEC, fit: crop(4, 2), filter: 'bilinear' });
    expect(() => plan.copyOptions).toThrow(BAD_INPUT);
    plan.input(31, 21, 'rgba');
    expect(plan.region).toEqual({ x: 9, y: 3, width: 19, height: 15 });
    // Bounds are even, whatever the format.
    const rect = { x: 8, y: 2, width: 20, height: 16 };
    expect(plan.copyOptions).toEqual({ rect, layout: [{ offset: (2 * 31 + 8) * 4, stride: 124 }] });
    plan.input(31, 21, 'i420');
    const chroma = 16 + 4;
    expect(plan.copyOptions).toEqual({
      rect,
      layout: [
        { offset: 2 * 31 + 8, stride: 31 },
        { offset: 31 * 21 + chroma, stride: 16 },
        { offset: 31 * 21 + 16 * 11 + chroma, stride: 16 },
      ],
    });
    plan.input(31, 21, 'nv12');
    expect(plan.copyOptions.layout).toEqual([
      { offset: 2 * 31 + 8, stride: 31 },
      { offset: 31 * 21 + chroma * 2, stride: 32 },
    ]);
    plan.dispose();
  });

  it('leaves room for whole rows where a frame is copied down to its end', () => {
    const plan = kernels.imagePlan({ ...SPEC, fit: crop(12, 12), filter: 'bilinear' });
    plan.input(31, 21, 'i420');
    expect(plan.region).toEqual({ x: 2, y: 0, width: 24, height: 21 });
    expect(plan.copyOptions).toEqual({
      rect: { x: 0, y: 0, width: 26, height: 21 },
      layout: [
        { offset: 0, stride: 31 },
        { offset: 31 * 21, stride: 16 },
        { offset: 31 * 21 + 16 * 11, stride: 16 },
      ],
    });
    plan.dispose();
  });

  it('maps the tensor to the source', () => {
    const fit = { kind: 'letterbox', width: 640, height: 640, convention: 'yolo' } as const;
    const plan = kernels.imagePlan({ ...SPEC, fit });
    plan.input(1920, 1080, 'rgba');
    expect(plan.toSource).toEqual([3, 0, 0, 0, 3, -420]);
    plan.input(300, 640, 'rgba');
    expect(plan.toSource).toEqual([1, 0, -170, 0, 1, 0]);
    plan.dispose();
  });

  it('takes a matrix for an affine crop and keeps it', () => {
    const fit = { kind: 'affine', width: 2, height: 1, border: 'zero' } as const;
    const plan = kernels.imagePlan({ ...SPEC, fit, filter: 'bilinear', channels: 'luma', type: 'uint8' });
    plan.input(3, 1, 'grey').set([10, 20, 30]);
    expect([...plan.run()]).toEqual([10, 20]);
    expect([...plan.run({ matrix: [1, 0, 1, 0, 1, 0] })]).toEqual([20, 30]);
    expect(plan.toSource).toEqual([1, 0, 1, 0, 1, 0]);
    expect([...plan.run()]).toEqual([20, 30]);
    expect(() => plan.run({ matrix: [1, 0, NaN, 0, 1, 0] })).toThrow(BAD_INPUT);
    const stretched = kernels.imagePlan(SPEC);
    stretched.input(1, 1, 'grey');
    expect(() => stretched.run({ matrix: [1, 0, 1, 0, 1, 0] })).toThrow(/only an affine crop/);
    stretched.dispose();
    plan.dispose();
  });

  it('ignores alpha', () => {
    const plan = kernels.imagePlan({ ...SPEC, fit: stretch(5, 4) });
    const runs = [0, 255].map((alpha) => {
      const bytes = plan.input(7, 9, 'rgba');
      bytes.forEach((_, at) => (bytes[at] = at % 4 === 3 ? alpha : at * 37));
      return [...plan.run()];
    });
    expect(runs[1]).toEqual(runs[0]);
    plan.dispose();
  });

  it('does not grow memory for a smaller source', () => {
    const plan = kernels.imagePlan(SPEC);
    const { buffer } = plan.input(1200, 900, 'rgba');
    plan.run();
    for (const side of [900, 500, 31, 1]) {
      expect(plan.input(side, side, 'rgba').buffer).toBe(buffer);
      expect(plan.run().buffer).toBe(buffer);
    }
    plan.dispose();
  });

  it('keeps extreme shapes small', () => {
    const plan = kernels.imagePlan(SPEC);
    for (const [width, height] of [
      [1, 10_000],
      [10_000, 1],
    ] as const) {
      plan.input(width, height, 'rgba').fill(255);
      const tensor = plan.run();
      expect(tensor.buffer.byteLength).toBeLessThan(64 * 1024 * 1024);
      expect(tensor.every((value) => value === 1)).toBe(true);
    }
    plan.dispose();
  });

  it('refuses use after dispose', () => {
    const plan = kernels.imagePlan(SPEC);
    plan.dispose();
    plan.dispose();
    const disposed = expect.objectContaining({ code: 'disposed', details: {} }) as unknown;
    expect(() => plan.input(1, 1, 'rgba')).toThrow(disposed);
    expect(() => plan.run()).toThrow(disposed);
  });
});

describe('scores', () => {
  it('are copies', () => {
    const first = kernels.softmax(Float32Array.of(1, 1));
    kernels.softmax(Float32Array.of(100, 0));
    expect([...first]).toEqual([0.5, 0.5]);
  });

  it('refuse bad arguments', () => {
    expect(() => kernels.softmax(new Float32Array(0))).toThrow(BAD_INPUT);
    for (const k of [0, -1, 1.5, NaN]) {
      expect(() => kernels.topK(Float32Array.of(1), k)).toThrow(BAD_INPUT);
    }
  });

  it('give all of fewer than k', () => {
    expect([...kernels.topK(Float32Array.of(1, 3), 5).indices]).toEqual([1, 0]);
    expect(kernels.topK(new Float32Array(0), 5).indices).toHaveLength(0);
  });
});
