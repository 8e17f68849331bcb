import { HayateError, toHayateError } from '../../errors';
import type { WireImage } from '../../image';
import type { ImagePlan, ImagePlanSpec, ImageTensorType, VisionKernels } from '../../kernels';
import type { Manifest } from '../../manifest';
import { definePipeline, type PipelineContext, type RunContext } from '../../pipeline';
import { createTensor, type AnyTensor, type TensorData } from '../../tensor';
import { imageClassification, type Classification, type ImageClassificationOptions } from './contract';

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
    // A free first axis takes any number of pictures. More than 16 gain nothing and hold a lot of memory.
    const [batchAxis] = session.inputs.find(({ name }) => name === inputName)?.dims ?? [];
    const maxBatch = typeof batchAxis === 'number' && batchAxis > 0 ? 1 : 16;
    // Last: nothing after it can fail and leave it behind.
    const plan = makePlan(vision, manifest.preprocess);
    const [, ...dims] = plan.dims;

    /** Runs the model on the tensors of `count` pictures; gives the logits of all. */
    async function infer(data: PlanData, count: number, signal?: AbortSignal) {
      const tensor = createTensor(plan.type, data, [count, ...dims]) as AnyTensor;
      const outputs = await session.run({ [inputName as string]: tensor }, { ...(signal && { signal }) });
      return readLogits(outputs[outputName as string], outputName as string, count * labels.length);
    }

    function classify(logits: Float32Array, topK: number): readonly Classification[] {
      const best = vision.topK(vision.softmax(logits), topK);
      return Array.from(best.indices, (index, place) => ({
        label: labels[index] ?? String(index),
        index,
        score: best.scores[place] ?? 0,
      }));
    }

    async function runBatch(
      inputs: readonly unknown[],
      { topK = 5 }: ImageClassificationOptions,
      { signal, time }: Pick<RunContext<never>, 'signal' | 'time'>,
    ): Promise<readonly PromiseSettledResult<readonly Classification[]>[]> {
      checkTopK(topK);
      const spent = { decode: 0, copy: 0, preprocess: 0 };
      // One after the other: the plan takes one picture at a time. A copy of each tensor, for while the session is
      // waited for, another model may make the kernels' memory grow.
      const tensors: PromiseSettledResult<PlanData>[] = [];
      for (const input of inputs) {
        try {
          const { decodeMs, copyMs } = await readImage(input as WireImage, plan, signal);
          spent.decode += decodeMs;
          spent.copy += copyMs;
          const start = performance.now();
          tensors.push({ status: 'fulfilled', value: plan.run().slice() });
          spent.preprocess += performance.now() - start;
        } catch (reason) {
          signal.throwIfAborted();
          tensors.push({ status: 'rejected', reason });
        }
      }
      for (const [stage, ms] of Object.entries(spent)) time(stage, ms);
      const good = tensors.filter((tensor) => tensor.status === 'fulfilled').map(({ value }) => value);
      if (good.length === 0) return tensors as PromiseRejectedResult[];
      let start = performance.now();
      const logits = await infer(joined(good), good.length, signal);
      time('inference', performance.now() - start);
      start = performance.now();
      let row = 0;
      const settled = tensors.map((tensor): PromiseSettledResult<readonly Classification[]> => {
        if (tensor.status === 'rejected') return tensor;
        const value = classify(logits.subarray(row * labels.length, (row + 1) * labels.length), topK);
        row += 1;
        return { status: 'fulfilled', value };
      });
      time('postprocess', performance.now() - start);
      return settled;
    }

    return {
      maxBatch,
      runBatch,
      async run(input, options, context) {
        const [settled] = await runBatch([input], options, context);
        if (settled?.status === 'fulfilled') return settled.value;
        throw settled?.reason;
      },
      async warmUp() {
        const length = plan.dims.reduce((product, side) => product * side, 1);
        await infer(new ARRAYS[plan.type](length), 1);
      },
      dispose() {
        plan.dispose();
      },
    };
  },
});

/** What a plan makes. */
type PlanData = TensorData[ImageTensorType];

const ARRAYS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array, int8: Int8Array };

/** The tensors one after the other, in one. */
function joined(parts: readonly PlanData[]): PlanData {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first as PlanData;
  const TypedArray = first.constructor as new (length: number) => Uint8Array;
  const whole = new TypedArray(first.length * parts.length);
  parts.forEach((part, place) => {
    whole.set(part, place * first.length);
  });
  return whole;
}

function checkTopK(topK: number): void {
  if (Number.isInteger(topK) && topK >= 1) return;
  const reason = `topK must be a whole number of at least 1, not ${String(topK)}`;
  throw new HayateError('bad-input', `The option cannot be used: ${reason}.`, { reason });
}

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
