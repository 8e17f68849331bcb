import type { OutputKernels } from './output-kernels';

import { badInput, checkStatus } from './bad-input';
import { copyFloats, countFloats, writeFloats } from './floats';
import { createHandle, type Handle, type KernelExports, type KernelInstance } from './instance';

/** A buffer for vectors, made on first use. */
export function createVectorBuffer(instance: KernelInstance): Handle {
  return createHandle(
    instance,
    (exports) => exports.scorebuffer_new(),
    (exports, address) => {
      exports.scorebuffer_free(address);
    },
  );
}

/** Writes vectors into a buffer, one after the other, and gives the buffer's address. */
export function fillVectors(
  instance: KernelInstance,
  buffer: Handle,
  parts: readonly Float32Array[],
): number {
  const { address } = buffer;
  const count = countFloats(parts);
  checkStatus(instance.call((exports) => exports.scorebuffer_reserve(address, count)));
  const start = instance.call((exports) => exports.scorebuffer_input_ptr(address));
  writeFloats(instance, start, parts);
  return address;
}

/** A copy of what the last call on the buffer gave. */
export function copyVectors(instance: KernelInstance, address: number): Float32Array<ArrayBuffer> {
  const start = instance.call((exports) => exports.scorebuffer_output_ptr(address));
  return copyFloats(
    instance,
    start,
    instance.call((exports) => exports.scorebuffer_output_len(address)),
  );
}

/** The kernels for vectors of scores. */
export function createScores(
  instance: KernelInstance,
): Pick<OutputKernels, 'softmax' | 'logSoftmax' | 'sigmoid' | 'topK'> {
  const buffer = createVectorBuffer(instance);

  function apply(
    values: Float32Array,
    kernel: (exports: KernelExports, address: number) => number,
  ): Float32Array<ArrayBuffer> {
    const address = fillVectors(instance, buffer, [values]);
    checkStatus(instance.call((exports) => kernel(exports, address)));
    return copyVectors(instance, address);
  }

  return {
    softmax(logits) {
      if (logits.length === 0) throw badInput('softmax needs at least one logit');
      return apply(logits, (exports, address) => exports.scorebuffer_softmax(address));
    },

    logSoftmax(logits) {
      if (logits.length === 0) throw badInput('logSoftmax needs at least one logit');
      return apply(logits, (exports, address) => exports.scorebuffer_log_softmax(address));
    },

    sigmoid: (values) => apply(values, (exports, address) => exports.scorebuffer_sigmoid(address)),

    topK(values, k) {
      if (!Number.isInteger(k) || k < 1) throw badInput('k must be an integer of at least 1');
      const address = fillVectors(instance, buffer, [values]);
      const places = Math.min(k, values.length);
      checkStatus(instance.call((exports) => exports.scorebuffer_top_k(address, places)));
      const start = instance.call((exports) => exports.scorebuffer_best_ptr(address));
      const count = instance.call((exports) => exports.scorebuffer_best_len(address));
      // Each candidate is a float and an integer.
      const floats = new Float32Array(instance.buffer, start, count * 2);
      const integers = new Uint32Array(instance.buffer, start, count * 2);
      return {
        scores: Float32Array.from({ length: count }, (_, at) => floats[at * 2] ?? NaN),
        indices: Uint32Array.from({ length: count }, (_, at) => integers[at * 2 + 1] ?? 0),
      };
    },
  };
}
