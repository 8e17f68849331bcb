import { checkCountOption, definePipeline, HayateError, readLabels } from '@hayate/core';
import { loadImageModel } from '../../worker/load-image-model';
import { imageClassification } from './contract';

/** Picture → plan → session → softmax → the best labels. The model gives logits, one per label. */
export const imageClassificationPipeline = definePipeline(imageClassification, {
  async load(context) {
    const { layout, name } = context.manifest.output;
    if (layout !== 'logits') throw badModel(`the output layout must be "logits", not "${layout}"`);
    const [model, labels] = await Promise.all([
      loadImageModel(context, badModel),
      readLabels(context, badModel),
    ]);
    const { vision } = model;
    const output = model.outputName(name);
    return model.serve<typeof imageClassification>({
      checkOptions({ topK }) {
        checkCountOption('topK', topK);
      },
      read({ floats }, { topK = 5 }) {
        const { data: logits } = floats(output);
        if (logits.length !== labels.length) {
          throw badModel(`the output "${output}" has ${logits.length} values for ${labels.length} labels`);
        }
        const best = vision.topK(vision.softmax(logits), topK);
        return Array.from(best.indices, (index, place) => ({
          label: labels[index] ?? String(index),
          index,
          score: best.scores[place] ?? 0,
        }));
      },
    });
  },
});

function badModel(reason: string, cause?: unknown): HayateError<'bad-model'> {
  return new HayateError(
    'bad-model',
    `The model does not classify images: ${reason}.`,
    { reason },
    { cause },
  );
}
