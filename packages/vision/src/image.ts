import { HayateError } from '@hayate/core';

/** Decoded pixels: RGBA bytes, row by row, `width × height × 4` of them. Alpha is ignored. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** An encoded image (PNG, JPEG, …) as bytes. */
export type EncodedImage = Blob | ArrayBuffer | Uint8Array;

/** What can be sent to the worker: pixels, or encoded bytes, which the worker decodes. */
export type WireImage = EncodedImage | ImageBitmap | VideoFrame | ImageData | Pixels;

/** The pictures that a task accepts. An element becomes a bitmap or a frame on the page, without reading pixels there. */
export type ImageInput =
  | WireImage
  | HTMLImageElement
  | HTMLVideoElement
  | HTMLCanvasElement
  | OffscreenCanvas
  /** The bytes of an encoded image, such as a response's body. */
  | ReadableStream<Uint8Array<ArrayBuffer>>;

/** Decodes an image file to RGBA pixels. In Node it replaces the browser's decoder. */
export type DecodeImage = (bytes: Uint8Array, signal: AbortSignal) => Promise<Pixels>;

/** Options for bitmaps: raw colours and straight alpha, because the reference ignores colour profiles and alpha. */
export const RAW_PIXELS: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/** The error for a picture that cannot be used. */
export function badPicture(reason: string, cause?: unknown): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The picture cannot be used: ${reason}.`, { reason }, { cause });
}
