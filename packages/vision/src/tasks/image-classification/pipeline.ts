import { checkCountOption, definePipeline, readLabels, readOutputLayout } from '@hayate/core';
import { loadImageModel } from '../../worker/load-image-model';
import { unfitModel } from '../../worker/unfit-model';
import { imageClassification } from './contract';

const badModel = unfitModel('classify images');

/** Picture → plan → session → softmax → the best labels. The graph's output are logits, one per label. */
export const imageClassificationPipeline = definePipeline(imageClassification, {
  async load(context) {
    readOutputLayout(context.manifest.output, ['logits'], badModel);
    const [model, labels] = await Promise.all([
      loadImageModel(context, badModel),
      readLabels(context, badModel),
    ]);
    const { vision } = model;
    const output = model.outputName(context.manifest.output.name);
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
