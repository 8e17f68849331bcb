import { createSharedJobs, HayateError, type LoadProgress, type SharedJob } from '@hayate/core';

type OnProgress = (progress: LoadProgress) => void;

/** A share in a model. Releasing the last share frees the model, or ends its load. */
export interface Lease<Model> {
  /** Resolves with the model. After a failure or an abort the share is released. */
  wait(signal: AbortSignal | undefined, onProgress: OnProgress | undefined): Promise<Model>;
  /** Releases the share. If it was the last one, resolves when the model is freed. */
  release(): Promise<void>;
}

/** Holds one model per key for all callers. After a failure the next call loads anew. `dispose` frees a model for a reason. */
export function createSharedModels<Model>(dispose: (model: Model, reason: Error) => Promise<void>) {
  const freeing = new Set<Promise<void>>();
  const jobs = createSharedJobs<Model, LoadProgress>({
    keepsValues: true,
    end: (job) => free(job, new HayateError('disposed', 'The model has been released.', {})),
  });

  function free({ value, controller }: SharedJob<Model>, reason: Error): Promise<void> {
    controller.abort(reason);
    // No caller is left to receive an error of the disposal.
    const freed = value.then((model) => dispose(model, reason)).catch(() => undefined);
    freeing.add(freed);
    void freed.then(() => freeing.delete(freed));
    return freed;
  }

  return {
    acquire(
      key: string,
      load: (signal: AbortSignal, onProgress: OnProgress) => Promise<Model>,
    ): Lease<Model> {
      const share = jobs.join(key, load);
      return {
        async wait(signal, onProgress) {
          try {
            return await share.wait(signal, onProgress);
          } catch (error) {
            void share.release();
            throw error;
          }
        },
        release: () => share.release(),
      };
    },

    /** Frees all models and ends pending loads with `reason`. Resolves when models that were released before are freed too. */
    async clear(reason: Error): Promise<void> {
      await jobs.clear((job) => free(job, reason));
      await Promise.all(freeing);
    },
  };
}
