import { compileVision, loadVision, type WasmVisionKernels } from '@hayate/core-wasm';
import { kernelsFile } from '@hayate/core-wasm/files';
import { unlessAborted, type ModelStore } from '@hayate/core';
import { ortMemoryBytes } from '@hayate/runtime';

/** The kernels of an engine, each module loaded when it is first asked for. */
export interface Kernels {
  vision(signal: AbortSignal): Promise<WasmVisionKernels>;
}

const started = new Set<WasmVisionKernels>();

/** The WebAssembly memory of this realm, in bytes: kernels and ONNX Runtime. */
export async function memoryBytes(): Promise<number> {
  const ort = await ortMemoryBytes();
  return [...started].reduce((sum, { memoryBytes: bytes }) => sum + bytes, ort);
}

/** Makes kernels whose files come through the store: verified, kept, and compiled once. A failure is forgotten. */
export function createKernels(store: ModelStore): Kernels {
  let compiled: Promise<WebAssembly.Module> | undefined;

  async function compile(): Promise<WebAssembly.Module> {
    const { url, ...expected } = kernelsFile();
    // Shared by all loads of the engine: no single one ends it.
    const { bytes } = await store.getModel(url, expected);
    return compileVision({ wasm: bytes });
  }

  return {
    async vision(signal) {
      if (compiled === undefined) {
        compiled = compile();
        compiled.catch(() => (compiled = undefined));
      }
      const vision = await loadVision({ wasm: await unlessAborted(compiled, signal) });
      started.add(vision);
      return vision;
    },
  };
}
