import type { PixelFormat, PixelTarget, YuvColorSpace } from '@hayate/core';
import { readByTexture, type Turned } from './read-by-texture';

/** The matrices that the kernels know, by the names of `VideoColorSpace`. */
const MATRICES: Partial<Record<string, YuvColorSpace['matrix']>> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
};

/** Reads `frame`, or `source`, which shows the same picture, where a frame's own copy would be another. */
export async function readFrame(
  frame: VideoFrame,
  source: ImageBitmap | VideoFrame,
  target: PixelTarget,
): Promise<void> {
  const { displayWidth: width, displayHeight: height, visibleRect, format } = frame;
  // `copyTo` neither turns nor scales, and Chromium multiplies the alpha in.
  const hasAlpha = format === null || format.includes('A');
  if (visibleRect === null || hasAlpha || !isShownAsStored(frame, visibleRect)) {
    readByTexture(source, width, height, target.input(width, height, 'rgba'));
    return;
  }
  let own = ownFormat(frame);
  let whole = false;
  for (;;) {
    const input = target.input(width, height, ...(own ?? (['rgba'] as const)));
    const { rect, layout } = target.copyOptions;
    const part = { rect: { ...rect, x: rect.x + visibleRect.x, y: rect.y + visibleRect.y }, layout };
    try {
      await frame.copyTo(input, { ...(own === undefined && { format: 'RGBA' }), ...(!whole && part) });
      if (input.byteLength > 0) return;
    } catch (error) {
      // Firefox refuses a part that ends with a frame of odd sides where colour is subsampled, even if it converts,
      // and leaves the last samples out of the planes of the whole.
      if (input.byteLength > 0) {
        if (whole) throw error;
        [own, whole] = [undefined, true];
      }
    }
    // Else the memory has grown meanwhile, for another model: the view was lost, and what was written to it.
  }
}

/**
 * The frame's own format, for frames that the kernels take as they are. Of YUV only those with a matrix and a range
 * that the kernels know: what another means, or none, is left to the browser's conversion. Primaries and transfer do
 * not count, as colour profiles do not: the reference converts by the matrix alone.
 */
function ownFormat({ format, colorSpace }: VideoFrame): [PixelFormat, YuvColorSpace?] | undefined {
  if (format === 'RGBX' || format === 'BGRX') return [format === 'RGBX' ? 'rgbx' : 'bgrx'];
  const matrix = MATRICES[colorSpace.matrix ?? ''];
  const { fullRange } = colorSpace;
  if ((format !== 'I420' && format !== 'NV12') || matrix === undefined || fullRange === null)
    return undefined;
  return [format === 'I420' ? 'i420' : 'nv12', { matrix, range: fullRange ? 'full' : 'limited' }];
}

function isShownAsStored(frame: VideoFrame & Turned, { width, height }: DOMRectReadOnly): boolean {
  const { displayWidth, displayHeight, rotation = 0, flip = false } = frame;
  return width === displayWidth && height === displayHeight && rotation === 0 && !flip;
}
