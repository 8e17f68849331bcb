import type { ImagePlanSpec } from './image-plan-spec';
import { describe, expect, it } from 'vitest';

import { ELEMENTS, FIT_KINDS, FORMATS, PLAN_BLOCK, SAMPLINGS } from './abi';
import { encodeSource, encodeSpec } from './native-plan';

const SPEC: ImagePlanSpec = {
  fit: { kind: 'letterbox', width: 640, height: 480, convention: 'mediapipe' },
  filter: 'bilinear',
  layout: 'nhwc',
  channels: 'luma',
  type: 'int8',
  mean: [0.1, 0.2, 0.3],
  std: [1, 2, 3],
  quantization: { scale: 0.5, zeroPoint: -3 },
};
const COLOR_SPACE = { matrix: 'bt601', range: 'full' } as const;

describe('encodeSpec', () => {
  it('writes each setting to its place', () => {
    const block = encodeSpec(SPEC);
    expect(block).toHaveLength(PLAN_BLOCK.matrix);
    const at = (field: keyof typeof PLAN_BLOCK, count = 1) => [
      ...block.subarray(PLAN_BLOCK[field], PLAN_BLOCK[field] + count),
    ];
    expect(FIT_KINDS[at('fit')[0] ?? -1]).toBe('letterbox');
    expect([...at('width'), ...at('height'), ...at('pad')]).toEqual([640, 480, 114]);
    expect(at('convention')).toEqual([2]);
    expect(SAMPLINGS[at('sampling')[0] ?? -1]).toBe('bilinear');
    expect([...at('layout'), ...at('channels')]).toEqual([1, 2]);
    expect(ELEMENTS[at('element')[0] ?? -1]).toBe('int8');
    expect([...at('mean', 3), ...at('std', 3)]).toEqual([0.1, 0.2, 0.3, 1, 2, 3]);
    expect([...at('scale'), ...at('zeroPoint')]).toEqual([0.5, -3]);
  });

  it('takes the numerics of OpenCV for a filter of its own', () => {
    const fit = { kind: 'stretch', width: 2, height: 3 } as const;
    const block = encodeSpec({ ...SPEC, fit, numerics: 'opencv-linear' });
    expect(SAMPLINGS[block[PLAN_BLOCK.sampling] ?? -1]).toBe('opencv-linear');
  });

  it('knows every name that the checks let through', () => {
    // What the checks accept and the ABI does not know would be written as -1.
    for (const filter of ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const) {
      for (const type of ['float32', 'float16', 'uint8', 'int8'] as const) {
        const fit = { kind: 'stretch', width: 2, height: 3 } as const;
        const block = encodeSpec({ ...SPEC, fit, filter, type });
        expect(block.slice(0, PLAN_BLOCK.mean).every((value) => value >= 0)).toBe(true);
      }
    }
  });
});

describe('encodeSource', () => {
  it('takes pixels with alpha for those without', () => {
    for (const [format, stored] of [
      ['rgba', 'rgbx'],
      ['bgra', 'bgrx'],
      ['nv12', 'nv12'],
    ] as const) {
      const { format: number, matrix, range } = encodeSource(4, 3, format, COLOR_SPACE);
      expect([FORMATS[number], matrix, range]).toEqual([stored, 0, 1]);
    }
  });

  it.each<[string, () => unknown]>([
    ['an unknown format', () => encodeSource(1, 1, 'p010' as 'rgba', COLOR_SPACE)],
    ['an unknown matrix', () => encodeSource(1, 1, 'i420', { ...COLOR_SPACE, matrix: 'bt2020' as 'bt601' })],
    ['an unknown range', () => encodeSource(1, 1, 'i420', { ...COLOR_SPACE, range: 'studio' as 'full' })],
    ['a fraction of a side', () => encodeSource(1.5, 1, 'rgba', COLOR_SPACE)],
    ['a side past the limit', () => encodeSource(1, 32_769, 'rgba', COLOR_SPACE)],
  ])('refuses %s', (_, encode) => {
    expect(encode).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        details: { reason: expect.any(String) as string },
      }) as Error,
    );
  });
});
