import { hasSimd, HayateError, unlessAborted } from '@hayate/core';

import { compile, type WasmSource } from './compile';
import type { FamilyFiles } from './family-files';

/** Which of the two builds of a module. */
export type SimdChoice = 'auto' | 'on' | 'off';

/** What every loader of this package takes. */
export interface CompileOptions {
  /** Where the module comes from; by default one of the two files shipped in this package. */
  readonly wasm?: WasmSource;
  /** Which shipped file: `auto` takes the one with SIMD where the browser knows all of its instructions. */
  readonly simd?: SimdChoice;
  /** Ends the waiting. A download shared with other callers goes on for them. */
  readonly signal?: AbortSignal;
}

/** Compiles a module; see {@link createCompiler}. */
export type Compiler = (options?: CompileOptions) => Promise<WebAssembly.Module>;

/**
 * A function that compiles a module. Each of the two shipped files is fetched and compiled once; a failure is not
 * remembered, so the next call tries again. What it rejects with: see {@link kernelsUnavailable}, or the signal's reason.
 */
export function createCompiler(files: FamilyFiles): Compiler {
  const compiled = new Map<boolean, Promise<WebAssembly.Module>>();

  function compileShipped(simd: SimdChoice): Promise<WebAssembly.Module> {
    const withSimd = simd === 'auto' ? hasSimd() : simd === 'on';
    const known = compiled.get(withSimd);
    if (known !== undefined) return known;
    const module = attempt(withSimd ? files.simd() : files.scalar());
    compiled.set(withSimd, module);
    module.catch(() => compiled.delete(withSimd));
    return module;
  }

  return async ({ wasm, simd = 'auto', signal } = {}) => {
    signal?.throwIfAborted();
    const module = wasm === undefined ? compileShipped(simd) : attempt(wasm, signal);
    return unlessAborted(module, signal);
  };
}

async function attempt(source: WasmSource, signal?: AbortSignal): Promise<WebAssembly.Module> {
  try {
    return await compile(source, signal);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw kernelsUnavailable(cause);
  }
}

/** The error for a module that cannot be loaded or started: code `kernels-unavailable`, details { reason }. */
export function kernelsUnavailable(cause: unknown): HayateError<'kernels-unavailable'> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The WebAssembly kernels could not be loaded: ${reason}`;
  return new HayateError('kernels-unavailable', message, { reason }, { cause });
}
