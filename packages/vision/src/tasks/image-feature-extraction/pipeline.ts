import { badOption, definePipeline, HayateError, readOutputLayout } from '@hayate/core';
import { loadImageModel } from '../../worker/load-image-model';
import { imageFeatureExtraction } from './contract';

/** Picture → plan → session → the vector, of length 1 unless asked otherwise. The model gives one vector per picture. */
export const imageFeatureExtractionPipeline = definePipeline(imageFeatureExtraction, {
  async load(context) {
    readOutputLayout(context.manifest.output, ['embedding'], badModel);
    const model = await loadImageModel(context, badModel);
    const output = model.outputName(context.manifest.output.name);
    return model.serve<typeof imageFeatureExtraction>({
      checkOptions({ normalize }) {
        if (normalize !== undefined && typeof normalize !== 'boolean')
          throw badOption('normalize must be true or false');
      },
      read({ floats }, { normalize = true }) {
        const { data, dims } = floats(output);
        if (dims.length !== 1) {
          throw badModel(`the output "${output}" is [${dims.join(', ')}] for a picture, not a vector`);
        }
        const length = normalize ? Math.max(Math.hypot(...data), 1e-12) : 1;
        return data.map((value) => value / length);
      },
    });
  },
});

function badModel(reason: string, cause?: unknown): HayateError<'bad-model'> {
  return new HayateError('bad-model', `The model does not embed images: ${reason}.`, { reason }, { cause });
}
