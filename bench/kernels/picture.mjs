/** The size of the source and of the target, in pixels, as in most of what the kernels are used for. */
export const source = { width: 1920, height: 1080 };
export const target = { width: 224, height: 224 };

/** ImageNet's, as most image models use them. */
export const mean = [0.485, 0.456, 0.406];
export const std = [0.229, 0.224, 0.225];

/** RGBA bytes of a made-up picture of gradients, edges and noise, opaque; the same everywhere. */
export function makePicture({ width, height } = source) {
  const pixels = new Uint8ClampedArray(width * height * 4);
  let state = 1;
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const edges = ((x >> 4) ^ (y >> 5)) & 1 ? 50 : 0;
    const noise = state >>> 27;
    pixels[at * 4] = (x * 150) / width + edges + noise;
    pixels[at * 4 + 1] = (y * 150) / height + edges + noise;
    pixels[at * 4 + 2] = ((x + y) * 150) / (width + height) + edges + noise;
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}

/** The picture's planes in YCbCr, BT.709, limited range, chroma halved: I420, or NV12 if `interleaved`. */
export function toPlanes(pixels, { width, height }, interleaved) {
  const planes = new Uint8ClampedArray((width * height * 3) / 2);
  const chroma = (width * height) / 4;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const [red, green, blue] = [pixels[at], pixels[at + 1], pixels[at + 2]];
      const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      planes[y * width + x] = 16 + (luma * 219) / 255;
      if ((x | y) & 1) continue;
      const place = (y / 2) * (width / 2) + x / 2;
      const [first, second] = interleaved ? [place * 2, place * 2 + 1] : [place, chroma + place];
      planes[width * height + first] = 128 + (((blue - luma) / 1.8556) * 224) / 255;
      planes[width * height + second] = 128 + (((red - luma) / 1.5748) * 224) / 255;
    }
  }
  return planes;
}
