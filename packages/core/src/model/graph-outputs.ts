import type { AnyTensor, Tensors } from '../ports/tensor';

/** One output of a graph for one input: row-major, its shape without the batch axis. */
export interface OutputFloats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a graph gave for one input. */
export interface GraphOutputs {
  /** @throws HayateError `bad-model` that names an output that is missing, no float32, or of another batch. */
  floats(name: string): OutputFloats;
}

/** The outputs of one input, the `place`th of `count`. */
export function sliceOutputs(
  outputs: Tensors,
  place: number,
  count: number,
  refuse: (reason: string) => Error,
): GraphOutputs {
  return {
    floats(name) {
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
    },
  };
}
