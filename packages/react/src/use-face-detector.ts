import type { TaskOptions } from '@hayate/core';
import { faceDetection, type FaceDetectionConfig } from '@hayate/core/tasks/face-detection';
import { useTask, type UseTaskResult } from './use-task';

/** Face detection in a component: a picture in, its faces out. */
export function useFaceDetector(
  config: FaceDetectionConfig,
  options?: TaskOptions,
): UseTaskResult<typeof faceDetection> {
  return useTask(faceDetection, config, options);
}
