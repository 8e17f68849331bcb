import type { AnyContract, OptionsOf, OutputOf } from './contract';
import { HayateError, toHayateError } from './errors';
import type { PixelTarget, WireImage } from './image';
import { shareOutputs, type ImageOutputs, type SeenImage } from './image-outputs';
import type { ImagePlan, ImagePlanSpec, ImageTensorType, VisionKernels } from './kernels';
import type { LoadedPipeline, PipelineContext, RunContext } from './pipeline';
import type { Session } from './session';
import { createTensor, type AnyTensor, type TensorData } from './tensor';

/** What a task makes of what its graph gave. */
export interface ImageReader<Contract extends AnyContract> {
  /** Throws `bad-input` for options that cannot be used, before a picture is read. */
  checkOptions(options: OptionsOf<Contract>): void;
  /** One picture's result. It is tried once over nothing while the model loads, so that a wrong graph is found then. */
  read(outputs: ImageOutputs, options: OptionsOf<Contract>): OutputOf<Contract>;
}

/** A model that is fed one picture, or a batch of them. */
export interface ImageModel {
  readonly vision: VisionKernels;
  readonly session: Session;
  /** The size of the graph's input, in pixels. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** Checks that the graph has an output of this name (its first one when absent), and gives the name. */
  outputName(name?: string): string;
  /** The loaded pipeline; the last step of a load, for what it makes has to be disposed of. */
  serve<Contract extends AnyContract>(
    reader: ImageReader<Contract>,
  ): LoadedPipeline<Contract> & Required<Pick<LoadedPipeline<Contract>, 'runBatch'>>;
}

/** Values in the tensors of one batch at most: more gain nothing and hold a lot of memory. */
const MAX_BATCH_VALUES = 1 << 22;
const MAX_BATCH = 16;

/**
 * Loads the file `model` of a manifest as a graph with one input, a picture: what every task that looks at pictures
 * has in common. `refuse` makes the task's `bad-model` of a reason.
 */
