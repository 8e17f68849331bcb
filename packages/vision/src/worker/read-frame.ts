import type { PixelFormat, YuvColorSpace } from '@hayate/core-wasm/vision';
import type { PixelTarget } from './read-image';
import { readByTexture, type Orientation } from './read-by-texture';

/** The matrices that the kernels know, by the names of `VideoColorSpace`. */
const MATRICES: Partial<Record<string, YuvColorSpace['matrix']>> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
};

/** Reads `frame`. If its `copyTo` would give other pixels, reads `source`, which shows the same picture, by texture. */
export async function readFrame(
  frame: VideoFrame,
  source: ImageBitmap | VideoFrame,
  target: PixelTarget,
): Promise<void> {
  const { displayWidth: width, displayHeight: height, visibleRect, format } = frame;
  const byTexture = () => {
    readByTexture(source, width, height, target.input(width, height, 'rgba'));
  };
  // `copyTo` does not rotate or scale.
  if (visibleRect === null || format === null || !isShownAsStored(frame, visibleRect)) {
    byTexture();
    return;
  }
  let own = ownFormat(frame);
  const mayBeClear = format.includes('A');
  if (mayBeClear && own === undefined) {
    byTexture();
    return;
  }
  let whole = false;
  for (;;) {
    const input = target.input(width, height, ...(own ?? (['rgba'] as const)));
    const { rect, layout } = target.copyOptions;
    const part = { rect: { ...rect, x: rect.x + visibleRect.x, y: rect.y + visibleRect.y }, layout };
    try {
      await frame.copyTo(input, { ...(own === undefined && { format: 'RGBA' }), ...(!whole && part) });
      if (input.byteLength > 0) {
        // Chromium multiplies the colours by alpha, so only opaque pixels are right.
        const opaque = !mayBeClear || (whole ? isOpaque(input) : isOpaque(input, rect, layout[0]));
        if (!opaque) byTexture();
        return;
      }
    } catch (error) {
      // With subsampled colour, Firefox refuses a part that ends at a frame's odd side, even if it converts the part.
      // The planes of such a frame lack the last samples, so the whole frame is converted.
      if (input.byteLength > 0) {
        if (whole) throw error;
        [own, whole] = [undefined, true];
      }
    }
    // The kernels' memory has grown for another model, and `input` is detached, so the frame is read again.
  }
}

/**
 * The frame's own format, if the kernels can read it; otherwise the browser converts the frame. YUV needs a matrix and a
 * range that the kernels know. Primaries and transfer function are ignored, as colour profiles are: the reference
 * converts by the matrix alone.
 */
function ownFormat({ format, colorSpace }: VideoFrame): [PixelFormat, YuvColorSpace?] | undefined {
  if (format === 'RGBX' || format === 'RGBA') return ['rgbx'];
  if (format === 'BGRX' || format === 'BGRA') return ['bgrx'];
  const matrix = MATRICES[colorSpace.matrix ?? ''];
  const { fullRange } = colorSpace;
  if ((format !== 'I420' && format !== 'NV12') || matrix === undefined || fullRange === null)
    return undefined;
  return [format === 'I420' ? 'i420' : 'nv12', { matrix, range: fullRange ? 'full' : 'limited' }];
}

/** Whether the pixels of a part, by default all, have full alpha; four bytes each, alpha last. */
function isOpaque(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  { width, height } = { width: pixels.length / 4, height: 1 },
  { offset, stride } = { offset: 0, stride: 0 },
): boolean {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  for (let row = 0; row < height; row += 1) {
    const start = (offset + row * stride) / 4;
    let common = -1;
    for (let at = start; at < start + width; at += 1) common &= words[at] ?? 0;
    if (common >>> 24 !== 255) return false;
  }
  return true;
}

function isShownAsStored(frame: VideoFrame & Orientation, { width, height }: DOMRectReadOnly): boolean {
  const { displayWidth, displayHeight, rotation = 0, flip = false } = frame;
  return width === displayWidth && height === displayHeight && rotation === 0 && !flip;
}
