import {
  HayateError,
  type AnyContract,
  type ConfigOf,
  type Engine,
  type LoadedTask,
  type LoadOptions,
} from '@hayate/core';
import { keepModel } from './kept-model';
import type { LoadModel } from './model';
import { createModelRuns, type ModelRuns, type QueueOptions } from './model-runs';
import { createSharedModels } from './shared-models';

/** What both engines are told. */
export interface QueuedEngineOptions {
  readonly queue?: QueueOptions;
  /** How long a run may go without a sign of progress that does not say; see `deadlineMs`. @defaultValue 60000 */
  readonly runDeadlineMs?: number;
}

/**
 * Makes an engine over a way to load models: sharing and queues are the same for all. `endModels` ends all models at
 * once, when the engine is disposed of.
 */
export function createQueuedEngine(
  loadModel: LoadModel,
  { queue = {}, runDeadlineMs = 60_000 }: QueuedEngineOptions,
  endModels?: (reason: Error) => void,
): Engine {
  const models = createSharedModels<ModelRuns>((runs) => runs.dispose());
  let disposed = false;

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    if (disposed) throw engineDisposed();
    const plain: unknown = contract.plain(config);
    const lease = models.acquire(`${contract.name} ${contract.key(plain)}`, async (shared, progress) => {
      const options = { signal: shared, onProgress: progress };
      const kept = await keepModel((next) => loadModel(contract.name, plain, next), options);
      return createModelRuns(kept, queue, runDeadlineMs);
    });
    const runs = await lease.wait(signal, onProgress);
    let released = false;
    const whyOver = () => {
      if (disposed) return engineDisposed();
      return released ? new HayateError('disposed', 'The model has been released.', {}) : undefined;
    };
    return runs.lend(contract, whyOver, async () => {
      if (released) return;
      released = true;
      await lease.release();
    }) as LoadedTask<Contract>;
  }

  return {
    load,
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
