import { defineTask, type ModelConfig } from '@hayate/core';
import type { PixelRegion } from '@hayate/core-wasm/vision';
import type { ImageInput } from '../../image';
import { prepareImage } from '../../prepare-image';

/** Which objects a run finds. */
export interface ObjectDetectionOptions {
  /** The score that an object must exceed, from 0 to 1. @defaultValue the manifest's, or the layout's */
  readonly scoreThreshold?: number;
  /**
   * A box is removed if its intersection over union with a better one is greater than this; from 0 to 1. 1 removes none.
   * @defaultValue the manifest's, or the layout's
   */
  readonly iouThreshold?: number;
  /** The largest number of objects, best first; at least 1. @defaultValue 300 */
  readonly maxDetections?: number;
  /** The labels that may be found. @defaultValue all */
  readonly classes?: readonly string[];
  /** Whether boxes with different labels suppress each other. @defaultValue false */
  readonly agnostic?: boolean;
}

/** One object. */
export interface DetectedObject {
  readonly label: string;
  /** The index of the label among the model's labels, from 0. */
  readonly index: number;
  /** From 0 to 1. */
  readonly score: number;
  /** The box in pixels of the picture, clipped to it. */
  readonly box: PixelRegion;
}

/** Object detection: a picture in, its objects with labels and boxes out, best first. */
export const objectDetection = defineTask<
  ModelConfig,
  ImageInput,
  ObjectDetectionOptions,
  readonly DetectedObject[]
>({
  name: 'object-detection',
  prepare: prepareImage,
});
