import type { TaskOptions } from '@hayate/core';
import { objectDetection, type ObjectDetectionConfig } from '@hayate/core/tasks/object-detection';
import type { MaybeRefOrGetter } from 'vue';
import { useTask, type UseTaskReturn } from './use-task';

/** Object detection in a component: a picture in, what is in it and where out. */
export function useDetector(
  config: MaybeRefOrGetter<ObjectDetectionConfig>,
  options?: TaskOptions,
): UseTaskReturn<typeof objectDetection> {
  return useTask(objectDetection, config, options);
}
