import { watchSize } from './watch-size';

/** The photo's name for screen readers. */
export function photoLabel(file: File): string {
  return `The photo: ${file.name}`;
}

/**
 * Draws a photo on a canvas at the resolution of the screen, and again when the canvas grows. An `<img>` would need a
 * `blob:` address, which a strict policy (`default-src 'self'`) refuses.
 *
 * @returns a function that stops it.
 */
export function showPhoto(
  canvas: HTMLCanvasElement,
  file: File,
  { onSize, onBroken }: { readonly onSize: (size: Size) => void; readonly onBroken: () => void },
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let drawn = Promise.resolve();
  let wanted: Size | undefined;
  let sharp: Size = { width: 0, height: 0 };

  async function draw(): Promise<void> {
    const room = wanted;
    if (signal.aborted || room === undefined) return;
    if (room.width <= sharp.width && room.height <= sharp.height) return;
    sharp = room;
    const { bitmap, whole } = await readPhoto(file, room);
    if (signal.aborted) return bitmap.close();
    onSize(whole);
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  }

  const stop = watchSize(canvas, (width, height, pixelRatio) => {
    wanted = { width: width * pixelRatio, height: height * pixelRatio };
    // One drawing after the other, so that an earlier one cannot end last.
    drawn = drawn.then(draw).catch(() => {
      if (!signal.aborted) onBroken();
    });
  });
  return () => {
    stop();
    ending.abort();
  };
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The photo, turned as its EXIF data says and no larger than `room`; `whole` is its own size. */
async function readPhoto(
  file: File,
  room: Size,
): Promise<{ readonly bitmap: ImageBitmap; readonly whole: Size }> {
  const decoded = await createImageBitmap(file);
  const whole = { width: decoded.width, height: decoded.height };
  const scale = Math.min(room.width / whole.width, room.height / whole.height);
  if (scale >= 1) return { bitmap: decoded, whole };
  try {
    const bitmap = await createImageBitmap(decoded, {
      resizeWidth: Math.max(1, Math.round(whole.width * scale)),
      resizeHeight: Math.max(1, Math.round(whole.height * scale)),
      resizeQuality: 'high',
    });
    return { bitmap, whole };
  } finally {
    decoded.close();
  }
}
