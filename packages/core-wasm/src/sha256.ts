import { unlessAborted } from '@hayate/core';

import { createCompiler, kernelsUnavailable, type CompileOptions } from './create-compiler';
import { createSha256, type Sha256 } from './create-sha256';

export type { WasmSource } from './compile';
export type { SimdChoice } from './create-compiler';
export type { Sha256, Sha256Hasher } from './create-sha256';

/** Options of {@link loadSha256}. */
export type LoadSha256Options = CompileOptions;

// Each address is written in one expression: bundlers recognise this form and ship the file.
const compile = /* @__PURE__ */ createCompiler({
  simd: () => new URL('../sha256/pkg/sha256-simd.wasm', import.meta.url),
  scalar: () => new URL('../sha256/pkg/sha256-scalar.wasm', import.meta.url),
});
const running = new WeakMap<WebAssembly.Module, Promise<Sha256>>();

/**
 * Loads an incremental SHA-256 whose state can be saved and restored, for messages too large for
 * `crypto.subtle`. Works in a page, a worker and Node. A shipped file (4 kB) is fetched and compiled
 * once, and each compiled module runs once; a failure is not remembered, so the next call tries again.
 *
 * Rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be loaded, and with
 * the signal's reason if it aborts first.
 */
export async function loadSha256(options: LoadSha256Options = {}): Promise<Sha256> {
  return unlessAborted(start(await compile(options)), options.signal);
}

function start(module: WebAssembly.Module): Promise<Sha256> {
  const known = running.get(module);
  if (known !== undefined) return known;
  const sha256 = createSha256(module).catch((cause: unknown) => {
    running.delete(module);
    throw kernelsUnavailable(cause);
  });
  running.set(module, sha256);
  return sha256;
}
