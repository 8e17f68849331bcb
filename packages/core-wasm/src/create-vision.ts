import { createBoxes } from './boxes';
import { createImagePlan } from './image-plan';
import type { ImagePlan, ImagePlanSpec, ImageTensorType } from './image-plan-spec';
import type { KernelInstance } from './instance';
import { createMasks } from './masks';
import type { BoxKernels, MaskKernels, ScoreKernels } from './output-kernels';
import { createScores } from './vectors';

/** What the module of this family exports. */
export type VisionExports = typeof import('../vision/pkg/exports');

/** The kernels for pictures and for the outputs of their models. */
export interface VisionKernels extends ScoreKernels, BoxKernels, MaskKernels {
  imagePlan<Type extends ImageTensorType = 'float32'>(spec: ImagePlanSpec<Type>): ImagePlan<Type>;
}

/** The typed interface of a running module. */
export function createVision(instance: KernelInstance<VisionExports>): VisionKernels {
  return {
    imagePlan: (spec) => createImagePlan(instance, spec),
    ...createScores(instance),
    ...createBoxes(instance),
    ...createMasks(instance),
  };
}
