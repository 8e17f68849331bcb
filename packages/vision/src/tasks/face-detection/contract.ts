import { defineTask, type ModelConfig } from '@hayate/core';
import type { PixelRegion } from '@hayate/core-wasm/vision';
import type { ImageInput } from '../../image';
import { prepareImage } from '../../prepare-image';

/** Which faces a run finds. */
export interface FaceDetectionOptions {
  /** The least score of a face, from 0 to 1. @defaultValue the manifest's, or 0.5 */
  readonly scoreThreshold?: number;
  /**
   * Boxes whose intersection over union is greater than this count as one face and are averaged; from 0 to 1.
   * @defaultValue the manifest's, or 0.3
   */
  readonly iouThreshold?: number;
  /** The largest number of faces, best first; at least 1. @defaultValue all */
  readonly maxFaces?: number;
}

/** The names of a face's key points. Left and right are those of the person. */
export type FaceKeypointName =
  'rightEye' | 'leftEye' | 'noseTip' | 'mouthCenter' | 'rightEarTragion' | 'leftEarTragion';

/** One key point, in the picture's pixels. */
export interface FaceKeypoint {
  readonly name: FaceKeypointName;
  readonly x: number;
  readonly y: number;
}

/** One face. Box and key points are in the picture's pixels and may lie outside of it, as MediaPipe leaves them. */
export interface DetectedFace {
  readonly box: PixelRegion;
  /** Six key points, in the order of {@link FaceKeypointName}. */
  readonly keypoints: readonly FaceKeypoint[];
  /** From 0 to 1. */
  readonly score: number;
}

/** Face detection: a picture in, its faces out, best first. */
export const faceDetection = defineTask<
  ModelConfig,
  ImageInput,
  FaceDetectionOptions,
  readonly DetectedFace[]
>({
  name: 'face-detection',
  prepare: prepareImage,
});
