import { createSharedJobs, HayateError, type LoadProgress, type SharedJob } from '@hayate/core';

type OnProgress = (progress: LoadProgress) => void;

/** A share in a model; the last one released frees it, or ends its loading. */
export interface Lease<Model> {
  /** The model. A share that fails or is aborted here is released. */
  wait(signal: AbortSignal | undefined, onProgress: OnProgress | undefined): Promise<Model>;
  /** Resolves when the model is free, if this was the last share. */
  release(): Promise<void>;
}

/** Keeps one model per key for all who ask; a failure to load is forgotten. `dispose` is told why a model ends. */
export function createSharedModels<Model>(dispose: (model: Model, reason: Error) => Promise<void>) {
  const freeing = new Set<Promise<void>>();
  const jobs = createSharedJobs<Model, LoadProgress>({
    keepsValues: true,
    end: (job) => free(job, new HayateError('disposed', 'The model has been released.', {})),
  });

  function free({ value, controller }: SharedJob<Model>, reason: Error): Promise<void> {
    controller.abort(reason);
    // A model that cannot be freed is nobody's error any more.
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

    /** Frees everything; what is still loading ends with `reason`. Resolves when also what was released before is free. */
    async clear(reason: Error): Promise<void> {
      await jobs.clear((job) => free(job, reason));
      await Promise.all(freeing);
    },
  };
}
