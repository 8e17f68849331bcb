import { HayateError } from '../errors';

/** The typed array that holds each element type. */
export interface TensorData {
  float32: Float32Array;
  /** The bits of half-precision numbers. */
  float16: Uint16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  int8: Int8Array;
  uint8: Uint8Array;
  /** 0 or 1. */
  bool: Uint8Array;
}

/** Element types, named as ONNX names them. */
export type TensorType = keyof TensorData;

/** A dense tensor in row-major order. The creator of `data` owns it. */
export interface Tensor<Type extends TensorType = TensorType> {
  readonly type: Type;
  readonly dims: readonly number[];
  readonly location: 'cpu';
  readonly data: TensorData[Type];
}

/** A tensor that stays on the GPU between two runs; only the session that made it can read it. */
export interface DeviceTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly location: 'gpu-buffer' | 'ml-tensor';
  /** The backend's own handle. */
  readonly handle: unknown;
  /** Copies the elements to the CPU. */
  download(): Promise<AnyCpuTensor>;
  dispose(): void;
}

/** A tensor in memory that JavaScript can read; checking `type` narrows `data`. */
export type AnyCpuTensor = { [Type in TensorType]: Tensor<Type> }[TensorType];

/** Any tensor; checking `location` narrows it to one with `data` or one on the GPU. */
export type AnyTensor = AnyCpuTensor | DeviceTensor;

/** Tensors by the name of the graph's input or output. */
export type Tensors = Readonly<Record<string, AnyTensor>>;

/**
 * Creates a CPU tensor from `data` without copying it.
 *
 * @throws HayateError `bad-input` when `dims` and the number of elements do not agree.
 */
export function createTensor<Type extends TensorType>(
  type: Type,
  data: TensorData[Type],
  dims: readonly number[],
): Tensor<Type> {
  const elements = dims.reduce((product, side) => product * side, 1);
  if (elements !== data.length) {
    const reason = `dims [${dims.join(', ')}] need ${elements} elements, but there are ${data.length}`;
    throw new HayateError('bad-input', `The tensor does not fit: ${reason}.`, { reason });
  }
  return { type, dims, location: 'cpu', data };
}
