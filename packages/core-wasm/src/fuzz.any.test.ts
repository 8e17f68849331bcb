import {
  isHayateError,
  type ImagePlan,
  type ImagePlanSpec,
  type PixelFormat,
  type VisionKernels,
} from '@hayate/core';
import { expect, inject, it } from 'vitest';

import { loadVision } from './load';

declare module 'vitest' {
  interface ProvidedContext {
    /** How many cases of each kind, and the number they follow from. */
    fuzz: { readonly rounds: number; readonly seed: number };
  }
}

const { rounds, seed } = inject('fuzz');

/** Mulberry32: the same numbers from the same seed, in every engine. */
function createRandom(seed: number) {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  return {
    below,
    oneOf: <Value>(values: readonly Value[]): Value => values[below(values.length)] as Value,
    /** True once in `times`. */
    rarely: (times: number): boolean => below(times) === 0,
  };
}

type Random = ReturnType<typeof createRandom>;

const NO_SIDES = [0, -1, 0.5, 32_769, 2 ** 31, 2 ** 32, 2 ** 53, NaN, Infinity];
const NO_LEVELS = [0, -0, NaN, Infinity, -Infinity];
const LEVELS = [0.485, 0.5, 1, -1, 127.5, 1e-30, 1e30, 5e-324, Number.MAX_VALUE];

/** A side that is small more often than not: edges matter most there. */
function side(random: Random, most: number): number {
  if (random.rarely(60)) return random.oneOf(NO_SIDES);
  return 1 + random.below(random.oneOf([2, 9, most]));
}

function randomSpec(random: Random): ImagePlanSpec {
  const level = () => (random.rarely(80) ? random.oneOf(NO_LEVELS) : random.oneOf(LEVELS));
  const shorterSide = side(random, 90);
  const crop = () => Math.min(side(random, 90), random.rarely(40) ? Infinity : shorterSide);
  return {
    fit: random.oneOf([
      { kind: 'stretch', width: side(random, 120), height: side(random, 120) },
      { kind: 'shorter-side-crop', shorterSide, crop: { width: crop(), height: crop() } },
    ]),
    filter: random.oneOf(['bilinear', 'bicubic']),
    layout: random.oneOf(['nchw', 'nhwc']),
    mean: [level(), level(), level()],
    std: [level(), level(), level()],
  };
}

function randomSource(random: Random): [number, number] {
  const [one, other] = [side(random, 160), random.rarely(30) ? 32_768 : side(random, 160)];
  return random.oneOf([
    [one, other],
    [other, one],
  ]);
}

/** What a call gave: bits that the caller keeps, or the code of its error. Any error but a refusal is a fault. */
type Outcome = Uint32Array | string;

function outcome(action: () => Float32Array | Uint32Array): Outcome {
  try {
    const values = action();
    // No sign or payload of NaN is promised by WebAssembly.
    if (values instanceof Float32Array) values.forEach((value, at) => value === value || (values[at] = NaN));
    return new Uint32Array(values.buffer as ArrayBuffer, values.byteOffset, values.length).slice();
  } catch (error) {
    if (isHayateError(error) && error.code === 'bad-input') return error.code;
    throw error;
  }
}

/** Plans live side by side for a while, so that their buffers lie between each other's. */
function imageCase(kernels: VisionKernels, plans: ImagePlan[], random: Random): Outcome[] {
  const outcomes: Outcome[] = [];
  const spec = randomSpec(random);
  outcomes.push(
    outcome(() => {
      plans.push(kernels.imagePlan(spec));
      return new Uint32Array();
    }),
  );
  for (let use = random.below(6); use > 0; use -= 1) {
    const plan = plans[random.below(plans.length)];
    const [width, height] = randomSource(random);
    const format = random.oneOf(['rgba', 'bgra'] as const satisfies PixelFormat[]);
    const [first, step] = [random.below(256), random.below(256)];
    const twice = random.rarely(2);
    if (plan === undefined) continue;
    const fill = (everywhere: boolean) => {
      const bytes = plan.input(width, height, format);
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = (first + at * step + (at >> 9)) & 255;
      if (everywhere) return;
      const { x, y, width: columns, height: rows } = plan.region;
      for (let at = 0; at < bytes.length; at += 1) {
        const [column, row] = [((at >> 2) % width) - x, Math.floor((at >> 2) / width) - y];
        if (column < 0 || row < 0 || column >= columns || row >= rows) bytes[at] = 255 - (bytes[at] ?? 0);
      }
    };
    const run = (everywhere: boolean) =>
      outcome(() => {
        fill(everywhere);
        return plan.run();
      });
    const whole = run(true);
    outcomes.push(whole);
    // Other pixels outside the region: nothing of them may show.
    if (twice && !same(run(false), whole)) throw new Error('what lies outside the region shows');
  }
  while (plans.length > 3 || (plans.length > 0 && random.rarely(4))) {
    plans.splice(random.below(plans.length), 1)[0]?.dispose();
  }
  return outcomes;
}

function scoreCase(kernels: VisionKernels, random: Random): Outcome[] {
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
  return one.length === other.length && one.every((bits, at) => bits === other[at]);
}

/** Runs every case in both builds: both have to give the same bits, and neither may crash. */
async function compareBuilds(
  play: (kernels: VisionKernels, plans: ImagePlan[], random: Random) => Outcome[],
): Promise<void> {
  const builds = await Promise.all([loadVision({ simd: 'on' }), loadVision({ simd: 'off' })]);
  const pools: ImagePlan[][] = [[], []];
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
  pools.flat().forEach((plan) => {
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
