import type { ImagePlan, ImagePlanSpec } from './image-plan-spec';
import { skipUnless } from '@hayate/testing';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';

import { compileVision, loadVision, type WasmVisionKernels } from './vision';

const SPEC: ImagePlanSpec<'float32'> = {
  fit: { kind: 'shorter-side-crop', shorterSide: 24, crop: { width: 17, height: 19 } },
  filter: 'bicubic',
  layout: 'nchw',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};
const [WIDTH, HEIGHT] = [96, 64];
/** Opaque noise in the order R, G, B, 255: browsers premultiply alpha when they convert. */
const RGBA = Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 4 }, (_, at) =>
  at % 4 === 3 ? 255 : (at * 7919) % 251,
);
const BGRA = RGBA.map((_, at) => RGBA[at % 4 === 0 || at % 4 === 2 ? at ^ 2 : at] ?? 0);

let kernels: WasmVisionKernels;
let expected: number[];
beforeAll(async () => {
  // An instance of its own, so that its memory starts small.
  const bytes = await fetch(new URL('../vision/pkg/vision-simd.wasm', import.meta.url));
  kernels = await loadVision({ wasm: await compileVision({ wasm: bytes }) });
  expected = withPlan((plan) => {
    plan.input(WIDTH, HEIGHT, 'rgba').set(RGBA);
    return [...plan.run()];
  });
});

function withPlan<Value>(use: (plan: ImagePlan<'float32'>) => Value): Value {
  const plan = kernels.imagePlan(SPEC);
  const value = use(plan);
  if (!(value instanceof Promise)) {
    plan.dispose();
    return value;
  }
  return value.finally(() => {
    plan.dispose();
  }) as Value;
}

/** Makes the memory grow, which detaches the views made before. */
function grow(): void {
  const { buffer } = kernels.imagePlan(SPEC).input(1, 1, 'rgba');
  const side = Math.ceil(Math.sqrt(buffer.byteLength / 4)) + 1;
  const plan = kernels.imagePlan(SPEC);
  const { byteLength } = plan.input(side, side, 'rgba').buffer;
  expect(buffer.byteLength).toBe(0);
  expect(byteLength).toBeGreaterThan(0);
  plan.dispose();
}

describe('pixels written to a plan', () => {
  it('come from ImageData', () => {
    const image = new ImageData(RGBA.slice(), WIDTH, HEIGHT);
    withPlan((plan) => {
      plan.input(image.width, image.height, 'rgba').set(image.data);
      expect([...plan.run()]).toEqual(expected);
    });
  });

  it('come from a canvas', () => {
    const context = new OffscreenCanvas(WIDTH, HEIGHT).getContext('2d', { willReadFrequently: true });
    context?.putImageData(new ImageData(RGBA.slice(), WIDTH, HEIGHT), 0, 0);
    withPlan((plan) => {
      const { data } = context?.getImageData(0, 0, WIDTH, HEIGHT) ?? { data: [] };
      plan.input(WIDTH, HEIGHT, 'rgba').set(data);
      expect([...plan.run()]).toEqual(expected);
    });
  });

  it('outlive the growth of the memory', () => {
    withPlan((plan) => {
      const view = plan.input(WIDTH, HEIGHT, 'rgba');
      view.set(RGBA);
      grow();
      expect(view).toHaveLength(0);
      const tensor = plan.run();
      const copy = [...tensor];
      expect(copy).toEqual(expected);
      grow();
      expect(tensor).toHaveLength(0);
      expect([...plan.run()]).toEqual(expected);
      // The same source again: a live view of the same bytes.
      expect(plan.input(WIDTH, HEIGHT, 'rgba')).toEqual(RGBA);
    });
  });
});

const ORDERS = { RGBA: 'rgba', RGBX: 'rgbx', BGRA: 'bgra', BGRX: 'bgrx' } as const;
const FORMATS = ['RGBA', 'RGBX', 'BGRA', 'BGRX'] as const;

function frameOf(context: TestContext, format: VideoPixelFormat, pixels: Uint8ClampedArray): VideoFrame {
  skipUnless(context, typeof VideoFrame !== 'undefined', 'this browser has no VideoFrame');
  return new VideoFrame(pixels, { format, codedWidth: WIDTH, codedHeight: HEIGHT, timestamp: 0 });
}

