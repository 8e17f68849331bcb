import type { TaskOptions } from '@hayate/core';
import { objectDetection, type ObjectDetectionConfig } from '@hayate/core/tasks/object-detection';
import { useTask, type UseTaskResult } from './use-task';

/** Object detection in a component: a picture in, what is in it and where out. */
export function useDetector(
  config: ObjectDetectionConfig,
  options?: TaskOptions,
): UseTaskResult<typeof objectDetection> {
  return useTask(objectDetection, config, options);
}
