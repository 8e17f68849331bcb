import type { ModelConfig, TaskOptions } from '@hayate/core';
import { objectDetection } from '@hayate/vision/tasks/object-detection';
import { useTask, type UseTaskResult } from './use-task';

/** Object detection in a component: a picture in, what is in it and where out. */
export function useDetector(
  config: ModelConfig,
  options?: TaskOptions,
): UseTaskResult<typeof objectDetection> {
  return useTask(objectDetection, config, options);
}
