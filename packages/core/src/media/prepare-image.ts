import type { PreparedInput } from '../contract';
import { HayateError } from '../errors';
import type { ImageInput } from '../image';

// Raw colours and straight alpha: the reference ignores colour profiles and alpha.
const RAW: ImageBitmapOptions = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/**
 * Makes a picture ready to be sent to a worker, without decoding files or reading pixels here.
 * Bitmaps and frames are copied, so the caller's stay usable; encoded bytes are decoded in the worker.
 *
 * @throws HayateError `bad-input` for what is no picture or holds none yet.
 */
export async function prepareImage(input: ImageInput): Promise<PreparedInput> {
  if (isInstance(input, 'Blob') || isInstance(input, 'ImageData')) return { value: input, transfer: [] };
  if (input instanceof ArrayBuffer || input instanceof Uint8Array) return { value: input, transfer: [] };
  if (isInstance(input, 'VideoFrame')) return transferred(input.clone());
  if (isInstance(input, 'HTMLImageElement')) {
    await input.decode().catch((cause: unknown) => {
      throw badPicture('the <img> has no picture that can be decoded', cause);
    });
    return transferred(await bitmap(input));
  }
  if (isInstance(input, 'HTMLVideoElement') && input.readyState < input.HAVE_CURRENT_DATA) {
    throw badPicture('the <video> has no frame yet');
  }
  if (isInstance(input, 'ImageBitmap')) return transferred(frame(input) ?? (await bitmap(input)));
  if (
    isInstance(input, 'HTMLVideoElement') ||
    isInstance(input, 'HTMLCanvasElement') ||
    isInstance(input, 'OffscreenCanvas')
  ) {
    return transferred(await bitmap(input));
  }
  if (isPixels(input)) return { value: input, transfer: [] };
  throw badPicture(
    'it is none of File, Blob, bytes, ImageBitmap, VideoFrame, ImageData, <img>, <video> or <canvas>',
  );
}

/**
 * A frame over a bitmap's own pixels: it is made without a copy, where `createImageBitmap` copies them all.
 * Undefined where there are no frames, and for a bitmap with alpha, which a frame would multiply in.
 */
function frame(source: ImageBitmap): VideoFrame | undefined {
  if (typeof VideoFrame === 'undefined' || source.width === 0) return undefined;
  const made = new VideoFrame(source, { timestamp: 0 });
  const { format, displayWidth, displayHeight } = made;
  const plain = format !== null && !format.includes('A');
  if (plain && displayWidth === source.width && displayHeight === source.height) return made;
  made.close();
  return undefined;
}

async function bitmap(source: ImageBitmapSource): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(source, RAW);
  } catch (cause) {
    throw badPicture(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function transferred(value: ImageBitmap | VideoFrame): PreparedInput {
  return { value, transfer: [value] };
}

function badPicture(reason: string, cause?: unknown): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The picture cannot be used: ${reason}.`, { reason }, { cause });
}

interface Constructors {
  Blob: Blob;
  ImageData: ImageData;
  ImageBitmap: ImageBitmap;
  VideoFrame: VideoFrame;
  OffscreenCanvas: OffscreenCanvas;
  HTMLImageElement: HTMLImageElement;
  HTMLVideoElement: HTMLVideoElement;
  HTMLCanvasElement: HTMLCanvasElement;
}

// By name, because Node and workers lack some of these globals.
function isInstance<Name extends keyof Constructors>(
  value: unknown,
  name: Name,
): value is Constructors[Name] {
  const constructor = (globalThis as Record<string, unknown>)[name];
  return typeof constructor === 'function' && value instanceof constructor;
}

function isPixels(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'data' in value && 'width' in value && 'height' in value
  );
}
