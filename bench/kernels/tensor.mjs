import { mean, std, target } from './picture.mjs';

const size = target.width * target.height;

/** The loop that people write after a canvas: RGBA bytes to a new float32 tensor, NCHW. */
export function normalise(rgba) {
  const tensor = new Float32Array(3 * size);
  for (let pixel = 0; pixel < size; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      tensor[channel * size + pixel] = (rgba[pixel * 4 + channel] / 255 - mean[channel]) / std[channel];
    }
  }
  return tensor;
}

/** A tensor as levels from 0 to 255 again, plane after plane, to compare pictures with. */
export function levelsOfTensor(tensor) {
  return Array.from(tensor, (value, at) => {
    const channel = Math.floor(at / size);
    return Math.round((value * std[channel] + mean[channel]) * 255);
  });
}

/** Interleaved bytes, `channels` per pixel, as levels plane after plane. */
export function levelsOfBytes(bytes, channels) {
  return Array.from({ length: 3 * size }, (_, at) => bytes[(at % size) * channels + Math.floor(at / size)]);
}
