import type { Frame } from '@hayate/core/live';
import type { OverlayItem } from '../overlay';
import { itemsBetween, type TimedItems } from './between-results';
import { createPlayOut } from './play-out';

/** What a live picture shows at one moment. */
export interface LiveMoment {
  /** Of the picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  readonly items: readonly OverlayItem[];
  /** The source's time of the frame, to which the items belong too. */
  readonly timeMs: number;
}

/** Shows frames and, over each, the results of that very frame. */
export interface LivePicture {
  /** Keeps a copy of the frame until its turn. */
  frame(frame: Frame<unknown>): void;
  /** What was found in a frame that was given before. */
  result(frame: Frame<unknown>, items: readonly OverlayItem[]): void;
  stop(): void;
}

/** A frame's copy, and its time on a clock that never goes back, as a video's does when it starts over. */
interface Kept {
  readonly canvas: OffscreenCanvas;
  /** Of the frame itself; the copy may be smaller. */
  readonly width: number;
  readonly height: number;
  readonly timeMs: number;
  readonly sourceMs: number;
}

/** Where the model is so slow that more would wait, the picture has fewer frames a second. */
const MOST_KEPT = 24;
/** No screen shows a stage with more. */
const WIDEST = 1280;

/**
 * Makes a canvas a live picture. It runs a little behind its source: a frame is shown when the results around it are
 * known, at its own pace, with boxes that glide from result to result. Before the first result the frames are shown as
 * they come.
 */
export function createLivePicture(
  canvas: HTMLCanvasElement,
  onMoment: (moment: LiveMoment) => void,
): LivePicture {
  const context = canvas.getContext('2d');
  const playOut = createPlayOut();
  const times = new WeakMap<Frame<unknown>, number>();
  const free: OffscreenCanvas[] = [];
  let kept: Kept[] = [];
  let results: TimedItems[] = [];
  let offset = 0;
  let shown: Kept | undefined;
  let request: number | undefined;

  /** Draws with the screen, as long as there is something to come. */
  function wake(): void {
    request ??= requestAnimationFrame(draw);
  }

  function draw(nowMs: number): void {
    request = undefined;
    const at = playOut.at(nowMs);
    if (!playOut.hasCaughtUp()) wake();
    const next = at === undefined ? kept.at(-1) : kept.findLast(({ timeMs }) => timeMs <= at);
    if (next === undefined || next === shown) return;
    shown = next;
    letGo(({ timeMs }) => timeMs < next.timeMs);
    show(next);
  }

  function show({ canvas: picture, width, height, timeMs, sourceMs }: Kept): void {
    resize(canvas, picture.width, picture.height);
    context?.drawImage(picture, 0, 0);
    const after = results.find((result) => result.timeMs >= timeMs) ?? results.at(-1);
    const before = results.findLast((result) => result.timeMs <= timeMs) ?? after;
    results = results.filter((result) => before === undefined || result.timeMs >= before.timeMs);
    const items = before && after ? itemsBetween(before, after, timeMs) : [];
    onMoment({ width, height, items, timeMs: sourceMs });
  }

  function letGo(isOver: (frame: Kept) => boolean): void {
    for (const frame of kept.filter(isOver)) free.push(frame.canvas);
    kept = kept.filter((frame) => !isOver(frame));
  }

  return {
    frame(frame) {
      const picture = frame.input as VideoFrame | ImageBitmap;
      const [width, height] =
        'displayWidth' in picture
          ? [picture.displayWidth, picture.displayHeight]
          : [picture.width, picture.height];
      const last = kept.at(-1) ?? shown;
      if (last && frame.timeMs + offset <= last.timeMs) offset = last.timeMs + 1 - frame.timeMs;
      const timeMs = frame.timeMs + offset;
      times.set(frame, timeMs);
      const scale = Math.min(1, WIDEST / width);
      const copy = free.pop() ?? new OffscreenCanvas(1, 1);
      resize(copy, Math.round(width * scale), Math.round(height * scale));
      copy.getContext('2d')?.drawImage(picture, 0, 0, copy.width, copy.height);
      kept.push({ canvas: copy, width, height, timeMs, sourceMs: frame.timeMs });
      if (kept.length > MOST_KEPT) {
        const crowded = mostCrowded(kept);
        letGo((other) => other === crowded);
      }
      wake();
    },
    result(frame, items) {
      const timeMs = times.get(frame);
      if (timeMs === undefined) return;
      results.push({ timeMs, items });
      playOut.result(timeMs);
      wake();
    },
    stop() {
      if (request !== undefined) cancelAnimationFrame(request);
      kept = [];
      free.length = 0;
    },
  };
}

/** The frame between the first and the last whose neighbours are closest to each other. */
function mostCrowded(frames: readonly Kept[]): Kept | undefined {
  const gap = (at: number) => (frames[at + 1]?.timeMs ?? Infinity) - (frames[at - 1]?.timeMs ?? -Infinity);
  let best = 1;
  for (let at = 2; at < frames.length - 1; at += 1) if (gap(at) < gap(best)) best = at;
  return frames[best];
}

/** Only where it has to be: it clears the canvas. */
function resize(canvas: HTMLCanvasElement | OffscreenCanvas, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
