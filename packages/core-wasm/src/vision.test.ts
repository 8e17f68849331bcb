import type { ImagePlanSpec, VisionKernels } from '@hayate/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadVision } from './load';

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

let kernels: VisionKernels;
beforeAll(async () => {
  kernels = await loadVision();
});

/** The error that `action` throws, or undefined. */
function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

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
    ['an unknown filter', { filter: 'lanczos' }],
    ['an unknown layout', { layout: 'chw' }],
  ])('refuses %s', (_, change) => {
    expect(thrown(() => kernels.imagePlan({ ...SPEC, ...change }))).toEqual(BAD_INPUT);
  });

  it('refuses bad sources and works afterwards', () => {
    const plan = kernels.imagePlan(SPEC);
    expect(thrown(() => plan.run())).toEqual(BAD_INPUT);
    for (const [width, height] of [
      [0, 1],
      [1, -1],
      [2.5, 1],
      [1, NaN],
      [32_769, 1],
      [32_768, 32_768],
    ]) {
      expect(thrown(() => plan.input(width ?? 0, height ?? 0, 'rgba'))).toEqual(BAD_INPUT);
    }
    expect(thrown(() => plan.input(1, 1, 'nv12' as 'rgba'))).toEqual(BAD_INPUT);
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
    expect(thrown(() => plan.input(1, 1, 'rgba'))).toEqual(disposed);
    expect(thrown(() => plan.run())).toEqual(disposed);
  });
});

describe('scores', () => {
  it('are copies', () => {
    const first = kernels.softmax(Float32Array.of(1, 1));
    kernels.softmax(Float32Array.of(100, 0));
    expect([...first]).toEqual([0.5, 0.5]);
  });

  it('refuse bad arguments', () => {
    expect(thrown(() => kernels.softmax(new Float32Array(0)))).toEqual(BAD_INPUT);
    for (const k of [0, -1, 1.5, NaN]) {
      expect(thrown(() => kernels.topK(Float32Array.of(1), k))).toEqual(BAD_INPUT);
    }
  });

  it('give all of fewer than k', () => {
    expect([...kernels.topK(Float32Array.of(1, 3), 5).indices]).toEqual([1, 0]);
    expect(kernels.topK(new Float32Array(0), 5).indices).toHaveLength(0);
  });
});
