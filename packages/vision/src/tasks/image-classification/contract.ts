import { defineTask, type ModelConfig } from '@hayate/core';
import type { ImageInput } from '../../image';
import { prepareImage } from '../../prepare-image';

/** How many labels a run returns. */
export interface ImageClassificationOptions {
  /** The number of labels, best first; at least 1. @defaultValue 5 */
  readonly topK?: number;
}

/** One label with its score. */
export interface Classification {
  readonly label: string;
  /** The index of the label in the model's output, from 0. */
  readonly index: number;
  /** From 0 to 1; the scores of all labels sum to 1. */
  readonly score: number;
}

/** Image classification: a picture in, the best labels out. */
export const imageClassification = defineTask<
  ModelConfig,
  ImageInput,
  ImageClassificationOptions,
  readonly Classification[]
>({
  name: 'image-classification',
  prepare: prepareImage,
});
