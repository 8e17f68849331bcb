/** The photo at `url` in 1920×1080, as a JPEG file and decoded. */
export async function makePhoto(url: string): Promise<{ readonly file: Blob; readonly bitmap: ImageBitmap }> {
  const original = await createImageBitmap(await (await fetch(url)).blob());
  const canvas = new OffscreenCanvas(1920, 1080);
  canvas.getContext('2d', { alpha: false })!.drawImage(original, 0, 0, 1920, 1080);
  const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  return { file, bitmap: await createImageBitmap(file) };
}
