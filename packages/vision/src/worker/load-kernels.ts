import { compileVision, loadVision, type WasmVisionKernels } from '@hayate/core-wasm/vision';
import { visionFile } from '@hayate/core-wasm/vision';
import type { PipelineContext } from '@hayate/core';

/** Loads the kernels for pictures, once for all models of this thread, through the engine's store. */
export function loadKernels({ shared }: Pick<PipelineContext, 'shared'>): Promise<WasmVisionKernels> {
  return shared('vision kernels', async (fetchFile) => {
    const wasm = await compileVision({ wasm: await fetchFile(visionFile()) });
    return loadVision({ wasm });
  });
}
