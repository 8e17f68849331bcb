import {
  badPicture,
  RAW_PIXELS,
  type EncodedImage,
  type PixelRegion,
  type Pixels,
  type PixelTarget,
  type ReadImage,
  type WireImage,
} from '@hayate/core';
import { readByTexture } from './read-by-texture';

/** Decodes an image file to RGBA pixels; what Node is given in place of the browser's decoder. */
export type DecodeImage = (bytes: Uint8Array, signal: AbortSignal) => Promise<Pixels>;

/** Makes the port that brings a picture into the kernels' memory, copying its pixels once. */
export function createReadImage(decode?: DecodeImage): ReadImage {
  return async (image, target, signal) => {
    const start = performance.now();
    const source = await toSource(image, decode, signal);
    const decoded = performance.now();
    try {
      signal.throwIfAborted();
      await source.copy(target);
    } finally {
      source.close?.();
    }
    return { decodeMs: decoded - start, copyMs: performance.now() - decoded };
  };
}

interface Source {
  copy(target: PixelTarget): void | Promise<void>;
  close?(): void;
}

async function toSource(
  image: WireImage,
  decode: DecodeImage | undefined,
  signal: AbortSignal,
): Promise<Source> {
  if (typeof ImageBitmap !== 'undefined' && image instanceof ImageBitmap) return fromBitmap(image);
  if (typeof VideoFrame !== 'undefined' && image instanceof VideoFrame) {
    return { copy: (target) => readFrame(image, image, target) };
  }
  if ('data' in image) return fromPixels(image);
  if (decode !== undefined) return fromPixels(await decode(await toBytes(image as EncodedImage), signal));
  const blob = image instanceof Blob ? image : new Blob([image as Uint8Array<ArrayBuffer>]);
  if (blob.size === 0) throw badPicture('the file is empty');
  if (typeof createImageBitmap === 'undefined') {
    throw badPicture('there is no image decoder here; give createEngine a "decode"');
  }
  const bitmap = await createImageBitmap(blob, RAW_PIXELS).catch((cause: unknown) => {
    throw badPicture('the file is no image that this browser can decode', cause);
  });
  return {
    ...fromBitmap(bitmap),
    close: () => {
      bitmap.close();
    },
  };
}

function fromPixels({ width, height, data }: Pixels | ImageData): Source {
  if (data.length !== width * height * 4) {
    throw badPicture(`${width}×${height} RGBA pixels are ${width * height * 4} bytes, not ${data.length}`);
  }
  return {
    copy: (target) => {
      target.input(width, height, 'rgba').set(data);
    },
  };
}

function fromBitmap(bitmap: ImageBitmap): Source {
  return {
    async copy(target) {
      if (typeof VideoFrame === 'undefined') {
        readTexture(bitmap, bitmap.width, bitmap.height, target);
        return;
      }
      // A frame over the same pixels, because only a frame can be read straight into the kernels' memory.
      const frame = new VideoFrame(bitmap, { timestamp: 0 });
      try {
        await readFrame(frame, bitmap, target);
      } finally {
        frame.close();
      }
    },
  };
}

/** Reads `frame`, or `source`, which shows the same picture, where a frame's own copy would be another. */
async function readFrame(
  frame: VideoFrame,
  source: ImageBitmap | VideoFrame,
  target: PixelTarget,
): Promise<void> {
  const { displayWidth: width, displayHeight: height, visibleRect, format } = frame;
  // `copyTo` neither turns nor scales, and Chromium multiplies the alpha in.
  const upright =
    width === visibleRect?.width && height === visibleRect.height && !(frame as Rotated).rotation;
  const hasAlpha = format === null || format.includes('A');
  if (!upright || hasAlpha) {
    readTexture(source, width, height, target);
    return;
  }
  // The frame's own order of bytes is copied as it is; any other format is converted on the way.
  const native = format === 'BGRX';
  for (;;) {
    const input = target.input(width, height, native ? 'bgra' : 'rgba');
    const part = partOf(target.region, visibleRect, format);
    const detached = () => input.byteLength === 0;
    await frame.copyTo(input, native ? part : { ...part, format: 'RGBA' }).catch((error: unknown) => {
      if (!detached()) throw error;
    });
    // The memory may have grown meanwhile, for another model. Then the view was lost, and what was written to it.
    if (!detached()) return;
  }
}

/**
 * Which part of a frame to copy, and where to. Firefox refuses odd bounds where colour is subsampled, even if it
 * converts: the part is widened to even ones, and a frame that ends before them is copied whole.
 */
function partOf(
  region: PixelRegion,
  frame: DOMRectReadOnly,
  format: VideoPixelFormat,
): VideoFrameCopyToOptions {
  const step = format.startsWith('I4') || format === 'NV12' ? 2 : 1;
  const down = (bound: number) => Math.floor(bound / step) * step;
  const up = (bound: number) => Math.ceil(bound / step) * step;
  const [x, y] = [down(region.x), down(region.y)];
  const [right, bottom] = [up(region.x + region.width), up(region.y + region.height)];
  if (right > frame.width || bottom > frame.height) return {};
  const stride = frame.width * 4;
  return {
    rect: { x: x + frame.x, y: y + frame.y, width: right - x, height: bottom - y },
    layout: [{ offset: y * stride + x * 4, stride }],
  };
}

function readTexture(
  source: ImageBitmap | VideoFrame,
  width: number,
  height: number,
  target: PixelTarget,
): void {
  readByTexture(source, width, height, target.input(width, height, 'rgba'));
}

interface Rotated {
  readonly rotation?: number;
}

async function toBytes(image: EncodedImage): Promise<Uint8Array> {
  if (image instanceof Uint8Array) return image;
  return new Uint8Array(image instanceof ArrayBuffer ? image : await image.arrayBuffer());
}
