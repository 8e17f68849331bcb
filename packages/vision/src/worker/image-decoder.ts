import type { AnyPipeline, PipelineContext } from '@hayate/core';
import type { DecodeImage } from '../image';

const decoder = Symbol('hayate.imageDecoder');

interface WithDecoder {
  readonly [decoder]?: DecodeImage;
}

/**
 * Adds a decoder for image files to pipelines, for platforms that have none, such as Node:
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

/** The decoder that {@link withImageDecoder} has added; undefined if it has not. */
export function imageDecoderOf(context: PipelineContext & WithDecoder): DecodeImage | undefined {
  return context[decoder];
}