export async function loadImageModel(
  { manifest, session: loadSession, kernels, readImage }: PipelineContext,
  refuse: (reason: string, cause?: unknown) => HayateError,
): Promise<ImageModel> {
  const { preprocess } = manifest;
  if (preprocess === undefined) throw refuse('the manifest has no "preprocess"');
  if (preprocess.fit.kind === 'affine') {
    throw refuse('"preprocess.fit.kind" must not be "affine", for nothing says where a picture is cut');
  }
  const [session, vision] = await Promise.all([loadSession('model'), kernels.vision()]);
  const input = session.inputs.find(({ name }) => name === (manifest.input ?? session.inputs[0]?.name));
  if (input === undefined) throw refuse(noSuch('input', manifest.input, session.inputs));
  const other = session.inputs.find(({ name }) => name !== input.name);
  if (other !== undefined)
    throw refuse(`the graph has another input, "${other.name}", that nothing is fed to`);
  const { fit } = preprocess;
  const size = fit.kind === 'shorter-side-crop' ? fit.crop : fit;

  function outputName(name = session.outputs[0]?.name): string {
    if (name !== undefined && session.outputs.some((output) => output.name === name)) return name;
    throw refuse(noSuch('output', name, session.outputs));
  }

  function serve<Contract extends AnyContract>({ checkOptions, read }: ImageReader<Contract>) {
    const plan = makePlan(vision, preprocess as ImagePlanSpec, refuse);
    const { name, dims, type } = input as Session['inputs'][number];
    const wrong = type !== plan.type || dims.length !== plan.dims.length;
    if (wrong || dims.some((side, axis) => isFixed(side) && side !== plan.dims[axis])) {
      plan.dispose();
      const made = `${plan.type} [${plan.dims.join(', ')}]`;
      throw refuse(`the input "${name}" is ${type} [${dims.join(', ')}], but "preprocess" makes ${made}`);
    }
    const [, ...picture] = plan.dims;
    const values = picture.reduce((product, side) => product * side, 1);
    // A free first axis takes any number of pictures.
    const most = Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_BATCH_VALUES / values)));

    /** Runs the graph on the tensors of `count` pictures. */
    function infer(data: PlanData, count: number, signal?: AbortSignal) {
      const tensor = createTensor(plan.type, data, [count, ...picture]) as AnyTensor;
      return session.run({ [name]: tensor }, { ...(signal && { signal }) });
    }

    async function runBatch(
      inputs: readonly unknown[],
      options: OptionsOf<Contract>,
      { signal, time }: Pick<RunContext<never>, 'signal' | 'time'>,
    ): Promise<readonly PromiseSettledResult<OutputOf<Contract>>[]> {
      checkOptions(options);
      const spent = { decode: 0, copy: 0, preprocess: 0 };
      // One after the other: the plan takes one picture at a time. A copy of each tensor, for while the session is
      // waited for, another model may make the kernels' memory grow.
      const tensors: PromiseSettledResult<{ readonly data: PlanData; readonly image: SeenImage }>[] = [];
      for (const each of inputs) {
        try {
          const { target, size: seen } = measured(plan);
          const { decodeMs, copyMs } = await readImage(each as WireImage, target, signal);
          spent.decode += decodeMs;
          spent.copy += copyMs;
          const start = performance.now();
          const data = plan.run().slice();
          tensors.push({
            status: 'fulfilled',
            value: { data, image: { ...seen, toSource: plan.toSource } },
          });
          spent.preprocess += performance.now() - start;
        } catch (reason) {
          signal.throwIfAborted();
          tensors.push({ status: 'rejected', reason });
        }
      }
      for (const [stage, ms] of Object.entries(spent)) time(stage, ms);
      const good = tensors.filter((tensor) => tensor.status === 'fulfilled').map(({ value }) => value);
      if (good.length === 0) return tensors;
      let start = performance.now();
      const outputs = await infer(joined(good.map(({ data }) => data)), good.length, signal);
      time('inference', performance.now() - start);
      start = performance.now();
      let place = 0;
      const settled = tensors.map((tensor): PromiseSettledResult<OutputOf<Contract>> => {
        if (tensor.status === 'rejected') return tensor;
        const share = shareOutputs(outputs, place, good.length, tensor.value.image, refuse);
        place += 1;
        return { status: 'fulfilled', value: read(share, options) };
      });
      time('postprocess', performance.now() - start);
      return settled;
    }

    return {
      maxBatch: isFixed(dims[0]) ? 1 : most,
      runBatch,
      async run(
        each: unknown,
        options: OptionsOf<Contract>,
        run: Pick<RunContext<never>, 'signal' | 'time'>,
      ) {
        const [settled] = await runBatch([each], options, run);
        if (settled?.status === 'fulfilled') return settled.value;
        throw settled?.reason;
      },
      async warmUp() {
        const outputs = await infer(new ARRAYS[plan.type](values), 1);
        const image: SeenImage = { ...size, toSource: [1, 0, 0, 0, 1, 0] };
        read(shareOutputs(outputs, 0, 1, image, refuse), {});
      },
      dispose() {
        plan.dispose();
      },
    };
  }

  return { vision, session, inputWidth: size.width, inputHeight: size.height, outputName, serve };
}

/** Says what is missing and, since that is mostly a name spelt otherwise, what there is. */
function noSuch(kind: string, name: string | undefined, there: Session['inputs']): string {
  if (there.length === 0) return `the graph has no ${kind}s`;
  return `the graph has no ${kind} "${name ?? ''}", only ${there.map((each) => `"${each.name}"`).join(', ')}`;
}

/** What a plan makes. */
type PlanData = TensorData[ImageTensorType];

const ARRAYS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array, int8: Int8Array };

const isFixed = (side: number | string | undefined) => typeof side === 'number' && side > 0;

// What the kernels refuse here stands in the manifest.
function makePlan(
  vision: VisionKernels,
  spec: ImagePlanSpec,
  refuse: (reason: string, cause?: unknown) => Error,
): ImagePlan {
  try {
    return vision.imagePlan(spec);
  } catch (cause) {
    throw refuse(`"preprocess": ${toHayateError(cause).message}`, cause);
  }
}

/** The plan as a target that notes how large the picture is. */
function measured(plan: ImagePlan) {
  const size = { width: 0, height: 0 };
  const target: PixelTarget = {
    input(width, height, format, colorSpace) {
      Object.assign(size, { width, height });
      return plan.input(width, height, format, colorSpace);
    },
    get copyOptions() {
      return plan.copyOptions;
    },
  };
  return { target, size };
}

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
