import { isHayateError } from '@hayate/core';
import type { LoadModelOptions, Model } from './model';

/** A model that is loaded again when it is lost. */
export interface KeptModel {
  /** The instance that was loaded last; it may be lost by now. */
  readonly last: Model;
  /** Resolves with the model, after loading it again if it is lost. After a failure the next call tries again. */
  ready(): Promise<Model>;
  dispose(): Promise<void>;
}

/** How often a load is tried if its worker dies. The run that waits for it has not started, so it loses nothing. */
const ATTEMPTS = 2;

/**
 * Loads a model and keeps it loaded: if it is lost, it is loaded again at once and not at the next run. `onLoaded`
 * receives the model after each load.
 */
export async function keepModel(
  load: (options: LoadModelOptions) => Promise<Model>,
  options: LoadModelOptions,
  onLoaded: (model: Model) => void,
): Promise<KeptModel> {
  const life = new AbortController();
  let reloading: Promise<Model> | undefined;
  const kept = { last: watch(await load(options)), ready, dispose };

  function watch(model: Model): Model {
    const reload = () => void ready().catch(() => undefined); // the next run tries again and receives the error
    if (model.lost.aborted) queueMicrotask(reload);
    else model.lost.addEventListener('abort', reload, { once: true, signal: life.signal });
    onLoaded(model);
    return model;
  }

  async function reload(): Promise<Model> {
    await kept.last.dispose().catch(() => undefined);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await load({ signal: life.signal, onProgress: () => undefined });
      } catch (error) {
        const died = isHayateError(error) && error.code === 'worker-crashed';
        if (!died || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async function ready(): Promise<Model> {
    life.signal.throwIfAborted();
    if (!kept.last.lost.aborted) return kept.last;
    reloading ??= reload()
      .then((model) => {
        if (life.signal.aborted) void model.dispose();
        return (kept.last = watch(model));
      })
      .finally(() => (reloading = undefined));
    return reloading;
  }

  async function dispose(): Promise<void> {
    life.abort();
    await reloading?.catch(() => undefined);
    await kept.last.dispose();
  }

  return kept;
}
