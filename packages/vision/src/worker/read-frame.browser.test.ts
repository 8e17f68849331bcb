import type { AffineMatrix, ImageFit, YuvColorSpace } from '@hayate/core-wasm/vision';
import type { Pixels } from '../image';
import { loadVision } from '@hayate/core-wasm/vision';
import { skipUnless, skipWithoutWebgl } from '@hayate/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readImage, type PixelTarget } from './read-image';

const [WIDTH, HEIGHT] = [160, 100];
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const isFirefox = navigator.userAgent.includes('Firefox');
const RECTS = [
  WHOLE,
  // A rectangle whose right and lower edges are in the middle of a chroma sample.
  { ...WHOLE, width: 131, height: 77 },
  // Not in Firefox, which converts a frame from its first stored pixel on, not from its first visible one.
  ...(isFirefox ? [] : [{ x: 4, y: 2, width: 126, height: 98 }]),
];
const FORMATS = ['I420', 'NV12'] as const;
const SPACES = (['bt709', 'smpte170m', 'bt470bg'] as const).flatMap((matrix) =>
  [false, true].map((fullRange) => ({ matrix, fullRange, primaries: 'bt709', transfer: 'bt709' }) as const),
);
const CROP = { kind: 'shorter-side-crop', shorterSide: 48, crop: { width: 40, height: 36 } } as const;
/** Reads a part that reaches the last row, but does not begin at the first column. */
const SQUARE = { kind: 'shorter-side-crop', shorterSide: 48, crop: { width: 48, height: 48 } } as const;

// The largest and the mean difference, in levels. Those of Chromium's own conversion are 2 and 0.43.
const [MOST, MEAN] = [3, 1];

/** Planes of edges and slopes. All colours are within the RGB cube in every colour space, so both conversions must agree. */
function planesOf(format: 'I420' | 'NV12'): Uint8ClampedArray<ArrayBuffer> {
  const [columns, rows] = [WIDTH / 2, HEIGHT / 2];
  const planes = new Uint8ClampedArray(WIDTH * HEIGHT + columns * rows * 2);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) planes[y * WIDTH + x] = 80 + x / 4 + (((x >> 3) ^ (y >> 4)) & 1) * 60;
  }
  for (let at = 0; at < columns * rows; at += 1) {
    const [u, v] = format === 'I420' ? [at, columns * rows + at] : [at * 2, at * 2 + 1];
    planes[WIDTH * HEIGHT + u] = 108 + ((at % columns) * 40) / columns;
    planes[WIDTH * HEIGHT + v] = 148 - (at / columns / rows) * 40;
  }
  return planes;
}

function frameOf(
  format: 'I420' | 'NV12',
  colorSpace: VideoColorSpaceInit,
  visibleRect: DOMRectInit = WHOLE,
): VideoFrame {
  const size = { codedWidth: WIDTH, codedHeight: HEIGHT, timestamp: 0 };
  const whole = new VideoFrame(planesOf(format), { format, colorSpace, ...size });
  // Made from a frame, because a frame made from planes would have only the rectangle, without its position.
  const frame = new VideoFrame(whole, { visibleRect });
  whole.close();
  return frame;
}

interface Result {
  readonly bytes: Uint8Array;
  readonly toSource: AffineMatrix;
}

async function withPlan(fit: ImageFit, fill: (plan: Plan) => unknown): Promise<Result> {
  const { imagePlan } = await loadVision();
  const plan = imagePlan({
    ...{ fit, filter: 'bilinear', layout: 'nhwc', type: 'uint8', mean: [0, 0, 0], std: [1, 1, 1] },
  });
  await fill(plan);
  const result = { bytes: plan.run().slice(), toSource: plan.toSource };
  plan.dispose();
  return result;
}

type Plan = PixelTarget;

const bytesOf = async (image: VideoFrame | Pixels, fit: ImageFit) => {
  const never = new AbortController().signal;
  return (await withPlan(fit, (plan) => readImage(image, plan, undefined, never))).bytes;
};

/** Converts the whole frame in the browser. */
async function convertedBy(frame: VideoFrame): Promise<Pixels> {
  const { width, height } = frame.visibleRect!;
  const data = new Uint8Array(width * height * 4);
  await frame.copyTo(data, { format: 'RGBA' });
  return { width, height, data };
}

