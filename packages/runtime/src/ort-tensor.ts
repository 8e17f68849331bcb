import { createTensor, HayateError, type AnyTensor, type TensorData, type TensorType } from '@hayate/core';
import type { Tensor as OrtTensor, TypedTensor } from 'onnxruntime-web/wasm';
import type { Ort } from './ort';

const TYPES: ReadonlySet<string> = new Set<TensorType>([
  'float32',
  'float16',
  'int32',
  'int64',
  'int8',
  'uint8',
  'bool',
]);

/** Our tensor as one of ONNX Runtime, over the same memory. */
export function toOrtTensor(ort: Ort, tensor: AnyTensor): OrtTensor {
  if (tensor.location !== 'cpu') return tensor.handle as OrtTensor;
  return new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
}

/**
 * A tensor of ONNX Runtime as ours; what lies on the GPU stays there.
 *
 * @throws HayateError `bad-model` for an element type that has no typed array, such as strings.
 */
export function fromOrtTensor(name: string, tensor: OrtTensor): AnyTensor {
  if (!TYPES.has(tensor.type)) {
    const reason = `the output "${name}" has the element type ${tensor.type}`;
    throw new HayateError('bad-model', `The model cannot be used: ${reason}.`, { reason });
  }
  const type = tensor.type as TensorType;
  const { dims } = tensor;
  if (tensor.location === 'gpu-buffer' || tensor.location === 'ml-tensor') {
    return {
      type,
      dims,
      location: tensor.location,
      handle: tensor,
      async download() {
        const data = await tensor.getData();
        return createTensor(type, data as TensorData[TensorType], dims) as Awaited<
          ReturnType<typeof this.download>
        >;
      },
      dispose() {
        tensor.dispose();
      },
    };
  }
  const data = plainData(type, (tensor as TypedTensor<'float32'>).data);
  return createTensor(type, data, dims) as AnyTensor;
}

// Newer browsers have a Float16Array, which ONNX Runtime then gives; the port speaks of the bits.
function plainData(type: TensorType, data: TensorData[TensorType]): TensorData[TensorType] {
  if (type !== 'float16' || data instanceof Uint16Array) return data;
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}
