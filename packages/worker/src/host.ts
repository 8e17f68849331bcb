import { HayateError, type AnyPipeline, type Engine, type LoadedTask, type AnyContract } from '@hayate/core';
import { expose, releaseProxy, type ProxyMethods } from 'comlink';
import { createEngine, type EngineOptions } from './create-engine';
import { PROTOCOL, type HostApi } from './protocol';
import { closeFrame } from './prepare-input';
import { settle } from './wire';

export type { EngineOptions } from './create-engine';

/**
 * Serves an engine to the page that made this worker. Call it once, at the top of the worker's file.
 * The page's choice of backends and threads goes before that given here.
 */
export function serveEngine(options: EngineOptions): void {
  // ONNX Runtime's threads are workers that may load this file again; they are not ours to serve.
  if ((globalThis as { name?: string }).name?.startsWith('em-pthread')) return;
  // An uncaught error ends the worker on the page's side; a call that could not be read would wait for ever.
  addEventListener('messageerror', () => {
    throw new Error('a message could not be read');
  });
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
        return { locked: await holdForLife(lock) };
      }),

    load: (call, task, config, onProgress) =>
      abortable(call, async (signal) => {
        const contract = contracts.get(task) ?? { ...unknown, name: task };
        const model = await started()
          .load(arrived(contract), config, { signal, onProgress })
          .finally(() => {
            releaseCallback(onProgress);
          });
        const id = ++lastModel;
        models.set(id, model);
        const { backend, threads, refused } = model;
        return { id, backend, threads, refused };
      }),

    run: (call, id, input, taskOptions, onPartial) =>
      abortable(call, async (signal) => {
        try {
          const model = models.get(id);
          if (model !== undefined)
            return await model.run(input, taskOptions, { signal, ...(onPartial && { onPartial }) });
          throw new HayateError('disposed', 'The model has been released.', {});
        } finally {
          closeFrame(input); // a second time where it ran: that does nothing
          if (onPartial) releaseCallback(onPartial);
        }
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

/** Takes the lock and never releases it: the page gets it when the worker is gone, however it went. */
async function holdForLife(lock: string): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise(() => undefined);
    };
    // Sandboxed pages have no locks; a death is then noticed by error events alone.
    const refuse = () => {
      resolve(false);
    };
    if (navigator.locks === undefined) refuse();
    else navigator.locks.request(lock, hold).catch(refuse);
  });
}

/** Closes the channel of a callback that came from the page. */
function releaseCallback(callback: object): void {
  (callback as Partial<ProxyMethods>)[releaseProxy]?.();
}

/** What a task that the engine does not know is given, so that the engine says so. */
const unknown: AnyContract = {
  name: 'unknown',
  key: () => '',
  plain: (config: unknown) => config,
  prepare: (value: unknown) => ({ value, transfer: [] }),
};

/** The contract for configs and inputs that the page has prepared already. */
function arrived(contract: AnyContract): AnyContract {
  return { ...contract, plain: unknown.plain, prepare: unknown.prepare };
}
