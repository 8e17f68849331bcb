import type { PixelRegion } from '@hayate/core-wasm/vision';

/** The size of the canvas, in CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

const PLATE_PX = 22;

/** Draws number and text where they cover no other plate, if there is such a place. Returns the place. */
export function drawPlate(
  context: CanvasRenderingContext2D,
  { number, text }: { readonly number: number; readonly text: string },
  { tone, edge }: { readonly tone: string; readonly edge: string },
  box: PixelRegion,
  size: Size,
  taken: readonly PixelRegion[],
): PixelRegion {
  const digits = String(number);
  const badge = Math.max(PLATE_PX, context.measureText(digits).width + 10);
  const width = badge + context.measureText(text).width + 12;
  const place = placePlate(box, width, size, taken);
  context.beginPath();
  context.roundRect(place.x, place.y, width, PLATE_PX, 5);
  context.fillStyle = `${edge}e6`;
  context.fill();
  context.beginPath();
  context.roundRect(place.x, place.y, badge, PLATE_PX, [5, 0, 0, 5]);
  context.fillStyle = tone;
  context.fill();
  const middle = place.y + PLATE_PX / 2 + 0.5;
  context.textAlign = 'center';
  context.fillStyle = edge;
  context.fillText(digits, place.x + badge / 2, middle);
  context.textAlign = 'left';
  context.fillStyle = '#ffffff';
  context.fillText(text, place.x + badge + 6, middle);
  return place;
}

function placePlate(box: PixelRegion, width: number, size: Size, taken: readonly PixelRegion[]): PixelRegion {
  const inside = (x: number, y: number): PixelRegion => ({
    x: Math.max(1, Math.min(x, size.width - width - 1)),
    y: Math.max(1, Math.min(y, size.height - PLATE_PX - 1)),
    width,
    height: PLATE_PX,
  });
  const [right, bottom] = [box.x + box.width - width, box.y + box.height];
  const above = box.y - PLATE_PX - 3;
  const places = [
    ...(above >= 1 ? [inside(box.x - 1, above)] : []),
    inside(box.x + 3, box.y + 3),
    inside(box.x + 3, bottom - PLATE_PX - 3),
    inside(right - 3, box.y + 3),
    inside(right - 3, bottom - PLATE_PX - 3),
    inside(box.x - 1, bottom + 3),
  ] as const;
  const free = places.find((place) => !taken.some((other) => overlap(place, other)));
  return free ?? places[0] ?? inside(box.x, box.y);
}

function overlap(a: PixelRegion, b: PixelRegion): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
