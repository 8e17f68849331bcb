import type { TopK } from '@hayate/core';

import { badInput, checkStatus } from './bad-input';
import { createHandle, type KernelInstance } from './instance';

/** The kernels for vectors of scores. */
export function createScores(instance: KernelInstance) {
  const buffer = createHandle(
    instance,
    (exports) => exports.scorebuffer_new(),
    (exports, address) => {
      exports.__wbg_scorebuffer_free(address, 0);
    },
  );

  function fill(values: Float32Array): number {
    const { address } = buffer;
    checkStatus(instance.call((exports) => exports.scorebuffer_reserve(address, values.length)));
    const start = instance.call((exports) => exports.scorebuffer_input_ptr(address));
    new Float32Array(instance.buffer, start, values.length).set(values);
    return address;
  }

  // A typed array made from a view is a copy, which the caller may keep.
  function output(address: number): Float32Array<ArrayBuffer> {
    return instance.call((exports) => {
      const length = exports.scorebuffer_output_len(address);
      return new Float32Array(
        new Float32Array(instance.buffer, exports.scorebuffer_output_ptr(address), length),
      );
    });
  }

  return {
    softmax(logits: Float32Array): Float32Array {
      if (logits.length === 0) throw badInput('softmax needs at least one logit');
      const address = fill(logits);
      checkStatus(instance.call((exports) => exports.scorebuffer_softmax(address)));
      return output(address);
    },

    topK(values: Float32Array, k: number): TopK {
      if (!Number.isInteger(k) || k < 1) throw badInput('k must be an integer of at least 1');
      const address = fill(values);
      const places = Math.min(k, values.length);
      checkStatus(instance.call((exports) => exports.scorebuffer_top_k(address, places)));
      const scores = output(address);
      const start = instance.call((exports) => exports.scorebuffer_indices_ptr(address));
      return { indices: new Uint32Array(new Uint32Array(instance.buffer, start, scores.length)), scores };
    },
  };
}
