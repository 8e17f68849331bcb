import { isHayateError } from '@hayate/core';
import {
  type AffineMatrix,
  type ImageFit,
  type ImagePlan,
  type ImagePlanSpec,
  type PixelRegion,
} from './image-plan-spec';
import { createRandom, type Random } from '@hayate/testing';
import { expect, inject, it } from 'vitest';

import { loadVision, type WasmVisionKernels } from './vision';

declare module 'vitest' {
  interface ProvidedContext {
    /** How many cases of each kind, and the number they follow from. */
    fuzz: { readonly rounds: number; readonly seed: number };
  }
}

const { rounds, seed } = inject('fuzz');

const NO_SIDES = [0, -1, 0.5, 32_769, 2 ** 31, 2 ** 32, 2 ** 53, NaN, Infinity];
const NO_LEVELS = [0, -0, NaN, Infinity, -Infinity];
const LEVELS = [0.485, 0.5, 1, -1, 127.5, 1e-30, 1e30, 5e-324, Number.MAX_VALUE];

/** A side, mostly a small one: edges matter most there. */
function side(random: Random, most: number): number {
  if (random.rarely(60)) return random.oneOf(NO_SIDES);
  return 1 + random.below(random.oneOf([2, 9, most]));
}

function randomFit(random: Random): ImageFit {
  const [width, height, shorterSide] = [side(random, 120), side(random, 120), side(random, 90)];
  const crop = () => Math.min(side(random, 90), random.rarely(40) ? Infinity : shorterSide);
  const pad = random.rarely(40) ? random.oneOf([-1, 256, 0.5, NaN]) : random.below(256);
  const convention = random.oneOf(['yolo', 'yolox', 'mediapipe'] as const);
  const letterbox = { kind: 'letterbox', width, height, convention } as const;
  return random.oneOf<ImageFit>([
    { kind: 'stretch', width, height },
    { kind: 'shorter-side-crop', shorterSide, crop: { width: crop(), height: crop() } },
    random.rarely(4) ? letterbox : { ...letterbox, pad },
    { kind: 'affine', width, height, border: random.oneOf(['zero', 'replicate']) },
  ]);
}

function randomSpec(random: Random): ImagePlanSpec {
  const level = () => (random.rarely(80) ? random.oneOf(NO_LEVELS) : random.oneOf(LEVELS));
  const fit = randomFit(random);
  const numerics = random.oneOf(['pillow', 'pillow', 'pillow', 'opencv-linear'] as const);
  const linear =
    numerics === 'opencv-linear' ||
    fit.kind === 'affine' ||
    (fit.kind === 'letterbox' && fit.convention === 'mediapipe');
  const any = random.oneOf(['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'] as const);
  const type = random.oneOf(['float32', 'float16', 'uint8', 'int8'] as const);
  const quantization = { scale: level(), zeroPoint: random.below(400) - 200 };
  return {
    fit,
    numerics,
    filter: linear && !random.rarely(20) ? 'bilinear' : any,
    layout: random.oneOf(['nchw', 'nhwc']),
    channels: random.oneOf(['rgb', 'bgr', 'luma']),
    type,
    mean: [level(), level(), level()],
    std: [level(), level(), level()],
    ...(random.rarely(3) || (type === 'int8' && !random.rarely(9)) ? { quantization } : {}),
  };
}

function randomMatrix(random: Random): AffineMatrix {
  const number = () => random.oneOf([0, 1, -1, 0.37, 1e-9, -2.5, 1e9, -1e300, random.rarely(9) ? NaN : 3]);
  const shift = () => random.below(200) - 50 + random.below(64) / 64;
  return random.oneOf<AffineMatrix>([
    [1, 0, shift(), 0, 1, shift()],
    [0.7, -0.7, shift(), 0.7, 0.7, shift()],
    [number(), number(), number(), number(), number(), number()],
  ]);
}

function randomSource(random: Random): Parameters<ImagePlan['input']> {
  const [one, other] = [side(random, 160), random.rarely(30) ? 32_768 : side(random, 160)];
  const [width, height] = random.rarely(2) ? [one, other] : [other, one];
  const format = random.oneOf(['rgba', 'rgbx', 'bgra', 'bgrx', 'grey', 'i420', 'nv12'] as const);
  const colorSpace = {
    matrix: random.oneOf(['bt601', 'bt709'] as const),
    range: random.oneOf(['limited', 'full'] as const),
  };
  return [width, height, format, colorSpace];
}

type Values = Float32Array | Uint32Array | Uint16Array | Uint8Array | Int8Array;

/** What a call gave: bytes that the caller keeps, or the code of its error. Any error but a refusal is a fault. */
type Outcome = Uint8Array | string;

