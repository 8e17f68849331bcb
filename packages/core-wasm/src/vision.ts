import type { VisionKernels } from './image-plan-spec';

import { createBoxes } from './boxes';
import { createEmbeddings } from './embeddings';
import { createImagePlan } from './image-plan';
import type { KernelInstance } from './instance';
import { createMasks } from './masks';
import { createScores } from './scores';

/** The kernels with the module they run in, which can be posted to workers. */
export interface WasmVisionKernels extends VisionKernels {
  readonly module: WebAssembly.Module;
  /** The memory of the instance, which grows and never shrinks. */
  readonly memoryBytes: number;
}

/** The typed face of a running module. */
export function createVision(instance: KernelInstance): WasmVisionKernels {
  return {
    module: instance.module,
    get memoryBytes() {
      return instance.buffer.byteLength;
    },
    imagePlan: (spec) => createImagePlan(instance, spec),
    ...createScores(instance),
    ...createBoxes(instance),
    ...createMasks(instance),
    ...createEmbeddings(instance),
  };
}
