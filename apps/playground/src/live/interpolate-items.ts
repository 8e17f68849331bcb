import type { OverlayItem, Point } from '../overlay';

/** What was detected in one frame. */
export interface TimedItems {
  readonly timeMs: number;
  readonly items: readonly OverlayItem[];
}

/** Boxes with a smaller intersection over union are two objects. */
const SAME_OBJECT_IOU = 0.2;

/**
 * The items at a time between two results. Boxes of the same object are interpolated; an object that only one result
 * has is shown in the half of the time that is nearer to that result.
 */
export function interpolateItems(
  before: TimedItems,
  after: TimedItems,
  timeMs: number,
): readonly OverlayItem[] {
  const span = after.timeMs - before.timeMs;
  const share = span <= 0 ? 1 : Math.min(1, Math.max(0, (timeMs - before.timeMs) / span));
  if (share === 0) return before.items;
  if (share === 1) return after.items;
  const left = new Set(before.items);
  const near = share < 0.5 ? before : after;
  const items: OverlayItem[] = [];
  for (const item of after.items) {
    const same = nearest(item, left);
    if (same === undefined) {
      if (near === after) items.push(item);
      continue;
    }
    left.delete(same);
    const { number, text, tone } = near === before ? same : item;
    items.push({ ...between(same, item, share), number, text, tone });
  }
  return near === before ? [...items, ...left] : items;
}

/** The item of the same kind that overlaps most. */
function nearest(item: OverlayItem, among: ReadonlySet<OverlayItem>): OverlayItem | undefined {
  let best: OverlayItem | undefined;
  let bestIou = SAME_OBJECT_IOU;
  for (const other of among) {
    const iou = other.tone === item.tone ? intersectionOverUnion(other.box, item.box) : 0;
    if (iou >= bestIou) [best, bestIou] = [other, iou];
  }
  return best;
}

type Box = OverlayItem['box'];

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

function between(a: OverlayItem, b: OverlayItem, share: number): Pick<OverlayItem, 'box' | 'points'> {
  const mix = (from: number, to: number) => from + (to - from) * share;
  const point = (from: Point, to: Point) => ({ x: mix(from.x, to.x), y: mix(from.y, to.y) });
  const box = {
    ...point(a.box, b.box),
    width: mix(a.box.width, b.box.width),
    height: mix(a.box.height, b.box.height),
  };
  const { points } = b;
  const from = a.points;
  if (points === undefined || from === undefined) return { box };
  return { box, points: points.map((to, at) => point(from[at] ?? to, to)) };
}
