import { HayateError, type LoadProgress } from '@hayate/core';

type OnProgress = (progress: LoadProgress) => void;

/** A share in a model; the last one released frees it, or ends its loading. */
export interface Lease<Model> {
  readonly value: Promise<Model>;
  onProgress(listener: OnProgress): () => void;
  /** Resolves when the model is free, if this was the last share. */
  release(): Promise<void>;
  /** Lets later callers load anew; those who hold a share keep it. */
  forget(): void;
}

interface Entry<Model> {
  readonly value: Promise<Model>;
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  latest: LoadProgress | undefined;
  leases: number;
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
      for (const listener of listeners) listener(progress);
    });
    const entry: Entry<Model> = { value, controller, listeners, latest: undefined, leases: 0 };
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
    entry.controller.abort(new HayateError('disposed', 'Nobody waits for the model any more.', {}));
    // A model that cannot be freed is nobody's error any more.
    const freed = entry.value.then(dispose).catch(() => undefined);
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
      return {
        value: entry.value,
        onProgress(listener) {
          entry.listeners.add(listener);
          if (entry.latest !== undefined) listener(entry.latest);
          return () => entry.listeners.delete(listener);
        },
        async release() {
          if (released) return;
          released = true;
          entry.leases -= 1;
          if (entry.leases > 0) return;
          forget(key, entry);
          await free(entry);
        },
        forget() {
          forget(key, entry);
        },
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