function differences(actual: Uint8Array, expected: Uint8Array): { most: number; mean: number } {
  expect(actual).toHaveLength(expected.length);
  const levels = [...actual].map((level, at) => Math.abs(level - expected[at]!));
  return { most: Math.max(...levels), mean: levels.reduce((sum, level) => sum + level) / levels.length };
}

interface Reading {
  readonly colorSpace: VideoColorSpace;
  readonly actual: Uint8Array;
  /** The tensor of the frame that the browser has converted. */
  readonly expected: Uint8Array;
  /** The options of the calls of `copyTo`, also of those that were refused. */
  readonly copies: VideoFrameCopyToOptions[];
  /** The number of pixels of the frame. */
  readonly area: number;
  /** Whether Firefox refuses to copy parts of the frame. */
  readonly refused: boolean;
}

/** Reads each of `RECTS` of a frame, with both crops. */
function readings(format: 'I420' | 'NV12', space: VideoColorSpaceInit): Promise<Reading[]> {
  const copyTo = vi.spyOn(VideoFrame.prototype, 'copyTo');
  const cases = RECTS.flatMap((rect) => [CROP, SQUARE].map((fit) => ({ rect, fit })));
  return cases.reduce<Promise<Reading[]>>(async (before, { rect, fit }) => {
    const readings = await before;
    const frame = frameOf(format, space, rect);
    const { colorSpace } = frame;
    const expected = await bytesOf(await convertedBy(frame), fit);
    copyTo.mockClear();
    const actual = await bytesOf(frame, fit);
    frame.close();
    const copies = copyTo.mock.calls.map(([, options]) => options ?? {});
    const refused = isFirefox && rect.width % 2 === 1;
    return [...readings, { colorSpace, actual, expected, copies, area: rect.width * rect.height, refused }];
  }, Promise.resolve([]));
}

/** Checks that there was one call, for one part of the frame. */
function expectPart({ copies, area }: Reading, format: VideoPixelFormat | undefined, planes: number): void {
  expect(copies).toHaveLength(1);
  const [{ rect, layout, ...rest } = {}] = copies;
  expect(rest.format).toBe(format);
  expect(layout).toHaveLength(planes);
  expect(rect!.width! * rect!.height!).toBeLessThan(area);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(FORMATS)('a frame of %s', (format) => {
  test.each(SPACES)('in $matrix, full range: $fullRange, is copied as it is', async (space) => {
    // Firefox converts bt470bg as bt709, and the chroma of NV12 differently: up to 56 levels away.
    const comparable = !isFirefox || (format === 'I420' && space.matrix !== 'bt470bg');
    for (const reading of await readings(format, space)) {
      const { most, mean } = differences(reading.actual, reading.expected);
      if (comparable) expect(most).toBeLessThanOrEqual(MOST);
      if (comparable) expect(mean).toBeLessThan(MEAN);
      if (!reading.refused) expectPart(reading, undefined, format === 'I420' ? 3 : 2);
    }
  });

  test.each(SPACES)('in $matrix, full range: $fullRange, gives the kernels’ tensor', async (space) => {
    const frame = frameOf(format, space);
    const colorSpace: YuvColorSpace = {
      matrix: space.matrix === 'bt709' ? 'bt709' : 'bt601',
      range: space.fullRange ? 'full' : 'limited',
    };
    for (const fit of [CROP, SQUARE]) {
      const { bytes } = await withPlan(fit, (plan) => {
        plan.input(WIDTH, HEIGHT, format === 'I420' ? 'i420' : 'nv12', colorSpace).set(planesOf(format));
      });
      expect(await bytesOf(frame, fit)).toEqual(bytes);
    }
    frame.close();
  });

  test.each([
    {},
    { matrix: 'bt709' },
    { fullRange: true },
    { matrix: 'bt2020-ncl', fullRange: false, primaries: 'bt2020', transfer: 'bt709' },
  ] as VideoColorSpaceInit[])('in %o is converted by the browser', async (space) => {
    for (const reading of await readings(format, space)) {
      const { matrix, fullRange } = reading.colorSpace;
      // Firefox sets the matrix of a frame that has none.
      if (fullRange !== null && matrix === 'bt709') continue;
      expect(reading.actual).toEqual(reading.expected);
      if (!reading.refused) expectPart(reading, 'RGBA', 1);
    }
  });
});

/** The colours of the four quarters of a picture, row by row. */
const QUARTERS = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];
const picture = new Uint8Array(8 * 4 * 4).map((_, at) => {
  const [x, y] = [(at >> 2) % 8, at >> 5];
  return QUARTERS[(x >> 2) + (y >> 1) * 2]![at % 4] ?? 255;
});

