import { open2d } from './open-2d.mjs';
import { target } from './picture.mjs';
import { levelsOfTensor, normalise } from './tensor.mjs';

/** What people write by hand: drawImage, getImageData and a loop, from a bitmap of the picture. */
export function canvas(bitmap) {
  const qualities = /** @type {const} */ ([
    ['bilinear', 'low'],
    ['bicubic', 'high'],
  ]);
  return qualities.map(([group, quality]) => {
    const { width, height } = target;
    const context = open2d(width, height);
    context.imageSmoothingQuality = quality;
    const run = () => {
      context.drawImage(bitmap, 0, 0, width, height);
      return normalise(context.getImageData(0, 0, width, height).data);
    };
    return {
      group,
      name: `canvas (smoothing ${quality}) and a loop`,
      run,
      levels: () => levelsOfTensor(run()),
    };
  });
}
