import { source, target } from './picture.mjs';
import { levelsOfTensor, normalise } from './tensor.mjs';

/** pica's WebAssembly and a loop. It has neither filter; those it has of the same reach stand in. */
export async function pica(pixels) {
  const { default: createPica } = await import('pica');
  const resizer = createPica({ features: ['wasm'] });
  const src = new Uint8Array(pixels.buffer);
  const sizes = { ...source, toWidth: target.width, toHeight: target.height };
  return Object.entries({ bilinear: 'hamming', bicubic: 'lanczos2' }).map(([group, filter]) => {
    const run = async () => normalise(await resizer.resizeBuffer({ src, ...sizes, filter }));
    return {
      group,
      name: `pica in wasm (${filter}) and a loop`,
      run,
      levels: async () => levelsOfTensor(await run()),
    };
  });
}
