import type { TaskOptions } from '@hayate/core';
import { faceDetection, type FaceDetectionConfig } from '@hayate/core/tasks/face-detection';
import type { MaybeRefOrGetter } from 'vue';
import { useTask, type UseTaskReturn } from './use-task';

/** Face detection in a component: a picture in, its faces out. */
export function useFaceDetector(
  config: MaybeRefOrGetter<FaceDetectionConfig>,
  options?: TaskOptions,
): UseTaskReturn<typeof faceDetection> {
  return useTask(faceDetection, config, options);
}
