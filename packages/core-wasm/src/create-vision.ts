import type { ImagePlanSpec, ImageTensorType, OutputKernels } from '@hayate/core';

import { createBoxes } from './boxes';
import { createImagePlan, type WasmImagePlan } from './image-plan';
import type { KernelInstance } from './instance';
import { createMasks } from './masks';
import { createScores, type ScoreKernels } from './vectors';

/** What the module of this family exports. */
export type VisionExports = typeof import('../vision/pkg/exports');

/** The kernels for pictures and for the outputs of their models. */
export interface VisionFamily
  extends
    ScoreKernels,
    Pick<
      OutputKernels,
      'decodeDetections' | 'nonMaximumSuppression' | 'decodeFaces' | 'binaryMask' | 'rgbaMask'
    > {
  imagePlan<Type extends ImageTensorType = 'float32'>(spec: ImagePlanSpec<Type>): WasmImagePlan<Type>;
}

/** The typed interface of a running module. */
export function createVision(instance: KernelInstance<VisionExports>): VisionFamily {
  return {
    imagePlan: (spec) => createImagePlan(instance, spec),
    ...createScores(instance),
    ...createBoxes(instance),
    ...createMasks(instance),
  };
}
