import { compileVision, loadVision, type WasmVisionKernels } from '@hayate/core-wasm';
import { kernelsFile } from '@hayate/core-wasm/files';
import { unlessAborted, type ModelStore } from '@hayate/core';
import { ortMemoryBytes } from '@hayate/runtime';

/** One for all engines of this realm: whatever store it came through, its digest says that it is the same. */
let compiled: Promise<WebAssembly.Module> | undefined;
let vision: WasmVisionKernels | undefined;

/** The kernels, whose file comes through the store: verified, kept, and compiled once. A failure is forgotten. */
export async function loadKernels(store: ModelStore, signal: AbortSignal): Promise<WasmVisionKernels> {
  if (compiled === undefined) {
    compiled = compile(store);
    compiled.catch(() => (compiled = undefined));
  }
  return (vision = await loadVision({ wasm: await unlessAborted(compiled, signal) }));
}

async function compile(store: ModelStore): Promise<WebAssembly.Module> {
  const { url, ...expected } = kernelsFile();
  // Shared by all loads: no single one ends it.
  const { bytes } = await store.getModel(url, expected);
  return compileVision({ wasm: bytes });
}

/** The WebAssembly memory of this realm, in bytes: kernels and ONNX Runtime. */
export function memoryBytes(): number {
  return ortMemoryBytes() + (vision?.memoryBytes ?? 0);
}
