import { HayateError, toHayateError } from '../../errors';
import type { WireImage } from '../../image';
import type { ImagePlan, ImagePlanSpec, VisionKernels } from '../../kernels';
import type { Manifest } from '../../manifest';
import { definePipeline, type PipelineContext } from '../../pipeline';
import { createTensor, type AnyTensor } from '../../tensor';
import { imageClassification } from './contract';

/** Picture → plan → session → softmax → the best labels. The model gives logits, one per label. */
export const imageClassificationPipeline = definePipeline(imageClassification, {
  async load(context) {
    const { manifest, readImage } = context;
    if (manifest.preprocess === undefined) throw badModel('the manifest has no "preprocess"');
    if (manifest.output.layout !== 'logits') {
      throw badModel(`the output layout must be "logits", not "${manifest.output.layout}"`);
    }
    const [session, vision, labels] = await Promise.all([
      context.session('model'),
      context.kernels.vision(),
      readLabels(context),
    ]);
    const inputName = manifest.input ?? session.inputs[0]?.name;
    const outputName = manifest.output.name ?? session.outputs[0]?.name;
    if (inputName === undefined || outputName === undefined)
      throw badModel('the graph has no input or no output');
    // Last: nothing after it can fail and leave it behind.
    const plan = makePlan(vision, manifest.preprocess);

    return {
      async run(input, { topK = 5 }, { signal, time }) {
        if (!Number.isInteger(topK) || topK < 1) {
          const reason = `topK must be a whole number of at least 1, not ${String(topK)}`;
          throw new HayateError('bad-input', `The option cannot be used: ${reason}.`, { reason });
        }
        const { decodeMs, copyMs } = await readImage(input as WireImage, plan, signal);
        time('decode', decodeMs);
        time('copy', copyMs);
        let start = performance.now();
        const lap = (stage: string) => {
          time(stage, performance.now() - start);
          start = performance.now();
        };
        // A copy: while the session is waited for, another model may make the kernels' memory grow.
        const tensor = createTensor(plan.type, plan.run().slice(), plan.dims) as AnyTensor;
        lap('preprocess');
        const outputs = await session.run({ [inputName]: tensor }, { signal });
        lap('inference');
        const logits = readLogits(outputs[outputName], outputName, labels.length);
        const best = vision.topK(vision.softmax(logits), topK);
        const output = Array.from(best.indices, (index, place) => ({
          label: labels[index] ?? String(index),
          index,
          score: best.scores[place] ?? 0,
        }));
        lap('postprocess');
        return output;
      },
      dispose() {
        plan.dispose();
      },
    };
  },
});

async function readLabels({ manifest, file }: PipelineContext): Promise<readonly string[]> {
  const { labels } = manifest as Pick<Manifest, 'labels'>;
  if (labels === undefined) throw badModel('the manifest has no "labels"');
  if (!('file' in labels)) return labels;
  const text = new TextDecoder().decode(await file(labels.file));
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) throw badModel(`the labels in "${labels.file}" must be a JSON array`);
  return parsed.map(String);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// What the kernels refuse here stands in the manifest.
function makePlan(vision: VisionKernels, spec: ImagePlanSpec): ImagePlan {
  try {
    return vision.imagePlan(spec);
  } catch (cause) {
    throw badModel(`"preprocess": ${toHayateError(cause).message}`, cause);
  }
}

function readLogits(tensor: AnyTensor | undefined, name: string, labels: number): Float32Array {
  if (tensor?.location !== 'cpu' || tensor.type !== 'float32') {
    throw badModel(`the output "${name}" must be a float32 tensor`);
  }
  if (tensor.data.length !== labels) {
    throw badModel(`the output "${name}" has ${tensor.data.length} values for ${labels} labels`);
  }
  return tensor.data;
}

function badModel(reason: string, cause?: unknown): HayateError<'bad-model'> {
  return new HayateError(
    'bad-model',
    `The model does not classify images: ${reason}.`,
    { reason },
    { cause },
  );
}
