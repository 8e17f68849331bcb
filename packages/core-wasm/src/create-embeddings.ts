import { badInput, checkCount, checkStatus } from './bad-input';
import type { KernelInstance } from './instance';
import type { EmbeddingKernels } from './output-kernels';
import { copyVectors, createScores, createVectorBuffer, fillVectors } from './vectors';

/** What the module of this family exports. */
export type EmbeddingsExports = typeof import('../embeddings/pkg/exports');

/** The typed interface of a running module. */
export function createEmbeddings(instance: KernelInstance<EmbeddingsExports>): EmbeddingKernels {
  const buffer = createVectorBuffer(instance);

  return {
    ...createScores(instance),

    meanPool({ tokens, attentionMask, dims }) {
      const [texts, length, size] = dims;
      for (const count of dims) checkCount('each of dims', count);
      if (attentionMask.length !== texts * length || tokens.length !== texts * length * size) {
        throw badInput('tokens must be texts × length × size numbers, attentionMask texts × length');
      }
      const mask = Float32Array.from(attentionMask, Number);
      const address = fillVectors(instance, buffer, [tokens, mask]);
      checkStatus(instance.call((exports) => exports.vectorbuffer_mean_pool(address, length, size)));
      return copyVectors(instance, address);
    },

    normalize({ embeddings, size }) {
      checkCount('size', size);
      if (embeddings.length % size !== 0) throw badInput('embeddings must be vectors of size numbers');
      const address = fillVectors(instance, buffer, [embeddings]);
      checkStatus(instance.call((exports) => exports.vectorbuffer_normalize(address, size)));
      return copyVectors(instance, address);
    },

    cosineSimilarity({ a, b }) {
      if (a.length !== b.length) throw badInput('a and b must have one length');
      const address = fillVectors(instance, buffer, [a, b]);
      return instance.call((exports) => exports.vectorbuffer_cosine_similarity(address));
    },
  };
}
