import type { Frame } from '@hayate/core/live';
import type { OverlayItem } from '../overlay';
import { interpolateItems, type TimedItems } from './interpolate-items';
import { createPlaybackClock } from './playback-clock';

/** What a live picture shows at one time. */
export interface LiveMoment {
  /** The size of the picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  readonly items: readonly OverlayItem[];
  /** The time of the frame on the source's clock; the items are those of the same time. */
  readonly timeMs: number;
}

/** Shows frames, each with the results of the same time. */
export interface LivePicture {
  /** Copies a frame, to be shown later. */
  frame(frame: Frame<unknown>): void;
  /** Adds the result of a frame that was given before. */
  result(frame: Frame<unknown>, items: readonly OverlayItem[]): void;
  stop(): void;
}

/** A copy of a frame. `timeMs` only grows, also where the source's clock goes back, as when a video starts over. */
interface FrameCopy {
  readonly canvas: OffscreenCanvas;
  /** The width of the frame; the copy may be smaller. */
  readonly width: number;
  readonly height: number;
  readonly timeMs: number;
  readonly sourceMs: number;
}

/** Copies that wait to be shown. Where a slow model would need more, frames are left out. */
const MOST_COPIES = 24;
/** The largest width of a copy, in pixels: no screen shows the stage with more. */
const WIDEST = 1280;

/**
 * Makes a live picture on a canvas. It is a little behind its source: a frame is shown once the results before and
 * after it are known, and boxes are interpolated between the two. Until the first result, frames are shown as they come.
 */
export function createLivePicture(
  canvas: HTMLCanvasElement,
  onMoment: (moment: LiveMoment) => void,
): LivePicture {
  const context = canvas.getContext('2d');
  const clock = createPlaybackClock();
  const times = new WeakMap<Frame<unknown>, number>();
  const free: OffscreenCanvas[] = [];
  let copies: FrameCopy[] = [];
  let results: TimedItems[] = [];
  let offset = 0;
  let shown: FrameCopy | undefined;
  let request: number | undefined;

  /** Draws with the next frame of the screen, and goes on while anything is left to be shown. */
  function wake(): void {
    request ??= requestAnimationFrame(draw);
  }

  function draw(nowMs: number): void {
    request = undefined;
    const at = clock.at(nowMs);
    if (!clock.hasCaughtUp()) wake();
    const next = at === undefined ? copies.at(-1) : copies.findLast(({ timeMs }) => timeMs <= at);
    if (next === undefined || next === shown) return;
    shown = next;
    release(({ timeMs }) => timeMs < next.timeMs);
    show(next);
  }

  function show({ canvas: picture, width, height, timeMs, sourceMs }: FrameCopy): void {
    resize(canvas, picture.width, picture.height);
    context?.drawImage(picture, 0, 0);
    const after = results.find((result) => result.timeMs >= timeMs) ?? results.at(-1);
    const before = results.findLast((result) => result.timeMs <= timeMs) ?? after;
    results = results.filter((result) => before === undefined || result.timeMs >= before.timeMs);
    const items = before && after ? interpolateItems(before, after, timeMs) : [];
    onMoment({ width, height, items, timeMs: sourceMs });
  }

  function release(isOver: (frame: FrameCopy) => boolean): void {
    for (const frame of copies.filter(isOver)) free.push(frame.canvas);
    copies = copies.filter((frame) => !isOver(frame));
  }

  return {
    frame(frame) {
      const picture = frame.input as VideoFrame | ImageBitmap;
      const [width, height] =
        'displayWidth' in picture
          ? [picture.displayWidth, picture.displayHeight]
          : [picture.width, picture.height];
      const last = copies.at(-1) ?? shown;
      if (last && frame.timeMs + offset <= last.timeMs) offset = last.timeMs + 1 - frame.timeMs;
      const timeMs = frame.timeMs + offset;
      times.set(frame, timeMs);
      const scale = Math.min(1, WIDEST / width);
      const copy = free.pop() ?? new OffscreenCanvas(1, 1);
      resize(copy, Math.round(width * scale), Math.round(height * scale));
      copy.getContext('2d')?.drawImage(picture, 0, 0, copy.width, copy.height);
      copies.push({ canvas: copy, width, height, timeMs, sourceMs: frame.timeMs });
      if (copies.length > MOST_COPIES) {
        const crowded = mostCrowded(copies);
        release((other) => other === crowded);
      }
      wake();
    },
    result(frame, items) {
      const timeMs = times.get(frame);
      if (timeMs === undefined) return;
      results.push({ timeMs, items });
      clock.result(timeMs);
      wake();
    },
    stop() {
      if (request !== undefined) cancelAnimationFrame(request);
      copies = [];
      free.length = 0;
    },
  };
}

/** The frame, not the first or the last, whose neighbours are closest to each other in time. */
function mostCrowded(frames: readonly FrameCopy[]): FrameCopy | undefined {
  const gap = (at: number) => (frames[at + 1]?.timeMs ?? Infinity) - (frames[at - 1]?.timeMs ?? -Infinity);
  let best = 1;
  for (let at = 2; at < frames.length - 1; at += 1) if (gap(at) < gap(best)) best = at;
  return frames[best];
}

/** Sets the size if it differs, for setting it clears the canvas. */
function resize(canvas: HTMLCanvasElement | OffscreenCanvas, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