describe('a VideoFrame copied straight into a plan', () => {
  it.for(FORMATS)('of %s, whole', async (format, context) => {
    const frame = frameOf(context, format, format.startsWith('RGB') ? RGBA : BGRA);
    await withPlan(async (plan) => {
      await frame.copyTo(plan.input(WIDTH, HEIGHT, ORDERS[format]));
      expect([...plan.run()]).toEqual(expected);
    });
    frame.close();
  });

  it.for(FORMATS.flatMap((format) => FORMATS.map((wanted) => [format, wanted] as const)))(
    'of %s, as %s, only the part that counts',
    async ([format, wanted], context) => {
      const frame = frameOf(context, format, format.startsWith('RGB') ? RGBA : BGRA);
      await withPlan(async (plan) => {
        const input = plan.input(WIDTH, HEIGHT, ORDERS[wanted]).fill(85);
        await frame.copyTo(input, { ...plan.copyOptions, format: wanted });
        expect([...plan.run()]).toEqual(expected);
        const { x, y, width, height } = plan.copyOptions.rect;
        expect(width * height).toBeLessThan(WIDTH * HEIGHT);
        const outside = input.filter((_, at) => {
          const [column, row] = [((at >> 2) % WIDTH) - x, Math.floor(at / 4 / WIDTH) - y];
          return column < 0 || row < 0 || column >= width || row >= height;
        });
        expect(outside.every((byte) => byte === 85)).toBe(true);
      });
      frame.close();
    },
  );

  it.for(['RGBA', 'BGRA'] as const)('of %s with alpha, in its own format', async (format, context) => {
    const clear = (format.startsWith('RGB') ? RGBA : BGRA).map((byte, at) =>
      at % 4 === 3 ? at % 256 : byte,
    );
    const frame = frameOf(context, format, clear);
    await withPlan(async (plan) => {
      await frame.copyTo(plan.input(WIDTH, HEIGHT, ORDERS[format]), plan.copyOptions);
      expect([...plan.run()]).toEqual(expected);
    });
    frame.close();
  });

  it.for(['I420', 'NV12'] as const)('of %s, its planes as they are', async (format, context) => {
    const planes = Uint8ClampedArray.from({ length: WIDTH * HEIGHT * 1.5 }, (_, at) => (at * 7919) % 251);
    const frame = frameOf(context, format, planes);
    const input = format === 'I420' ? 'i420' : 'nv12';
    await withPlan(async (plan) => {
      plan.input(WIDTH, HEIGHT, input).set(planes);
      const whole = [...plan.run()];
      const view = plan.input(WIDTH, HEIGHT, input).fill(85);
      await frame.copyTo(view, plan.copyOptions);
      expect([...plan.run()]).toEqual(whole);
      expect(view.filter((byte) => byte === 85).length).toBeGreaterThan(view.length / 4);
    });
    frame.close();
  });

  it.for(['I420', 'NV12'] as const)('of %s, converted by the browser', async (format, context) => {
    const size = WIDTH * HEIGHT;
    const planes = new Uint8ClampedArray((size * 3) / 2).fill(126, 0, size).fill(128, size);
    const frame = frameOf(context, format, planes);
    await withPlan(async (plan) => {
      const input = plan.input(WIDTH, HEIGHT, 'rgba');
      await frame.copyTo(input, { ...plan.copyOptions, format: 'RGBA' });
      const converted = [...plan.run()];
      // Grey of luma 126 is 110 of 219 steps above black.
      plan.input(WIDTH, HEIGHT, 'rgba').fill(128);
      const level = 1 / 255 / Math.min(...SPEC.std);
      plan.run().forEach((value, at) => {
        expect(Math.abs(value - (converted[at] ?? Number.NaN))).toBeLessThanOrEqual(2 * level);
      });
    });
    frame.close();
  });

  it('is copied again if the memory grew meanwhile', async (context) => {
    const frame = frameOf(context, 'RGBX', RGBA);
    await withPlan(async (plan) => {
      let copies = 0;
      for (let detached = true; detached; copies += 1) {
        const input = plan.input(WIDTH, HEIGHT, 'rgba');
        const copying = frame.copyTo(input, plan.copyOptions);
        if (copies === 0) grow();
        await copying.catch((error: unknown) => {
          if (input.length > 0) throw error;
        });
        detached = input.length === 0;
      }
      expect(copies).toBe(2);
      expect([...plan.run()]).toEqual(expected);
    });
    frame.close();
  });
});
