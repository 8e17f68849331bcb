import type { PixelRegion } from '@hayate/core-wasm/vision';
import { drawPlate } from './overlay-plate';

/** The place of a result, in the picture's pixels. */
export interface OverlayMark {
  readonly box: PixelRegion;
  /** Key points, such as those of a face. */
  readonly points?: readonly Point[];
  /** Chooses the colour; results of one class have the same. The number says the same without a colour. */
  readonly tone: number;
}

/** A result to be drawn: a box, and a plate with its number and text. */
export interface OverlayItem extends OverlayMark {
  /** Its number in the list, from 1. */
  readonly number: number;
  readonly text: string;
}

/** A mark as data attributes, for tests. */
export function markData(mark: OverlayMark | undefined): Readonly<Record<string, string>> {
  if (mark === undefined) return {};
  const { box, points } = mark;
  const data = { 'data-box': [box.x, box.y, box.width, box.height].join(' ') };
  return points === undefined
    ? data
    : { ...data, 'data-points': points.map(({ x, y }) => `${x} ${y}`).join(' ') };
}

/** What the items are drawn over. */
export interface OverlayView {
  /** The size of the picture, in its own pixels. In the canvas it is placed as by `object-fit: contain`. */
  readonly width: number;
  readonly height: number;
  /** Pixels of the screen in one CSS pixel. */
  readonly pixelRatio: number;
  /** The number of the highlighted item. */
  readonly highlighted?: number | undefined;
}

/** A point in the pixels of a picture or a canvas. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

// Light colours with a dark edge: readable on any photo, and different in brightness too.
const TONES = ['#7fe3d9', '#ffd166', '#ffa98f', '#d3bcff', '#c9ee82', '#9bd0ff'];
const EDGE = '#0b1315';
const FONT_PX = 13;

/** Clears the canvas and draws boxes, plates and points. It has no state, so that a live view can call it for each frame. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  items: readonly OverlayItem[],
  view: OverlayView,
): void {
  const { canvas } = context;
  const { pixelRatio } = view;
  // In a live picture the highlighted item may be gone; then none is highlighted.
  const highlighted = items.find(({ number }) => number === view.highlighted)?.number;
  const size = { width: canvas.width / pixelRatio, height: canvas.height / pixelRatio };
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.font = `600 ${FONT_PX}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const picture = placePicture(size, view);
  // The highlighted item is drawn last, and of the others the one with the highest score.
  const order = items
    .toReversed()
    .sort((a, b) => Number(a.number === highlighted) - Number(b.number === highlighted));
  const placed = order.map((item) => ({ item, box: toCanvas(item.box, picture) }));
  for (const { item, box } of placed) {
    context.globalAlpha = highlighted === undefined || item.number === highlighted ? 1 : 0.35;
    drawBox(context, box, toneOf(item), item.number === highlighted);
    // Smaller points on a small face, which they would hide.
    const radius = Math.min(3.5, Math.max(1.25, box.width / 28));
    for (const point of item.points ?? []) {
      drawPoint(context, toCanvasPoint(point, picture), radius, toneOf(item));
    }
  }
  // Plates come after all boxes, so that no line crosses a number; the highest score first, so that it gets the best place.
  const taken: PixelRegion[] = [];
  for (const { item, box } of placed.toReversed()) {
    context.globalAlpha = highlighted === undefined || item.number === highlighted ? 1 : 0.35;
    taken.push(drawPlate(context, item, { tone: toneOf(item), edge: EDGE }, box, size, taken));
  }
  context.globalAlpha = 1;
}

/** The number of the smallest item that contains a point of the canvas, in CSS pixels. */
export function itemAt(
  items: readonly OverlayItem[],
  { x, y }: Point,
  size: { readonly width: number; readonly height: number },
  view: Pick<OverlayView, 'width' | 'height'>,
): number | undefined {
  const picture = placePicture(size, view);
  const hit = items
    .map((item) => ({ item, box: toCanvas(item.box, picture) }))
    .filter(({ box }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height)
    .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height);
  return hit[0]?.item.number;
}

interface Placed extends Point {
  readonly scale: number;
}

/** Where `object-fit: contain` places the picture. */
function placePicture(
  size: { readonly width: number; readonly height: number },
  picture: Pick<OverlayView, 'width' | 'height'>,
): Placed {
  const scale = Math.min(size.width / picture.width, size.height / picture.height);
  return {
    scale,
    x: (size.width - picture.width * scale) / 2,
    y: (size.height - picture.height * scale) / 2,
  };
}

function toCanvasPoint({ x, y }: Point, picture: Placed): Point {
  return { x: picture.x + x * picture.scale, y: picture.y + y * picture.scale };
}

function toCanvas(box: PixelRegion, picture: Placed): PixelRegion {
  const { scale } = picture;
  return { ...toCanvasPoint(box, picture), width: box.width * scale, height: box.height * scale };
}

function toneOf({ tone }: OverlayItem): string {
  return TONES[tone % TONES.length] ?? EDGE;
}

function drawBox(
  context: CanvasRenderingContext2D,
  box: PixelRegion,
  tone: string,
  isHighlighted: boolean,
): void {
  const path = new Path2D();
  path.roundRect(box.x, box.y, box.width, box.height, 3);
  if (isHighlighted) {
    context.fillStyle = `${tone}33`;
    context.fill(path);
  }
  context.lineWidth = isHighlighted ? 7 : 5;
  context.strokeStyle = `${EDGE}b3`;
  context.stroke(path);
  context.lineWidth = isHighlighted ? 3.5 : 2;
  context.strokeStyle = tone;
  context.stroke(path);
}

function drawPoint(context: CanvasRenderingContext2D, { x, y }: Point, radius: number, tone: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fillStyle = tone;
  context.fill();
  context.lineWidth = Math.min(1.5, radius / 2);
  context.strokeStyle = EDGE;
  context.stroke();
}
