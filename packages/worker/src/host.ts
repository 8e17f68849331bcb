import { HayateError, type AnyPipeline, type Engine, type LoadedTask, type AnyContract } from '@hayate/core';
import { expose } from 'comlink';
import { createEngine, type EngineOptions } from './create-engine';
import { PROTOCOL, type HostApi } from './protocol';
import { settle } from './wire';

export type { EngineOptions } from './create-engine';

/**
 * Serves an engine to the page that made this worker. Call it once, at the top of the worker's file.
 * The page's choice of backends and threads goes before that given here.
 */
export function serveEngine(options: EngineOptions): void {
  // ONNX Runtime's threads are workers that may load this file again; they are not ours to serve.
  if ((globalThis as { name?: string }).name?.startsWith('em-pthread')) return;
  expose(createHost(options));
}

function createHost(options: EngineOptions): HostApi {
  const contracts = new Map(options.pipelines.map(({ contract }: AnyPipeline) => [contract.name, contract]));
  const calls = new Map<number, AbortController>();
  const models = new Map<number, LoadedTask<AnyContract>>();
  let engine: Engine | undefined;
  let lastModel = 0;

  /** Runs `job` with a signal that `abort(call)` fires. */
  function abortable<Value>(call: number, job: (signal: AbortSignal) => Promise<Value>) {
    const controller = new AbortController();
    calls.set(call, controller);
    return settle(() => job(controller.signal)).finally(() => calls.delete(call));
  }

  function started(): Engine {
    if (engine !== undefined) return engine;
    throw new HayateError('internal', 'The worker was used before it was greeted.', { reason: 'no hello' });
  }

  return {
    hello: (protocol, remote, lock) =>
      settle(async () => {
        if (protocol !== PROTOCOL) {
          const reason = `the page speaks protocol ${protocol}, the worker ${PROTOCOL}; reload the page`;
          throw new HayateError('worker-unreachable', `The worker does not fit the page: ${reason}.`, {
            reason,
          });
        }
        engine ??= createEngine({ ...options, ...remote });
        await holdForLife(lock);
      }),

    load: (call, task, config, onProgress) =>
      abortable(call, async (signal) => {
        const contract = contracts.get(task) ?? {
          name: task,
          key: () => '',
          prepare: () => ({ value: undefined, transfer: [] }),
        };
        const model = await started().load(arrived(contract), config, { signal, onProgress });
        const id = ++lastModel;
        models.set(id, model);
        const { backend, threads, refused } = model;
        return { id, backend, threads, refused };
      }),

    run: (call, id, input, taskOptions, onPartial) =>
      abortable(call, async (signal) => {
        const model = models.get(id);
        if (model === undefined) throw new HayateError('disposed', 'The model has been released.', {});
        return model.run(input, taskOptions, { signal, ...(onPartial && { onPartial }) });
      }),

    release: (id) =>
      settle(async () => {
        const model = models.get(id);
        models.delete(id);
        await model?.release();
      }),

    abort(call) {
      calls.get(call)?.abort();
    },
  };
}

// Never released: the page gets this lock when the worker is gone, however it went.
function holdForLife(lock: string): Promise<void> {
  if (navigator.locks === undefined) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise(() => undefined);
    };
    navigator.locks.request(lock, hold).catch(reject);
  });
}

/** The contract for inputs that the page has prepared already. */
function arrived(contract: AnyContract): AnyContract {
  return { ...contract, prepare: (value: unknown) => ({ value, transfer: [] }) };
}
