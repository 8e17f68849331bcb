import { HayateError, unlessAborted } from '@hayate/core';

import { compile, type WasmSource } from './compile';
import { createInstance } from './instance';
import { createVision, type WasmVisionKernels } from './vision';

export type { WasmSource } from './compile';

/** Which of the two builds of the module. */
export type SimdChoice = 'auto' | 'on' | 'off';

/** Options of {@link loadVision} and {@link compileVision}. */
export interface LoadVisionOptions {
  /** Where the module comes from; by default one of the two files shipped in this package. */
  readonly wasm?: WasmSource;
  /** Which shipped file: `auto` takes the one with SIMD where the browser knows all of its instructions. */
  readonly simd?: SimdChoice;
  /** Ends the waiting. A download shared with other callers goes on for them. */
  readonly signal?: AbortSignal;
}

const compiled = new Map<boolean, Promise<WebAssembly.Module>>();
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
    throw unavailable(cause);
  }
}

/**
 * Compiles the module without starting it, to be posted to workers: `loadVision({ wasm: module })` there neither
 * fetches nor compiles. The shipped files are fetched and compiled once; a failure is not remembered.
 *
 * Rejects as {@link loadVision} does.
 */
export async function compileVision(options: LoadVisionOptions = {}): Promise<WebAssembly.Module> {
  const { wasm, simd = 'auto', signal } = options;
  signal?.throwIfAborted();
  const module = wasm === undefined ? compileShipped(simd) : attempt(wasm, signal);
  return unlessAborted(module, signal);
}

function compileShipped(simd: SimdChoice): Promise<WebAssembly.Module> {
  const withSimd = simd === 'auto' ? hasSimd() : simd === 'on';
  const known = compiled.get(withSimd);
  if (known !== undefined) return known;
  // Each written in one expression: bundlers recognise this form and ship the file.
  const module = withSimd
    ? attempt(new URL('../pkg/kernels-simd.wasm', import.meta.url))
    : attempt(new URL('../pkg/kernels-scalar.wasm', import.meta.url));
  compiled.set(withSimd, module);
  module.catch(() => compiled.delete(withSimd));
  return module;
}

async function attempt(source: WasmSource, signal?: AbortSignal): Promise<WebAssembly.Module> {
  try {
    return await compile(source, signal);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw unavailable(cause);
  }
}

function unavailable(cause: unknown): HayateError<'kernels-unavailable'> {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The WebAssembly kernels could not be loaded: ${reason}`;
  return new HayateError('kernels-unavailable', message, { reason }, { cause });
}

/**
 * Whether this engine compiles SIMD. The probe is a function with `i32x4.dot_i16x8_s`, which the kernels live on:
 * engines with part of the instructions have been seen.
 */
export function hasSimd(): boolean {
  // prettier-ignore
  return WebAssembly.validate(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, // magic, version
    1, 5, 1, 96, 0, 1, 123, // type: () → v128
    3, 2, 1, 0, // one function of it
    10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0, 253, 15, 253, 186, 1, 11, // dot(splat(0), splat(0))
  ));
}
