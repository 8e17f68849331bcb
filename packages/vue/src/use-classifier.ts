import type { TaskOptions } from '@hayate/core';
import { imageClassification, type ImageClassificationConfig } from '@hayate/core/tasks/image-classification';
import type { MaybeRefOrGetter } from 'vue';
import { useTask, type UseTaskReturn } from './use-task';

/** Image classification in a component: a picture in, the best labels out. */
export function useClassifier(
  config: MaybeRefOrGetter<ImageClassificationConfig>,
  options?: TaskOptions,
): UseTaskReturn<typeof imageClassification> {
  return useTask(imageClassification, config, options);
}
