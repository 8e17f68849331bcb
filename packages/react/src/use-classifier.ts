import type { ModelConfig, TaskOptions } from '@hayate/core';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { useTask, type UseTaskResult } from './use-task';

/** Image classification in a component: a picture in, the best labels out. */
export function useClassifier(
  config: ModelConfig,
  options?: TaskOptions,
): UseTaskResult<typeof imageClassification> {
  return useTask(imageClassification, config, options);
}
