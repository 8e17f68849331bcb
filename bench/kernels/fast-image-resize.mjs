import { source, target } from './picture.mjs';
import { levelsOfBytes } from './tensor.mjs';

const FILTERS = ['bilinear', 'bicubic'];
const name = 'fast_image_resize in wasm, resize only';

/**
 * fast_image_resize, built with the flags of our kernels: only the resize, from pixels in its own memory.
 * Without `wasm` the rows say so.
 */
export async function fastImageResize(wasm, pixels) {
  if (wasm === undefined)
    return FILTERS.map((group) => ({ group, name, missing: 'no Rust to build it with' }));
  const { instance } = await WebAssembly.instantiate(wasm);
  const { memory, prepare, resize, target: targetAddress } = /** @type {any} */ (instance.exports);
  const address = prepare(source.width, source.height, target.width, target.height);
  new Uint8Array(memory.buffer, address, pixels.length).set(pixels);
  return FILTERS.map((group, filter) => ({
    group,
    name,
    run: () => resize(filter),
    levels() {
      resize(filter);
      const bytes = new Uint8Array(memory.buffer, targetAddress(), target.width * target.height * 4);
      return levelsOfBytes(bytes, 4);
    },
  }));
}
