import type { ImagePlan, PixelFormat } from './image-plan-spec';

/** The bounds of a part of a source, in pixels; the last two just outside. */
export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/**
 * How a frame's part is copied into place. Its bounds are even where the source allows it: Firefox refuses odd ones for
 * subsampled colour, and Chromium shifts a part that begins at odd ones by a pixel. A part that reaches the last row
 * begins at the first column: browsers require room for whole rows of the stride, and others would end beyond the plane.
 */
export function copyOptions(
  width: number,
  height: number,
  format: PixelFormat,
  [left, top, right, bottom]: Bounds,
): ImagePlan['copyOptions'] {
  const down = (bound: number) => bound - (bound % 2);
  const up = (bound: number, side: number) => Math.min(bound + (bound % 2), side);
  const [y, end] = [down(top), up(bottom, height)];
  const x = end === height ? 0 : down(left);
  return {
    rect: { x, y, width: up(right, width) - x, height: end - y },
    layout: planes(width, height, format, x, y),
  };
}

/** Where the part of each plane from a pixel on begins, and the length of the planes' rows, in bytes. */
function planes(width: number, height: number, format: PixelFormat, x: number, y: number): PlaneLayout[] {
  const plane = (start: number, stride: number, column: number, row: number) => ({
    offset: start + row * stride + column,
    stride,
  });
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const luma = width * height;
  if (format === 'grey') return [plane(0, width, x, y)];
  if (format === 'nv12') return [plane(0, width, x, y), plane(luma, halfWidth * 2, x, y / 2)];
  if (format !== 'i420') return [plane(0, width * 4, x * 4, y)];
  return [
    plane(0, width, x, y),
    plane(luma, halfWidth, x / 2, y / 2),
    plane(luma + halfWidth * halfHeight, halfWidth, x / 2, y / 2),
  ];
}