test.for([
  { shown: { flip: true }, order: [1, 0, 3, 2], size: [8, 4] },
  { shown: { rotation: 90 }, order: [2, 0, 3, 1], size: [4, 8] },
  { shown: { rotation: 180 }, order: [3, 2, 1, 0], size: [8, 4] },
  { shown: { rotation: 180, flip: true }, order: [2, 3, 0, 1], size: [8, 4] },
  { shown: { displayWidth: 16, displayHeight: 4 }, order: [0, 1, 2, 3], size: [16, 4] },
  { shown: { displayWidth: 4, displayHeight: 4 }, order: [0, 1, 2, 3], size: [4, 4] },
  { shown: { displayWidth: 4, displayHeight: 8 }, order: [0, 1, 2, 3], size: [4, 8] },
  { shown: { rotation: 90, displayWidth: 16, displayHeight: 4 }, order: [2, 0, 3, 1], size: [4, 16] },
])('a frame with $shown is read as it is shown', async ({ shown, order, size }, context) => {
  const init = { format: 'RGBX', codedWidth: 8, codedHeight: 4, timestamp: 0, ...shown } as const;
  const frame = new VideoFrame(picture, init);
  const turned = 'rotation' in shown || 'flip' in shown;
  skipUnless(context, !turned || 'flip' in frame, 'frames of this browser are never turned');
  const never = new AbortController().signal;
  const fit = { kind: 'stretch', width: 2, height: 2 } as const;
  const { bytes, toSource } = await withPlan(fit, (plan) => readImage(frame, plan, undefined, never));
  frame.close();
  expect([toSource[0] * 2, toSource[4] * 2]).toEqual(size);
  const expected = order.flatMap((quarter) => QUARTERS[quarter]!);
  // The filters of the plan and of a browser that scales mix in some of the neighbouring colours.
  const { most } = differences(bytes, Uint8Array.from(expected));
  expect(most).toBeLessThan(80);
});

describe('a bitmap that may have clear pixels', () => {
  const [width, height] = [64, 32];
  /** Reads the bitmap's middle square. */
  const fit = { kind: 'shorter-side-crop', shorterSide: 8, crop: { width: 8, height: 8 } } as const;
  const colours = Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (at * 7) % 256,
  );

  /** Reads the bitmap with this alpha at one pixel. */
  async function read(alpha: number, x: number, y: number) {
    const data = colours.slice();
    data[(y * width + x) * 4 + 3] = alpha;
    const bitmap = await createImageBitmap(new ImageData(data, width, height), { premultiplyAlpha: 'none' });
    const readPixels = vi.spyOn(WebGLRenderingContext.prototype, 'readPixels');
    const never = new AbortController().signal;
    const { bytes } = await withPlan(fit, (plan) => readImage(bitmap, plan, undefined, never));
    bitmap.close();
    return { bytes, byTexture: readPixels.mock.calls.length > 0 };
  }
  const expected = () => bytesOf({ width, height, data: new Uint8Array(colours.buffer) }, fit);

  test.each([
    { what: 'but has none', alpha: 255, x: 0, y: 0 },
    { what: 'and has one outside of the crop', alpha: 0, x: width - 1, y: 0 },
  ])('$what, is copied', async ({ alpha, x, y }) => {
    const { bytes, byTexture } = await read(alpha, x, y);
    expect(bytes).toEqual(await expected());
    expect(byTexture).toBe(false);
  });

  test.for([
    { what: 'a clear one', alpha: 0, x: width / 2, y: height / 2 },
    { what: 'one that is nearly opaque', alpha: 254, x: width / 2, y: height - 1 },
  ])('and has $what, is read with the colours below', async ({ alpha, x, y }, context) => {
    skipWithoutWebgl(context);
    const { bytes, byTexture } = await read(alpha, x, y);
    expect(bytes).toEqual(await expected());
    expect(byTexture).toBe(true);
  });
});
