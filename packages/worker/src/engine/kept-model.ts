import { isHayateError } from '@hayate/core';
import type { LoadModelOptions, Model } from './model';

/** A model that is loaded again when it is lost. */
export interface KeptModel {
  /** As it was last loaded; it may be lost. */
  readonly last: Model;
  /** The model, loaded again first where it is lost. Nothing is remembered of a failure. */
  ready(): Promise<Model>;
  dispose(): Promise<void>;
}

/** How often a load is tried that ends with its worker: the run that waits for it has lost nothing yet. */
const ATTEMPTS = 2;

/**
 * Loads a model and keeps it loaded: once it is lost, the next one is loaded at once, not at the next run. `onLoaded`
 * hears of the model each time.
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
    const reload = () => void ready().catch(() => undefined); // who runs next tries again, and is told
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
