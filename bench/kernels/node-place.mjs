import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../scripts/run.mjs';
import { bundleCoreWasm, shippedWasm } from '../core-wasm.mjs';
import { peerVersion } from '../peers.mjs';
import { timeRound } from './contender.mjs';
import { fastImageResize } from './fast-image-resize.mjs';
import { hayate, withoutSimd } from './hayate.mjs';
import { pica } from './pica.mjs';
import { makePicture } from './picture.mjs';
import { post } from './post.mjs';
import { transformersJs } from './transformers-js.mjs';

/** The contenders in this process. `yardstick`: the file of fast_image_resize, if there is one. */
export async function nodePlace(yardstick) {
  const { loadVision } = await import(await bundleCoreWasm(join(import.meta.dirname, '../dist/node')));
  const kernels = await loadVision({ wasm: readFileSync(shippedWasm('simd')) });
  const scalar = await loadVision({ wasm: readFileSync(shippedWasm('scalar')) });
  const pixels = makePicture();
  /** @type {import('./contender.mjs').Contender[]} */
  const contenders = [
    ...hayate(kernels, pixels),
    ...withoutSimd(scalar, pixels),
    ...(await fastImageResize(yardstick && readFileSync(yardstick), pixels)),
    ...(await transformersOrReason(pixels)),
    ...(await pica(pixels)),
    ...post(kernels),
  ];
  return {
    name: 'Node',
    versions: [
      `Node ${process.versions.node}`,
      ...['@huggingface/transformers', 'sharp', 'pica'].map(
        (name) => `${name} ${peerVersion(name) ?? 'absent'}`,
      ),
    ],
    contenders,
    round: (number) => timeRound(contenders, number),
    levels: (place) => contenders[place].levels?.(),
    close() {},
  };
}

// It needs sharp, whose native part is not to be had on every machine.
async function transformersOrReason(pixels) {
  try {
    return await transformersJs(pixels, 'sharp');
  } catch (error) {
    const missing = `does not load: ${messageOf(error).split('\n')[0]}`;
    return ['bilinear', 'bicubic'].map((group) => ({ group, name: 'transformers.js (sharp)', missing }));
  }
}
