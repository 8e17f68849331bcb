import { createCompiler, kernelsUnavailable, type CompileOptions } from './create-compiler';
import { hasSimd } from './has-simd';
import { createInstance } from './instance';
import { SHIPPED } from './shipped';
import { createVision, type WasmVisionKernels } from './vision';

export type { WasmSource } from './compile';
export type { SimdChoice } from './create-compiler';
export { hasSimd } from './has-simd';

/** Options of {@link loadVision} and {@link compileVision}. */
export type LoadVisionOptions = CompileOptions;

// Each address is written in one expression: bundlers recognise this form and ship the file.
const simdFile = () => new URL('../pkg/kernels-simd.wasm', import.meta.url);
const scalarFile = () => new URL('../pkg/kernels-scalar.wasm', import.meta.url);
const compile = /* @__PURE__ */ createCompiler(simdFile, scalarFile);
const running = new WeakMap<WebAssembly.Module, WasmVisionKernels>();

/**
 * Loads the kernels: one instance for each compiled module, shared by all callers in this thread.
 *
 * Rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be had, and
 * with the signal's reason if it aborts first.
 */
export async function loadVision(options: LoadVisionOptions = {}): Promise<WasmVisionKernels> {
  const module = await compileVision(options);
  const known = running.get(module);
  if (known !== undefined) return known;
  try {
    const kernels = createVision(createInstance(module));
    running.set(module, kernels);
    return kernels;
  } catch (cause) {
    throw kernelsUnavailable(cause);
  }
}

/** A shipped file of the kernels, with what it must be. */
export interface KernelsFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The file that `loadVision` would fetch here, for those who fetch, verify and keep it themselves. */
export function kernelsFile(): KernelsFile {
  return hasSimd()
    ? { url: simdFile().href, ...SHIPPED['kernels-simd'] }
    : { url: scalarFile().href, ...SHIPPED['kernels-scalar'] };
}

/**
 * Compiles the module without starting it, to be posted to workers: `loadVision({ wasm: module })` there neither
 * fetches nor compiles. The shipped files are fetched and compiled once; a failure is not remembered.
 *
 * Rejects as {@link loadVision} does.
 */
export function compileVision(options: LoadVisionOptions = {}): Promise<WebAssembly.Module> {
  return compile(options);
}
