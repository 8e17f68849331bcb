import {
  HayateError,
  type AnyTensor,
  type BackendAttempt,
  type BackendName,
  type Session,
  type SessionRunOptions,
  type TensorData,
  type TensorInfo,
  type Tensors,
  type TensorType,
} from '@hayate/core';
import type { InferenceSession, Tensor as OrtTensor, TypedTensor } from 'onnxruntime-web/wasm';
import type { Backend } from './backend';
import type { Ort, OrtRealm } from './ort';

/**
 * Wraps a session of ONNX Runtime. `recreate` is set if outputs may stay on the device: after a failed run, every run of
 * such a session fails (ONNX Runtime 1.30 does not reset its IO binding), so it is recreated before the next run.
 */
export function createOrtSession(
  first: InferenceSession,
  { ort, serial }: OrtRealm,
  backend: Backend,
  refused: readonly BackendAttempt[],
  recreate: (() => Promise<InferenceSession>) | undefined,
): Session {
  const inputNames = first.inputNames;
  const outputNames = first.outputNames;
  let inference: InferenceSession | undefined = first;
  let disposed = false;

  async function failed(cause: unknown): Promise<never> {
    if (recreate !== undefined) {
      const poisoned = inference;
      inference = undefined;
      await poisoned?.release().catch(() => undefined);
    }
    throw runError(backend.name, cause);
  }

  async function infer(feeds: Tensors, { signal, outputs, keep = {} }: SessionRunOptions): Promise<Tensors> {
    signal?.throwIfAborted();
    const alive = inference ?? (await recreate?.()) ?? first;
    inference = alive;
    const ortFeeds = Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(ort, tensor)]),
    );
    const made = await (outputs ? alive.run(ortFeeds, [...outputs]) : alive.run(ortFeeds)).catch(failed);
    try {
      signal?.throwIfAborted();
      const named = Object.entries(made).map(async ([name, tensor]) => {
        const own = fromOrtTensor(name, tensor);
        if (own.location === 'cpu' || keep[name] === 'device') return [name, own] as const;
        return [name, await own.download().finally(own.dispose)] as const;
      });
      return Object.fromEntries(await Promise.all(named));
    } catch (error) {
      // Nobody receives these outputs, which would stay on the GPU.
      for (const tensor of Object.values(made)) tensor.dispose();
      throw error;
    }
  }

  return {
    backend: backend.name,
    // ONNX Runtime sets the number to 1 if there is no shared memory.
    threads: backend.threads ? (ort.env.wasm.numThreads ?? 1) : 1,
    refused: [...refused],
    inputs: first.inputMetadata.map(describe),
    outputs: first.outputMetadata.map(describe),

    async run(feeds, options = {}) {
      if (disposed) throw new HayateError('disposed', 'The session has been disposed.', {});
      checkFeeds(Object.keys(feeds), inputNames);
      checkOutputs([...(options.outputs ?? []), ...Object.keys(options.keep ?? {})], outputNames);
      return serial(() => infer(feeds, options));
    },

    async dispose() {
      if (disposed) return;
      disposed = true;
      await serial(async () => inference?.release());
    },
  };
}

function describe(info: InferenceSession.ValueMetadata): TensorInfo {
  return info.isTensor
    ? { name: info.name, type: info.type, dims: info.shape }
    : { name: info.name, type: 'not a tensor', dims: [] };
}

function checkFeeds(given: readonly string[], needed: readonly string[]): void {
  const missing = needed.filter((name) => !given.includes(name));
  const unknown = given.filter((name) => !needed.includes(name));
  if (missing.length + unknown.length === 0) return;
  throw refuse(`the model's inputs are ${needed.join(', ')}, but it was given ${given.join(', ') || 'none'}`);
}

function checkOutputs(wanted: readonly string[], there: readonly string[]): void {
  const unknown = wanted.find((name) => !there.includes(name));
  if (unknown === undefined) return;
  throw refuse(`the model's outputs are ${there.join(', ')}, but "${unknown}" was asked for`);
}

function refuse(reason: string): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The model cannot run: ${reason}.`, { reason });
}

function runError(backend: BackendName, cause: unknown): HayateError {
  const reason = messageOf(cause);
  if (/device (is |was )?lost/i.test(reason)) {
    return new HayateError('device-lost', `The GPU was lost: ${reason}`, { backend, reason }, { cause });
  }
  const message = `ONNX Runtime failed on ${backend}: ${reason}`;
  return new HayateError('session-failed', message, { backend, reason }, { cause });
}

/** The message of an error. ONNX Runtime also throws numbers, which are addresses of exceptions in its memory. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `ONNX Runtime failed (${String(error)})`;
}

const TYPES: ReadonlySet<string> = new Set<TensorType>([
  'float32',
  'float16',
  'int32',
  'int64',
  'int8',
  'uint8',
  'bool',
]);

/** Converts a tensor to one of ONNX Runtime that uses the same memory. */
function toOrtTensor(ort: Ort, tensor: AnyTensor): OrtTensor {
  if (tensor.location !== 'cpu') return tensor.handle as OrtTensor;
  return new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
}

/**
 * Converts a tensor of ONNX Runtime to a {@link Tensor}. Elements on the GPU stay there.
 *
 * @throws HayateError `bad-model` for an element type that has no typed array, such as strings.
 */
function fromOrtTensor(name: string, tensor: OrtTensor): AnyTensor {
  if (!TYPES.has(tensor.type)) {
    const reason = `the output "${name}" has the element type ${tensor.type}`;
    throw new HayateError('bad-model', `The model cannot be used: ${reason}.`, { reason });
  }
  const type = tensor.type as TensorType;
  const { dims } = tensor;
  const onCpu = (data: TensorData[TensorType]) =>
    ({ type, dims, location: 'cpu', data: plainData(type, data) }) as Extract<AnyTensor, { location: 'cpu' }>;
  if (tensor.location === 'gpu-buffer' || tensor.location === 'ml-tensor') {
    return {
      type,
      dims,
      location: tensor.location,
      handle: tensor,
      download: async () => onCpu((await tensor.getData()) as TensorData[TensorType]),
      dispose() {
        tensor.dispose();
      },
    };
  }
  return onCpu((tensor as TypedTensor<'float32'>).data);
}

// In browsers with Float16Array, ONNX Runtime returns that; {@link TensorData} has the bits in a Uint16Array.
function plainData(type: TensorType, data: TensorData[TensorType]): TensorData[TensorType] {
  if (type !== 'float16' || data instanceof Uint16Array) return data;
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}
