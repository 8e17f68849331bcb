import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import type { ImageFilter, ImageFit, TensorLayout, VisionKernels } from '@hayate/core';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadVision } from './load';

interface ImageCase {
  readonly id: string;
  readonly source: { kind: string; width: number; height: number; seed: number };
  readonly fit: ImageFit;
  readonly filter: ImageFilter;
  readonly layout: TensorLayout;
  readonly mean: [number, number, number];
  readonly std: [number, number, number];
  readonly bytes: number;
  readonly sha256: string;
  readonly tensorSha256: string;
  readonly raw?: string;
}

interface ScoreCase {
  readonly input: number[];
  readonly softmax: number[];
  readonly order: number[];
}

const path = new URL('../fixtures/golden.json', import.meta.url);
const golden = JSON.parse(await readFile(path, 'utf8')) as {
  images: ImageCase[];
  scores: ScoreCase[];
};

// The generator of fixtures/make-golden.py.
function fill({ kind, width, height, seed }: ImageCase['source'], bytes: Uint8ClampedArray): void {
  if (kind === 'gradient') {
    for (let at = 0; at < width * height; at += 1) {
      const x = at % width;
      const y = Math.floor(at / width);
      bytes[at * 4] = Math.floor((x * 255) / width);
      bytes[at * 4 + 1] = Math.floor((y * 255) / height);
      bytes[at * 4 + 2] = (x * 7 + y * 13 + seed) & 255;
      bytes[at * 4 + 3] = (x ^ y) & 255;
    }
    return;
  }
  let state = seed;
  for (let at = 0; at < bytes.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = kind === 'noise' ? state >>> 24 : 255 * (state >>> 31);
  }
}

function sha256(view: Uint8Array | Float32Array): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

function floats(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

/** What is wrong with a case, or undefined. */
function fault(kernels: VisionKernels, test: ImageCase): string | undefined {
  const { fit, filter, source } = test;
  const exact = kernels.imagePlan({
    ...{ fit, filter, layout: 'nhwc' },
    ...{ mean: [0, 0, 0], std: [1, 1, 1] },
  });
  fill(source, exact.input(source.width, source.height, 'rgba'));
  const bytes = Uint8Array.from(exact.run(), (value) => Math.round(value * 255));
  exact.dispose();
  if (bytes.length !== test.bytes) return `${bytes.length} bytes, expected ${test.bytes}`;
  if (sha256(bytes) !== test.sha256) {
    if (test.raw === undefined) return 'pixels differ';
    const expected = Buffer.from(test.raw, 'base64');
    return `${bytes.filter((byte, at) => byte !== expected[at]).length} bytes differ`;
  }
  const plan = kernels.imagePlan(test);
  fill(source, plan.input(source.width, source.height, 'rgba'));
  const same = sha256(plan.run()) === test.tensorSha256;
  plan.dispose();
  return same ? undefined : 'pixels equal, tensor differs';
}

describe.each(['on', 'off'] as const)('the wasm kernels with SIMD %s', (simd) => {
  let kernels: VisionKernels;
  beforeAll(async () => {
    kernels = await loadVision({ simd });
  });

  it('give the bytes of Pillow and the floats of NumPy in every case', () => {
    expect(golden.images.length).toBeGreaterThanOrEqual(220);
    const failing = golden.images.flatMap((test) => {
      const reason = fault(kernels, test);
      return reason === undefined ? [] : [`${test.id}: ${reason}`];
    });
    expect(failing).toEqual([]);
  }, 60_000);

  it.each(golden.scores.map((test, number) => [number, test] as const))(
    'score as NumPy in case %i',
    (_, test) => {
      const input = floats(test.input);
      const got = kernels.softmax(input);
      floats(test.softmax).forEach((want, at) => {
        const value = got[at] ?? Infinity;
        // One unit in the last place: exp may differ in its last f64 bit.
        if (Number.isNaN(want)) expect(value).toBeNaN();
        else expect(Math.abs(value - want)).toBeLessThanOrEqual(want * 2 ** -23);
      });
      const best = kernels.topK(input, test.order.length);
      expect([...best.indices]).toEqual(test.order);
      expect([...best.scores]).toEqual(test.order.map((at) => input[at]));
    },
  );
});
