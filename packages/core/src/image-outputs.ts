import type { AffineMatrix } from './kernels';
import type { AnyTensor, Tensors } from './tensor';

/** How the picture that a model saw lies in its input. */
export interface SeenImage {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** From the pixels of the model's input to the picture's; see `ImagePlan.toSource`. */
  readonly toSource: AffineMatrix;
}

/** One output of a graph for one picture: row-major, its shape without the batch axis. */
export interface OutputFloats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a graph gave for one picture. */
export interface ImageOutputs {
  readonly image: SeenImage;
  /** @throws HayateError `bad-model` that names an output that is missing, no float32, or of another batch. */
  floats(name: string): OutputFloats;
}

/** The share of one picture, the `place`th of `count`, in a graph's outputs. */
export function shareOutputs(
  outputs: Tensors,
  place: number,
  count: number,
  image: SeenImage,
  refuse: (reason: string) => Error,
): ImageOutputs {
  function floats(name: string): OutputFloats {
    const tensor: AnyTensor | undefined = outputs[name];
    if (tensor?.location !== 'cpu' || tensor.type !== 'float32') {
      const found = tensor === undefined ? 'missing' : `${tensor.type} [${tensor.dims.join(', ')}]`;
      throw refuse(`the output "${name}" is ${found}, but must be a float32 tensor`);
    }
    const { data, dims } = tensor;
    if (dims[0] === count) {
      const length = data.length / count;
      return { data: data.subarray(place * length, (place + 1) * length), dims: dims.slice(1) };
    }
    if (count === 1) return { data, dims };
    throw refuse(`the output "${name}" is [${dims.join(', ')}] for a batch of ${count}`);
  }
  return { image, floats };
}
