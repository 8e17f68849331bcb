import {
  findTransferables,
  HayateError,
  type AnyContract,
  type AnyPipeline,
  type Engine,
  type LoadedTask,
  type LoadProgress,
} from '@hayate/core';
import { expose } from 'comlink';
import { assembleEngine, type EngineOptions } from './create-engine';
import { hostOptions } from './host-options';
import { memoryBytes } from './kernels';
import { closePrepared } from './prepare-input';
import { PROTOCOL, type HostApi, type HostEvent } from './protocol';
import { settle, toSettled } from './wire';

export type { EngineOptions } from './create-engine';

/** Progress is told at most this often, but for the end of each phase. */
const PROGRESS_MS = 100;

/**
 * Serves an engine to the page that made this worker. Call it once, at the top of the worker's file.
 * The page's choice of backends and threads goes before that given here; queues and deadlines are the page's.
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
    hello: (greeting) =>
      settle(async () => {
        const { protocol, lock } = greeting;
        if (protocol !== PROTOCOL) {
          const reason = `the page speaks protocol ${protocol}, the worker ${PROTOCOL}; reload the page`;
          throw new HayateError('worker-unreachable', `The worker does not fit the page: ${reason}.`, {
            reason,
          });
        }
        engine ??= assembleEngine(hostOptions(options, greeting), { awaitAborted: true });
        return { locked: await holdForLife(lock) };
      }),

    load: (call, task, config) =>
      abortable(call, async (signal) => {
        const contract = contracts.get(task) ?? { ...unknown, name: task };
        const onProgress = throttled((value) => {
          send({ hayate: 'progress', call, value });
        });
        const model = await started().load(arrived(contract), config, { signal, onProgress });
        const id = ++lastModel;
        models.set(id, model);
        const { backend, threads, refused, maxBatch } = model;
        return { id, backend, threads, refused, maxBatch };
      }),

    run: (call, id, inputs, taskOptions, partials) =>
      abortable(call, async (signal) => {
        const model = models.get(id);
        if (model === undefined) {
          closePrepared({ value: inputs, transfer: findTransferables(inputs) });
          throw new HayateError('disposed', 'The model has been released.', {});
        }
        const onPartial = (value: unknown) => {
          send({ hayate: 'partial', call, value });
        };
        const runOptions = { signal, transfer: true, ...(partials && { onPartial }) };
        const runs = inputs.map((input) => model.run(input, taskOptions, runOptions));
        const results = (await Promise.allSettled(runs)).map(toSettled);
        return { results, memoryBytes: memoryBytes() };
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

function send(event: HostEvent): void {
  postMessage(event);
}

/** Passes on the first progress, the last of a phase, and of those between one each {@link PROGRESS_MS}. */
function throttled(onProgress: (progress: LoadProgress) => void): (progress: LoadProgress) => void {
  let toldAt = -Infinity;
  let toldPhase: string | undefined;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === toldPhase && progress.fraction !== 1 && now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    toldPhase = progress.phase;
    onProgress(progress);
  };
}

/** Takes the lock and never releases it: the page gets it when the worker is gone, however it went. */
async function holdForLife(lock: string): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise(() => undefined);
    };
    // Sandboxed pages have no locks; a death is then noticed by error events and deadlines alone.
    const refuse = () => {
      resolve(false);
    };
    if (navigator.locks === undefined) refuse();
    else navigator.locks.request(lock, hold).catch(refuse);
  });
}

/** What a task that the engine does not know is given, so that the engine says so. */
const unknown: AnyContract = {
  name: 'unknown',
  key: () => '',
  plain: (config: unknown) => config,
  prepare: (value: unknown) => ({ value, transfer: findTransferables(value) }),
};

/** The contract for configs and inputs that the page has prepared already. */
function arrived(contract: AnyContract): AnyContract {
  return { ...contract, plain: unknown.plain, prepare: unknown.prepare };
}
