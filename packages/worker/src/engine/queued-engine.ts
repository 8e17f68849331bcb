import {
  HayateError,
  type AnyContract,
  type ConfigOf,
  type Engine,
  type LoadedTask,
  type LoadOptions,
  type Store,
} from '@hayate/core';
import { keepModel } from './kept-model';
import { createLoadedModels, type LoadedModelEntry, type LoadedModelInfo } from './loaded-models';
import type { LoadModel } from './model';
import { createModelRuns, type ModelRuns, type QueueOptions } from './model-runs';
import { createSharedModels } from './shared-models';

/** Options that `createEngine` and `connectEngine` share. */
export interface QueuedEngineOptions {
  readonly queue?: QueueOptions;
  /** The deadline of runs without a `deadlineMs` of their own, in milliseconds; see `RunControl.deadlineMs`. @defaultValue 60000 */
  readonly runDeadlineMs?: number;
}

/** An engine with a list of its loaded models. */
export interface QueuedEngine extends Engine {
  /** The models that are loaded, in the order of their first loads, and where each runs. */
  readonly models: Store<readonly LoadedModelInfo[]>;
}

/** A model with its queue and its entry in the list of loaded models. */
interface SharedModel {
  readonly runs: ModelRuns;
  readonly entry: LoadedModelEntry;
}

/**
 * Creates an engine from a function that loads models; callers share the models, whose runs are queued. When the engine
 * is disposed of, `endModels` ends all models at once.
 */
export function createQueuedEngine(
  loadModel: LoadModel,
  { queue = {}, runDeadlineMs = 60_000 }: QueuedEngineOptions,
  endModels?: (reason: Error) => void,
): QueuedEngine {
  const loaded = createLoadedModels();
  const models = createSharedModels<SharedModel>(({ runs, entry }, reason) => {
    entry.remove();
    return runs.dispose(reason);
  });
  let disposed = false;

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    if (disposed) throw engineDisposed();
    const plain: unknown = contract.plain(config);
    const key = contract.key(plain);
    const lease = models.acquire(`${contract.name} ${key}`, async (shared, progress) => {
      const entry = loaded.add(contract.name, key);
      const kept = await keepModel(
        (next) => loadModel(contract.name, plain, next),
        { signal: shared, onProgress: progress },
        ({ placement }) => {
          entry.show(placement);
        },
      );
      return { runs: createModelRuns(kept, queue, runDeadlineMs), entry };
    });
    const { runs } = await lease.wait(signal, onProgress);
    return runs.lend(contract, () => lease.release()) as LoadedTask<Contract>;
  }

  return {
    load,
    models: loaded.store,
    async dispose() {
      disposed = true;
      const reason = engineDisposed();
      endModels?.(reason);
      await models.clear(reason);
    },
  };
}

function engineDisposed(): HayateError<'disposed'> {
  return new HayateError('disposed', 'The engine has been disposed.', {});
}
