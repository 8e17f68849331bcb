import { HayateError, notify, unlessAborted, type LoadProgress } from '@hayate/core';

type OnProgress = (progress: LoadProgress) => void;

/** A share in a model; the last one released frees it, or ends its loading. */
export interface Lease<Model> {
  /** The model. A share that fails or is aborted here is released. */
  wait(signal: AbortSignal | undefined, onProgress: OnProgress | undefined): Promise<Model>;
  /** Resolves when the model is free, if this was the last share. */
  release(): Promise<void>;
}

interface Entry<Model> {
  readonly value: Promise<Model>;
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  latest: LoadProgress | undefined;
  leases: number;
  /** Resolves when the model is free, once it is being freed. */
  freed: Promise<void> | undefined;
}

/** Keeps one model per key for all who ask; a failure to load is forgotten. */
export function createSharedModels<Model>(dispose: (model: Model) => Promise<void>) {
  const entries = new Map<string, Entry<Model>>();
  const freeing = new Set<Promise<void>>();

  function open(
    key: string,
    load: (signal: AbortSignal, onProgress: OnProgress) => Promise<Model>,
  ): Entry<Model> {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const value = load(controller.signal, (progress) => {
      entry.latest = progress;
      for (const listener of [...listeners]) notify(listener, progress);
    });
    const entry: Entry<Model> = {
      value,
      controller,
      listeners,
      latest: undefined,
      leases: 0,
      freed: undefined,
    };
    entries.set(key, entry);
    value.catch(() => {
      forget(key, entry);
    });
    return entry;
  }

  function forget(key: string, entry: Entry<Model>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  function free(entry: Entry<Model>): Promise<void> {
    // A lease may be given back after all models were freed.
    if (entry.freed !== undefined) return entry.freed;
    entry.controller.abort(new HayateError('disposed', 'Nobody waits for the model any more.', {}));
    // A model that cannot be freed is nobody's error any more.
    const freed = entry.value.then(dispose).catch(() => undefined);
    entry.freed = freed;
    freeing.add(freed);
    void freed.then(() => freeing.delete(freed));
    return freed;
  }

  return {
    acquire(
      key: string,
      load: (signal: AbortSignal, onProgress: OnProgress) => Promise<Model>,
    ): Lease<Model> {
      const entry = entries.get(key) ?? open(key, load);
      entry.leases += 1;
      let released = false;
      async function release() {
        if (released) return;
        released = true;
        entry.leases -= 1;
        if (entry.leases > 0) return;
        forget(key, entry);
        await free(entry);
      }
      return {
        async wait(signal, onProgress) {
          // Wrapped, so that the same function given twice counts twice.
          const listener: OnProgress = (progress) => onProgress?.(progress);
          entry.listeners.add(listener);
          if (entry.latest !== undefined) notify(listener, entry.latest);
          try {
            return await unlessAborted(entry.value, signal);
          } catch (error) {
            void release();
            throw error;
          } finally {
            entry.listeners.delete(listener);
          }
        },
        release,
      };
    },

    /** Frees everything; what is still loading ends with `reason`. */
    async clear(reason: Error): Promise<void> {
      const all = [...entries.values()];
      entries.clear();
      for (const entry of all) entry.controller.abort(reason);
      for (const entry of all) void free(entry);
      await Promise.all(freeing);
    },
  };
}
