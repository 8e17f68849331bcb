import type { TaskOptions } from '@hayate/core';
import { imageClassification, type ImageClassificationConfig } from '@hayate/core/tasks/image-classification';
import { useTask, type UseTaskResult } from './use-task';

/** Image classification in a component: a picture in, the best labels out. */
export function useClassifier(
  config: ImageClassificationConfig,
  options?: TaskOptions,
): UseTaskResult<typeof imageClassification> {
  return useTask(imageClassification, config, options);
}
