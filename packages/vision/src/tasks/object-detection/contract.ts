import { defineTask, type ModelConfig } from '@hayate/core';
import type { PixelRegion } from '@hayate/core-wasm/vision';
import type { ImageInput } from '../../image';
import { prepareImage } from '../../prepare-image';

/** What one run may choose. */
export interface ObjectDetectionOptions {
  /** An object's score is greater than this, from 0 to 1. @defaultValue the manifest's, or the layout's */
  readonly scoreThreshold?: number;
  /**
   * A box goes if its intersection over union with a better one is greater than this, from 0 to 1; 1 lets all stay.
   * @defaultValue the manifest's, or the layout's
   */
  readonly iouThreshold?: number;
  /** How many objects at most, the best ones; at least 1. @defaultValue 300 */
  readonly maxDetections?: number;
  /** The labels that may be found. @defaultValue all */
  readonly classes?: readonly string[];
  /** Whether boxes with different labels suppress each other. @defaultValue false */
  readonly agnostic?: boolean;
}

/** One object. */
export interface DetectedObject {
  readonly label: string;
  /** The label's place among the model's, from 0. */
  readonly index: number;
  /** From 0 to 1. */
  readonly score: number;
  /** In the picture's pixels and inside of it. */
  readonly box: PixelRegion;
}

/** Object detection: a picture in, what is in it and where out, best first. */
export const objectDetection = defineTask<
  ModelConfig,
  ImageInput,
  ObjectDetectionOptions,
  readonly DetectedObject[]
>({
  name: 'object-detection',
  prepare: prepareImage,
});
