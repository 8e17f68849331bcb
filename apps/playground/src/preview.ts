/** The preview's name for those who cannot see it. */
export function previewLabel(file: File): string {
  return `The photo: ${file.name}`;
}

/**
 * Draws a photo on a canvas with as many pixels as the screen has for it, anew when that grows. An `<img>` would
 * need a `blob:` address, which a strict policy (`default-src 'self'`) refuses.
 *
 * @returns a function that ends it.
 */
export function showPreview(canvas: HTMLCanvasElement, file: File, onBroken: () => void): () => void {
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
    const bitmap = await readPhoto(file, room);
    if (signal.aborted) return bitmap.close();
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
  }

  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    wanted = { width: width * devicePixelRatio, height: height * devicePixelRatio };
    // One after the other, so that an early drawing does not end last.
    drawn = drawn.then(draw).catch(() => {
      if (!signal.aborted) onBroken();
    });
  });
  signal.addEventListener('abort', () => {
    observer.disconnect();
  });
  observer.observe(canvas);
  return () => {
    ending.abort();
  };
}

/** In the screen's own pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** The photo as it is to be seen, turned as its EXIF data says, no larger than `room`. */
async function readPhoto(file: File, room: Size): Promise<ImageBitmap> {
  const whole = await createImageBitmap(file);
  const scale = Math.min(room.width / whole.width, room.height / whole.height);
  if (scale >= 1) return whole;
  try {
    return await createImageBitmap(whole, {
      resizeWidth: Math.max(1, Math.round(whole.width * scale)),
      resizeHeight: Math.max(1, Math.round(whole.height * scale)),
      resizeQuality: 'high',
    });
  } finally {
    whole.close();
  }
}
