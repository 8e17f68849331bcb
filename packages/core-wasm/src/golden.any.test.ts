import { readLocalFile, toHex } from '@hayate/core';
import {
  type AffineMatrix,
  type ImagePlanSpec,
  type PixelFormat,
  type YuvColorSpace,
} from './image-plan-spec';
import { beforeAll, describe, expect, it } from 'vitest';

import { loadVision, type WasmVisionKernels } from './vision';

interface Source {
  readonly kind: string;
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly colorSpace?: YuvColorSpace;
  readonly seed: number;
}

interface ImageCase {
  readonly id: string;
  readonly source: Source;
  readonly spec: ImagePlanSpec;
  readonly matrix?: AffineMatrix;
  readonly sha256?: string;
  /** The tensor's bytes in base64, and how far each may be off. */
  readonly tensor?: string;
  readonly tolerance?: number;
}

interface ScoreCase {
  readonly input: number[];
  readonly softmax: number[];
  readonly order: number[];
}

const fixtures = {
  golden: new URL('../fixtures/golden.json', import.meta.url),
  chelsea: new URL('../fixtures/chelsea.rgb', import.meta.url),
  astronaut: new URL('../fixtures/astronaut.rgb', import.meta.url),
  chelseaPlanes: new URL('../fixtures/chelsea.i420', import.meta.url),
  astronautPlanes: new URL('../fixtures/astronaut.i420', import.meta.url),
};

async function read(name: keyof typeof fixtures): Promise<Uint8Array> {
  const url = fixtures[name];
  return url.protocol === 'file:'
    ? await readLocalFile(url)
    : new Uint8Array(await (await fetch(url)).arrayBuffer());
}

const golden = JSON.parse(new TextDecoder().decode(await read('golden'))) as {
  images: ImageCase[];
  scores: ScoreCase[];
};

const photos: Readonly<Record<string, Uint8Array>> = {
  'chelsea.rgb': await read('chelsea'),
  'astronaut.rgb': await read('astronaut'),
  'chelsea.i420': await read('chelseaPlanes'),
  'astronaut.i420': await read('astronautPlanes'),
};

// The generator of fixtures/make-golden.py.
function fill({ kind, width, height, format, seed }: Source, bytes: Uint8ClampedArray): void {
  const planes = format === 'i420' ? photos[`${kind}.i420`] : undefined;
  if (planes !== undefined) {
    bytes.set(planes);
    return;
  }
  const photo = photos[`${kind}.rgb`];
  if (photo !== undefined) {
    photo.forEach((byte, at) => (bytes[Math.floor(at / 3) * 4 + (at % 3)] = byte));
    return;
  }
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
    if (kind === 'mild')
      bytes[at] = at < width * height ? 60 + ((state >>> 24) % 131) : 103 + ((state >>> 24) % 51);
    else bytes[at] = kind === 'noise' ? state >>> 24 : 255 * (state >>> 31);
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

function floats(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

/** What is wrong with a case, or undefined. */
async function fault(kernels: WasmVisionKernels, test: ImageCase): Promise<string | undefined> {
  const { source, spec, matrix, tensor, tolerance = 0 } = test;
  const plan = kernels.imagePlan(spec);
  fill(source, plan.input(source.width, source.height, source.format, source.colorSpace));
  const view = plan.run(matrix && { matrix });
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  plan.dispose();
  if (tensor === undefined) return (await sha256(bytes)) === test.sha256 ? undefined : 'another tensor';
  const expected = Uint8Array.from(atob(tensor), (byte) => byte.charCodeAt(0));
  if (bytes.length !== expected.length) return `${bytes.length} bytes, expected ${expected.length}`;
  const worst = bytes.reduce((most, byte, at) => Math.max(most, Math.abs(byte - (expected[at] ?? 0))), 0);
  return worst <= tolerance ? undefined : `off by up to ${worst}`;
}

describe.each(['on', 'off'] as const)('the wasm kernels with SIMD %s', (simd) => {
  let kernels: WasmVisionKernels;
  beforeAll(async () => {
    kernels = await loadVision({ simd });
  });

  it('give the tensors of Pillow, OpenCV and NumPy in every case', async () => {
    expect(golden.images.length).toBeGreaterThanOrEqual(500);
    const failing: string[] = [];
    for (const test of golden.images) {
      const reason = await fault(kernels, test);
      if (reason !== undefined) failing.push(`${test.id}: ${reason}`);
    }
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
