import { hasSimd } from './has-simd';
import { SHIPPED } from './shipped';

/** A shipped file of the kernels, with what it must be. */
export interface KernelsFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The file that `loadVision` would fetch here, for those who fetch, verify and keep it themselves. */
export function kernelsFile(): KernelsFile {
  // Each address is written in one expression: bundlers recognise this form and ship the file.
  return hasSimd()
    ? { url: new URL('../pkg/kernels-simd.wasm', import.meta.url).href, ...SHIPPED['kernels-simd'] }
    : { url: new URL('../pkg/kernels-scalar.wasm', import.meta.url).href, ...SHIPPED['kernels-scalar'] };
}
