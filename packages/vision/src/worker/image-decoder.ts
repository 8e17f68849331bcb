import type { AnyPipeline, PipelineContext } from '@hayate/core';
import type { DecodeImage } from '../image';

const decoder = Symbol('hayate.imageDecoder');

interface WithDecoder {
  readonly [decoder]?: DecodeImage;
}

/**
 * Gives pipelines a decoder for image files, on a platform that has none, such as Node:
 * `createEngine({ pipelines: withImageDecoder(decode, [imageClassificationPipeline]) })`.
 */
export function withImageDecoder<Of extends AnyPipeline>(
  decode: DecodeImage,
  pipelines: readonly Of[],
): readonly Of[] {
  return pipelines.map((pipeline) => ({
    ...pipeline,
    load: (context, config: unknown) => {
      const extended: PipelineContext & WithDecoder = { ...context, [decoder]: decode };
      return pipeline.load(extended, config);
    },
  }));
}

/** The decoder of a pipeline, if it was given one. */
export function imageDecoderOf(context: PipelineContext & WithDecoder): DecodeImage | undefined {
  return context[decoder];
}
