import { HayateError, unlessAborted, type VisionKernels } from '@hayate/core';

import { initSync } from '../pkg/hayate_kernels.js';

import { compile, type WasmSource } from './compile';
import { createVision } from './vision';

export type { WasmSource } from './compile';

/** Options of {@link loadVision}. */
export interface LoadVisionOptions {
  /** Where the module comes from; by default the file shipped in this package. */
  readonly wasm?: WasmSource;
  /** Ends the waiting. A download shared with other callers goes on for them. */
  readonly signal?: AbortSignal;
}

let shipped: Promise<VisionKernels> | undefined;

/**
 * Loads the kernels. The shipped module is fetched and compiled once; a failure is not
 * remembered, so the next call tries again. A page holds one instance: the first module that
 * loads serves all, and a later `wasm` is compiled but adds no second instance.
 *
 * Rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be had, and
 * with the signal's reason if it aborts first.
 */
export async function loadVision(options: LoadVisionOptions = {}): Promise<VisionKernels> {
  const { wasm, signal } = options;
  signal?.throwIfAborted();
  return unlessAborted(wasm === undefined ? loadShipped() : load(wasm, signal), signal);
}

function loadShipped(): Promise<VisionKernels> {
  if (shipped === undefined) {
    // Written in one expression: bundlers recognise this form and ship the file.
    const attempt = load(new URL('../pkg/hayate_kernels_bg.wasm', import.meta.url));
    shipped = attempt;
    attempt.catch(() => {
      if (shipped === attempt) shipped = undefined;
    });
  }
  return shipped;
}

async function load(source: WasmSource, signal?: AbortSignal): Promise<VisionKernels> {
  try {
    const module = await compile(source, signal);
    return createVision(initSync({ module }).memory);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The WebAssembly kernels could not be loaded: ${reason}`;
    throw new HayateError('kernels-unavailable', message, { reason }, { cause });
  }
}
