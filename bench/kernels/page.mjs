import { loadVision } from '@hayate/core-wasm/vision';
import { canvas } from './canvas.mjs';
import { timeRound } from './contender.mjs';
import { fastImageResize } from './fast-image-resize.mjs';
import { hayate, withoutSimd } from './hayate.mjs';
import { pica } from './pica.mjs';
import { makePicture, source } from './picture.mjs';
import { post } from './post.mjs';
import { transformersJs } from './transformers-js.mjs';
import { video } from './video.mjs';

/** @type {import('./contender.mjs').Contender[]} */
let contenders;

/** What the page can do for `chromium-place.mjs`. */
globalThis.kernelsBench = {
  /** Makes the contenders; `yardstick` is the address of fast_image_resize's module, if there is one. */
  async prepare(yardstick) {
    const kernels = await loadVision();
    const scalar = await loadVision({ simd: 'off' });
    const pixels = makePicture();
    const bitmap = await createImageBitmap(new ImageData(pixels, source.width, source.height));
    const wasm = yardstick && (await (await fetch(yardstick)).arrayBuffer());
    contenders = [
      ...hayate(kernels, pixels),
      ...withoutSimd(scalar, pixels),
      ...(await fastImageResize(wasm, pixels)),
      ...(await transformersJs(pixels, 'canvas')),
      ...canvas(bitmap),
      ...(await pica(pixels)),
      ...video(kernels, pixels),
      ...post(kernels),
    ];
    return contenders.map(({ group, name, ours, missing }) => ({ group, name, ours, missing }));
  },
  round: (number) => timeRound(contenders, number),
  levels: (place) => contenders[place].levels?.(),
};
