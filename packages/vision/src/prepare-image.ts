import type { PreparedInput, PrepareOptions } from '@hayate/core';
import { findTransferables } from '@hayate/core';
import { badPicture, RAW_PIXELS, type ImageInput } from './image';
import { grabVideo } from './grab-video';

/**
 * Prepares a picture for a worker, without decoding files or reading pixels on this thread. The caller's picture stays
 * usable, unless it is given away by `transfer`. Encoded bytes are decoded in the worker.
 *
 * @throws HayateError `bad-input` if the value is not a picture, or has no pixels yet.
 */
export async function prepareImage(
  input: ImageInput,
  { transfer = false }: PrepareOptions = {},
): Promise<PreparedInput> {
  if (isInstance(input, 'ReadableStream')) return { value: await readAll(input), transfer: [] };
  if (isInstance(input, 'HTMLImageElement')) {
    await input.decode().catch((cause: unknown) => {
      throw badPicture('the <img> has no picture that can be decoded', cause);
    });
    return transferred(await bitmap(input));
  }
  if (isInstance(input, 'HTMLVideoElement')) {
    if (input.readyState < input.HAVE_CURRENT_DATA) throw badPicture('the <video> has no frame yet');
    return transferred(await grabVideo(input).catch(refuse));
  }
  if (isInstance(input, 'HTMLCanvasElement')) return transferred(await bitmap(input));
  if (isInstance(input, 'OffscreenCanvas')) {
    // The pixels move to the bitmap; the canvas becomes blank.
    return transferred(transfer ? attempt(() => input.transferToImageBitmap()) : await bitmap(input));
  }
  if (isInstance(input, 'VideoFrame')) return transferred(transfer ? input : attempt(() => input.clone()));
  if (isInstance(input, 'ImageBitmap')) {
    if (!transfer) return transferred(frame(input) ?? (await bitmap(input)));
    const cheaper = frame(input);
    if (cheaper !== undefined) input.close();
    return transferred(cheaper ?? input);
  }
  if (isEncoded(input) || isInstance(input, 'ImageData') || isPixels(input)) {
    return { value: input, transfer: transfer ? findTransferables(input) : [] };
  }
  throw badPicture(
    'it is none of File, Blob, bytes, ReadableStream, ImageBitmap, VideoFrame, ImageData, <img>, <video> or <canvas>',
  );
}

/** Reads the bytes of a stream. The worker decodes them. */
async function readAll(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob> {
  try {
    return await new Response(stream).blob();
  } catch (cause) {
    return refuse(cause);
  }
}

/**
 * Creates a `VideoFrame` of a bitmap without copying its pixels, as `createImageBitmap` would. Undefined if there is no
 * `VideoFrame`, and for a bitmap with alpha, which a frame would multiply into the colours.
 */
function frame(source: ImageBitmap): VideoFrame | undefined {
  if (typeof VideoFrame === 'undefined' || source.width === 0) return undefined;
  const made = attempt(() => new VideoFrame(source, { timestamp: 0 }));
  const { format, displayWidth, displayHeight } = made;
  const plain = format !== null && !format.includes('A');
  if (plain && displayWidth === source.width && displayHeight === source.height) return made;
  made.close();
  return undefined;
}

async function bitmap(source: ImageBitmapSource): Promise<ImageBitmap> {
  return createImageBitmap(source, RAW_PIXELS).catch(refuse);
}

// The picture is closed, has no pixels, or is tainted by another origin; the browser's error says which.
function refuse(cause: unknown): never {
  throw badPicture(cause instanceof Error ? cause.message : String(cause), cause);
}

function attempt<Value>(make: () => Value): Value {
  try {
    return make();
  } catch (cause) {
    return refuse(cause);
  }
}

function transferred(value: ImageBitmap | VideoFrame): PreparedInput {
  return { value, transfer: [value] };
}

interface Constructors {
  Blob: Blob;
  ReadableStream: ReadableStream<Uint8Array<ArrayBuffer>>;
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

function isEncoded(value: unknown): boolean {
  return isInstance(value, 'Blob') || value instanceof ArrayBuffer || value instanceof Uint8Array;
}

function isPixels(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'data' in value && 'width' in value && 'height' in value
  );
}
