import { mean, source, std, target } from './picture.mjs';
import { levelsOfTensor } from './tensor.mjs';

/** transformers.js's own image processor: a canvas in browsers, sharp in Node. */
export async function transformersJs(pixels, how) {
  const { ImageProcessor, RawImage } = await import('@huggingface/transformers');
  return Object.entries({ bilinear: 2, bicubic: 3 }).map(([group, resample]) => {
    const processor = new ImageProcessor({
      ...{ do_resize: true, size: target, resample, do_rescale: true, rescale_factor: 1 / 255 },
      ...{ do_normalize: true, image_mean: mean, image_std: std },
    });
    const run = async () => {
      // A new one each time, which copies nothing: the processor turns the image it is given into RGB.
      const image = new RawImage(pixels, source.width, source.height, 4);
      return (await processor(image)).pixel_values.data;
    };
    return {
      group,
      name: `transformers.js (${how})`,
      run,
      levels: async () => levelsOfTensor(await run()),
    };
  });
}
