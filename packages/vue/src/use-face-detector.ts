import type { ModelConfig, TaskOptions } from '@hayate/core';
import { faceDetection } from '@hayate/vision/tasks/face-detection';
import type { MaybeRefOrGetter } from 'vue';
import { useTask, type UseTaskResult } from './use-task';

/** Face detection in a component: a picture in, its faces out. */
export function useFaceDetector(
  config: MaybeRefOrGetter<ModelConfig>,
  options?: TaskOptions,
): UseTaskResult<typeof faceDetection> {
  return useTask(faceDetection, config, options);
}
