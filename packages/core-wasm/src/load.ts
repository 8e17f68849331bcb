import { createCompiler, kernelsUnavailable, type CompileOptions } from './create-compiler';
import { createInstance } from './instance';
import { createVision, type WasmVisionKernels } from './vision';

export type { WasmSource } from './compile';
export type { SimdChoice } from './create-compiler';
export { hasSimd } from './has-simd';

/** Options of {@link loadVision} and {@link compileVision}. */
export type LoadVisionOptions = CompileOptions;

// Each address is written in one expression: bundlers recognise this form and ship the file.
const compile = /* @__PURE__ */ createCompiler(
  () => new URL('../pkg/kernels-simd.wasm', import.meta.url),
  () => new URL('../pkg/kernels-scalar.wasm', import.meta.url),
);
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

/**
 * Compiles the module without starting it, to be posted to workers: `loadVision({ wasm: module })` there neither
 * fetches nor compiles. The shipped files are fetched and compiled once; a failure is not remembered.
 *
 * Rejects as {@link loadVision} does.
 */
export function compileVision(options: LoadVisionOptions = {}): Promise<WebAssembly.Module> {
  return compile(options);
}