function outcome(action: () => Values): Outcome {
  try {
    const values = action();
    // WebAssembly does not specify sign and payload of NaN.
    if (values instanceof Float32Array) {
      values.forEach((value, at) => {
        if (Number.isNaN(value)) values[at] = NaN;
      });
    }
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
  } catch (error) {
    if (isHayateError(error) && error.code === 'bad-input') return error.code;
    throw error;
  }
}

interface Held {
  readonly plan: ImagePlan;
  readonly affine: boolean;
}

/** Several plans exist at a time, so that their buffers are interleaved in memory. */
function imageCase(kernels: WasmVisionKernels, plans: Held[], random: Random): Outcome[] {
  const outcomes: Outcome[] = [];
  const spec = randomSpec(random);
  outcomes.push(
    outcome(() => {
      plans.push({ plan: kernels.imagePlan(spec), affine: spec.fit.kind === 'affine' });
      return new Uint8Array();
    }),
  );
  for (let use = random.below(6); use > 0; use -= 1) {
    const { plan, affine } = plans[random.below(plans.length)] ?? {};
    const source = randomSource(random);
    const [first, step] = [random.below(256), random.below(256)];
    const matrix = random.rarely(affine ? 2 : 50) ? randomMatrix(random) : undefined;
    const twice = random.rarely(2);
    if (plan === undefined) continue;
    const run = (everywhere: boolean) =>
      outcome(() => {
        const bytes = plan.input(...source);
        for (let at = 0; at < bytes.length; at += 1) bytes[at] = (first + at * step + (at >> 9)) & 255;
        if (!everywhere) invertOutside(bytes, source[0], plan.region);
        return plan.run(matrix && { matrix });
      });
    const whole = run(true);
    outcomes.push(whole);
    // Other pixels outside the region must not change the tensor.
    if (twice && /^(rgb|bgr)/.test(source[2]) && !same(run(false), whole)) {
      throw new Error('pixels outside the region change the tensor');
    }
  }
  while (plans.length > 3 || (plans.length > 0 && random.rarely(4))) {
    plans.splice(random.below(plans.length), 1)[0]?.plan.dispose();
  }
  return outcomes;
}

/** Inverts the pixels outside the region. */
function invertOutside(bytes: Uint8ClampedArray, width: number, region: PixelRegion): void {
  for (let at = 0; at < bytes.length; at += 1) {
    const [column, row] = [((at >> 2) % width) - region.x, Math.floor((at >> 2) / width) - region.y];
    if (column < 0 || row < 0 || column >= region.width || row >= region.height) {
      bytes[at] = 255 - (bytes[at] ?? 0);
    }
  }
}

function scoreCase(kernels: WasmVisionKernels, random: Random): Outcome[] {
  const special = [NaN, Infinity, -Infinity, 0, -0, 3.4e38, -3.4e38, 1e-45];
  const scores = Float32Array.from({ length: random.below(random.oneOf([3, 40, 2000])) }, () =>
    random.rarely(30) ? random.oneOf(special) : (random.below(2001) - 1000) / 16,
  );
  const k = random.rarely(20) ? random.oneOf([0, -1, 0.5, NaN, 2 ** 40]) : 1 + random.below(50);
  return [
    outcome(() => kernels.softmax(scores)),
    outcome(() => kernels.topK(scores, k).indices),
    outcome(() => kernels.topK(scores, k).scores),
  ];
}

function same(one: Outcome, other: Outcome): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Runs every case in both builds: both have to give the same bits, and neither may crash. */
async function compareBuilds(
  play: (kernels: WasmVisionKernels, plans: Held[], random: Random) => Outcome[],
): Promise<void> {
  const builds = await Promise.all([loadVision({ simd: 'on' }), loadVision({ simd: 'off' })]);
  const pools: Held[][] = [[], []];
  let values = 0;
  for (let round = 0; round < rounds; round += 1) {
    const place = `round ${round} of seed ${seed}`;
    const [simd, scalar] = builds.map((kernels, build) => {
      try {
        return play(kernels, pools[build] ?? [], createRandom(seed * 1_000_003 + round));
      } catch (cause) {
        throw new Error(`${place}, SIMD ${build === 0 ? 'on' : 'off'}: ${String(cause)}`, { cause });
      }
    }) as [Outcome[], Outcome[]];
    simd.forEach((one, at) => {
      if (!same(one, scalar[at] ?? '')) expect(one, `${place}, outcome ${at}`).toEqual(scalar[at]);
      if (typeof one !== 'string') values += one.length;
    });
  }
  pools.flat().forEach(({ plan }) => {
    plan.dispose();
  });
  expect(values).toBeGreaterThan(rounds);
}

it('any pictures and specs give the same bits in both builds, or a refusal', async () => {
  await compareBuilds(imageCase);
}, 600_000);

it('any scores give the same bits in both builds, or a refusal', async () => {
  await compareBuilds((kernels, _, random) => scoreCase(kernels, random));
}, 600_000);
