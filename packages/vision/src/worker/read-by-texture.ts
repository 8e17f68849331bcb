import { HayateError } from '@hayate/core';

type Target = Uint8ClampedArray<ArrayBuffer>;

/** The rotation and flip of a frame, which TypeScript's types and some browsers lack. */
export interface Orientation {
  readonly rotation?: number;
  readonly flip?: boolean;
}

let context: WebGLRenderingContext | null | undefined;

/**
 * Reads RGBA pixels with straight alpha, rotated and flipped as they are shown. The picture is uploaded as a texture and
 * read back, which is the only way to get the colours of transparent pixels from a browser. Without WebGL, and for frames
 * whose pixels are not square, a 2D canvas is read: exact for opaque pictures that are not scaled, while colours with low
 * alpha lose their last bits.
 *
 * @throws HayateError `bad-input` when this browser has no canvas that can be read.
 */
export function readByTexture(
  source: ImageBitmap | VideoFrame,
  width: number,
  height: number,
  target: Target,
): void {
  if (isScaled(source)) {
    readByCanvas(source, width, height, target);
    return;
  }
  context ??= new OffscreenCanvas(1, 1).getContext('webgl', { premultipliedAlpha: false });
  const gl = context;
  const largest = (gl?.getParameter(gl.MAX_TEXTURE_SIZE) ?? 0) as number;
  if (gl === null || gl.isContextLost() || width > largest || height > largest) {
    readByCanvas(source, width, height, target);
    return;
  }
  const texture = gl.createTexture();
  const framebuffer = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, source);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const complete = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
  // WebGL accepts only a Uint8Array, here one of the same bytes.
  const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
  if (complete) gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  gl.deleteFramebuffer(framebuffer);
  gl.deleteTexture(texture);
  if (!complete || gl.getError() !== gl.NO_ERROR) readByCanvas(source, width, height, target);
}

/** Whether a frame is shown wider or narrower than it is stored. A texture would have the stored size. */
function isScaled(source: ImageBitmap | (VideoFrame & Orientation)): boolean {
  if (!('visibleRect' in source) || source.visibleRect === null) return false;
  const { displayWidth, displayHeight, visibleRect, rotation = 0 } = source;
  const { width, height } = visibleRect;
  const [across, down] = rotation % 180 === 0 ? [width, height] : [height, width];
  return across !== displayWidth || down !== displayHeight;
}

function readByCanvas(source: ImageBitmap | VideoFrame, width: number, height: number, target: Target): void {
  const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (canvas === null) {
    const reason = 'this browser gives no canvas to read it';
    throw new HayateError('bad-input', `The picture cannot be used: ${reason}.`, { reason });
  }
  canvas.drawImage(source, 0, 0, width, height);
  target.set(canvas.getImageData(0, 0, width, height).data);
}
