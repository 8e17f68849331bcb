import {
  serveGraph,
  type AnyContract,
  type GraphOutputs,
  type HayateError,
  type LoadedPipeline,
  type OptionsOf,
  type OutputOf,
  type PipelineContext,
  type Session,
} from '@hayate/core';
import type { VisionKernels } from '@hayate/core-wasm/vision';
import type { WireImage } from '../image';
import {
  createImageReader,
  inputSize,
  type ImageItem,
  type ImageReader,
  type SeenImage,
} from './image-input';
import { imageDecoderOf } from './image-decoder';
import { readImagePreprocess } from './image-preprocess';
import { loadKernels } from './load-kernels';

/** The outputs of a graph for one picture. */
export interface ImageOutputs extends GraphOutputs {
  readonly image: SeenImage;
}

/** What a task adds to {@link loadImageModel}. */
export interface ImageTask<Contract extends AnyContract> {
  /** Throws `bad-input` for invalid options, before a picture is read. */
  checkOptions(options: OptionsOf<Contract>): void;
  /** Computes the result of one picture. Also called for a zero-filled picture while the model loads. */
  read(outputs: ImageOutputs, options: OptionsOf<Contract>): OutputOf<Contract>;
}

/** A loaded graph whose input is one picture or a batch of pictures. */
export interface ImageModel {
  readonly vision: VisionKernels;
  readonly session: Session;
  /** The size of the graph's input, in pixels. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** Checks that the graph has an output of this name and returns the name; without a name, that of the first output. */
  outputName(name?: string): string;
  /** Creates the loaded pipeline. Must be the last step of a load, because a later failure would not dispose of it. */
  serve<Contract extends AnyContract>(
    task: ImageTask<Contract>,
  ): LoadedPipeline<Contract> & Required<Pick<LoadedPipeline<Contract>, 'runBatch'>>;
}

type Refuse = (reason: string, cause?: unknown) => HayateError;

/** The largest number of values in the tensors of one batch: larger batches are not faster and use a lot of memory. */
const MAX_BATCH_VALUES = 1 << 22;
const MAX_BATCH = 16;

/**
 * Loads the file `model` of a manifest as a graph with one input, a picture. All tasks on pictures use this function.
 *
 * @throws the `bad-model` error of `refuse` if manifest and graph do not fit; the errors of the session and the kernels.
 */
export async function loadImageModel(context: PipelineContext, refuse: Refuse): Promise<ImageModel> {
  const { manifest } = context;
  const preprocess = readImagePreprocess(manifest, refuse);
  if (preprocess.fit.kind === 'affine') {
    throw refuse(
      '"preprocess.fit.kind" must not be "affine", because a manifest cannot say where a picture is cut',
    );
  }
  const [session, vision] = await Promise.all([context.session('model'), loadKernels(context)]);
  const input = onlyInput(session, manifest.input, refuse);
  const { width, height } = inputSize(preprocess);
  return {
    vision,
    session,
    inputWidth: width,
    inputHeight: height,
    outputName(name = session.outputs[0]?.name) {
      if (name !== undefined && session.outputs.some((output) => output.name === name)) return name;
      throw refuse(noSuch('output', name, session.outputs));
    },
    serve<Contract extends AnyContract>({ checkOptions, read }: ImageTask<Contract>) {
      const reader = createImageReader(vision, preprocess, imageDecoderOf(context), refuse);
      try {
        checkInput(input, reader, refuse);
      } catch (error) {
        reader.dispose();
        throw error;
      }
      const [, ...picture] = reader.dims;
      return serveGraph<Contract, ImageItem>({
        session,
        maxBatch: maxBatch(input, picture),
        checkOptions,
        prepare: (image, signal, spend) => reader.read(image as WireImage, signal, spend),
        feed: (items) => ({ [input.name]: reader.stack(items) }),
        read: (outputs, { seen }, options) => read({ ...outputs, image: seen }, options),
        blank: reader.blank,
        refuse,
        dispose: reader.dispose,
      });
    },
  };
}

type GraphInput = Session['inputs'][number];

function onlyInput({ inputs }: Session, wanted: string | undefined, refuse: Refuse): GraphInput {
  const input = inputs.find(({ name }) => name === (wanted ?? inputs[0]?.name));
  if (input === undefined) throw refuse(noSuch('input', wanted, inputs));
  const other = inputs.find(({ name }) => name !== input.name);
  if (other !== undefined)
    throw refuse(`the graph has another input, "${other.name}", that nothing is fed to`);
  return input;
}

/** Checks that the plan's tensor fits the graph's input. */
function checkInput(
  { name, type, dims }: GraphInput,
  made: Pick<ImageReader, 'type' | 'dims'>,
  refuse: Refuse,
): void {
  const wrong = type !== made.type || dims.length !== made.dims.length;
  if (wrong || dims.some((side, axis) => isFixed(side) && side !== made.dims[axis])) {
    const makes = `${made.type} [${made.dims.join(', ')}]`;
    throw refuse(`the input "${name}" is ${type} [${dims.join(', ')}], but "preprocess" makes ${makes}`);
  }
}

/** How many pictures a batch takes: 1, unless the input's first axis is free. */
function maxBatch({ dims }: GraphInput, picture: readonly number[]): number {
  const values = picture.reduce((product, side) => product * side, 1);
  return isFixed(dims[0]) ? 1 : Math.max(1, Math.min(MAX_BATCH, Math.floor(MAX_BATCH_VALUES / values)));
}

/** Says which name is missing and which names exist, because most missing names are misspelt. */
function noSuch(kind: string, name: string | undefined, there: Session['inputs']): string {
  if (there.length === 0) return `the graph has no ${kind}s`;
  return `the graph has no ${kind} "${name ?? ''}", only ${there.map((each) => `"${each.name}"`).join(', ')}`;
}

const isFixed = (side: number | string | undefined) => typeof side === 'number' && side > 0;
