import { badInput, checkStatus } from './bad-input';
import { CANDIDATE } from './abi';
import type { EmbeddingsExports } from './create-embeddings';
import type { VisionExports } from './create-vision';
import { createHandle, type Handle, type KernelInstance } from './instance';
import type { Floats, ScoreKernels } from './output-kernels';

/** The instance whose memory is read and written. */
type MemoryOwner = Pick<KernelInstance<unknown>, 'buffer'>;

/** One array or several as a list of parts. Throws `bad-input` for anything else. */
export function partsOf(name: string, floats: Floats): readonly Float32Array[] {
  const parts = floats instanceof Float32Array ? [floats] : floats;
  if (Array.isArray(parts) && parts.every((part) => part instanceof Float32Array)) return parts;
  throw badInput(`${name} must be a Float32Array or several`);
}

/** The number of floats in all parts. */
export function countFloats(parts: readonly Float32Array[]): number {
  return parts.reduce((count, part) => count + part.length, 0);
}

/** Writes the parts one after the other, from address `start` on. */
export function writeFloats(instance: MemoryOwner, start: number, parts: readonly Float32Array[]): void {
  const view = new Float32Array(instance.buffer, start, countFloats(parts));
  let at = 0;
  for (const part of parts) {
    view.set(part, at);
    at += part.length;
  }
}

/** A copy of `count` floats from address `start` on. */
export function copyFloats(instance: MemoryOwner, start: number, count: number): Float32Array<ArrayBuffer> {
  // A typed array made from a view is a copy.
  return new Float32Array(new Float32Array(instance.buffer, start, count));
}

/** What the modules of all families with vectors export. */
type VectorExports = Pick<VisionExports, keyof VisionExports & keyof EmbeddingsExports>;

/** A buffer for vectors, made on first use. */
export function createVectorBuffer(instance: KernelInstance<VectorExports>): Handle {
  return createHandle(
    instance,
    (exports) => exports.vectorbuffer_new(),
    (exports, address) => {
      exports.vectorbuffer_free(address);
    },
  );
}

/** Writes vectors into a buffer, one after the other, and gives the buffer's address. */
export function fillVectors(
  instance: KernelInstance<VectorExports>,
  buffer: Handle,
  parts: readonly Float32Array[],
): number {
  const { address } = buffer;
  const count = countFloats(parts);
  checkStatus(instance.call((exports) => exports.vectorbuffer_reserve(address, count)));
  const start = instance.call((exports) => exports.vectorbuffer_input_ptr(address));
  writeFloats(instance, start, parts);
  return address;
}

/** A copy of the result of the last call on the buffer. */
export function copyVectors(
  instance: KernelInstance<VectorExports>,
  address: number,
): Float32Array<ArrayBuffer> {
  const start = instance.call((exports) => exports.vectorbuffer_output_ptr(address));
  const length = instance.call((exports) => exports.vectorbuffer_output_len(address));
  return copyFloats(instance, start, length);
}

/** The kernels for vectors of scores. */
export function createScores(instance: KernelInstance<VectorExports>): ScoreKernels {
  const buffer = createVectorBuffer(instance);

  function apply(
    values: Float32Array,
    kernel: (exports: VectorExports, address: number) => number,
  ): Float32Array<ArrayBuffer> {
    const address = fillVectors(instance, buffer, [values]);
    checkStatus(instance.call((exports) => kernel(exports, address)));
    return copyVectors(instance, address);
  }

  return {
    softmax(logits) {
      if (logits.length === 0) throw badInput('softmax needs at least one logit');
      return apply(logits, (exports, address) => exports.vectorbuffer_softmax(address));
    },

    sigmoid: (values) => apply(values, (exports, address) => exports.vectorbuffer_sigmoid(address)),

    topK(values, k) {
      if (!Number.isInteger(k) || k < 1) throw badInput('k must be an integer of at least 1');
      const address = fillVectors(instance, buffer, [values]);
      const places = Math.min(k, values.length);
      checkStatus(instance.call((exports) => exports.vectorbuffer_top_k(address, places)));
      const start = instance.call((exports) => exports.vectorbuffer_candidates_ptr(address));
      const count = instance.call((exports) => exports.vectorbuffer_candidates_len(address));
      const { score, index, length } = CANDIDATE;
      const floats = new Float32Array(instance.buffer, start, count * length);
      const integers = new Uint32Array(instance.buffer, start, count * length);
      return {
        scores: Float32Array.from({ length: count }, (_, at) => floats[at * length + score] ?? NaN),
        indices: Uint32Array.from({ length: count }, (_, at) => integers[at * length + index] ?? 0),
      };
    },
  };
}
