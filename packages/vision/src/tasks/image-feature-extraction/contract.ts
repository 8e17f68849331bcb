import { defineTask, type ModelConfig } from '@hayate/core';
import type { ImageInput } from '../../image';
import { prepareImage } from '../../prepare-image';

/** What one run may choose. */
export interface ImageFeatureExtractionOptions {
  /** Whether the vector is brought to length 1 (L2). @defaultValue true */
  readonly normalize?: boolean;
}

/** Image embeddings: a picture in, a vector out. */
export const imageFeatureExtraction = defineTask<
  ModelConfig,
  ImageInput,
  ImageFeatureExtractionOptions,
  Float32Array
>({
  name: 'image-feature-extraction',
  prepare: prepareImage,
});
