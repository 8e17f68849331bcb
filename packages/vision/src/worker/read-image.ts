import type { ImagePlan } from '@hayate/core-wasm/vision';
import {
  badPicture,
  RAW_PIXELS,
  type DecodeImage,
  type EncodedImage,
  type Pixels,
  type WireImage,
} from '../image';
import { readByTexture } from './read-by-texture';
import { readFrame } from './read-frame';

/** The times of the two steps of reading a picture, in milliseconds. */
export interface ReadTimings {
  readonly decodeMs: number;
  readonly copyMs: number;
}

/** Where the pixels are written, once the size is known: the input of an image plan. */
export type PixelTarget = Pick<ImagePlan, 'input' | 'copyOptions'>;

/**
 * Reads a picture into a plan's input, with a single copy of its pixels into the kernels' memory. Files are decoded by
 * `decode` if it is given, else by the browser.
 *
 * @throws HayateError `bad-input` if the bytes cannot be decoded as an image.
 */
export async function readImage(
  image: WireImage,
  target: PixelTarget,
  decode: DecodeImage | undefined,
  signal: AbortSignal,
): Promise<ReadTimings> {
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
    throw badPicture('there is no image decoder here; give the pipelines one by "withImageDecoder"');
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
        const { width, height } = bitmap;
        readByTexture(bitmap, width, height, target.input(width, height, 'rgba'));
        return;
      }
      // A frame over the same pixels, because only a frame can be copied directly into the kernels' memory.
      const frame = new VideoFrame(bitmap, { timestamp: 0 });
      try {
        await readFrame(frame, bitmap, target);
      } finally {
        frame.close();
      }
    },
  };
}

async function toBytes(image: EncodedImage): Promise<Uint8Array> {
  if (image instanceof Uint8Array) return image;
  return new Uint8Array(image instanceof ArrayBuffer ? image : await image.arrayBuffer());
}
