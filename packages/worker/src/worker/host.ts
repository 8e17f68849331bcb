import { createModelStore } from '@hayate/cache';
import {
  closeInput,
  createDeferred,
  findTransferables,
  HayateError,
  type LoadProgress,
  type PreparedInput,
} from '@hayate/core';
import { ortMemoryBytes } from '@hayate/runtime';
import { expose, transfer } from 'comlink';
import type { LoadModel, Model } from '../engine/model';
import { PARTIALS_ON_THE_WAY, PROTOCOL, type HostApi, type HostEvent } from '../wire/protocol';
import { settle, toSettled } from '../wire/settled';
import { createLocalLoad, type LocalLoadOptions } from './create-local-load';
import { hostOptions } from './host-options';
import { sharedMemoryBytes } from './shared-resources';

/** The pipelines, backends and store of {@link serveEngine}. Queues and deadlines are options of the page. */
export type HostOptions = Omit<LocalLoadOptions, 'store'> & Partial<Pick<LocalLoadOptions, 'store'>>;
export type { ModelResolver, ResolveContext } from './resolve-model';

/** The least time between two reports of progress, or two `alive` events, in milliseconds, except at the end of a phase. */
const PROGRESS_MS = 100;

/** The memory is measured at the first run after a load, and then once in this many runs. */
const RUNS_PER_MEASUREMENT = 16;

/**
 * Serves models to the page that created this worker. Call it once, at the top level of the worker's file. The page's
 * choice of backends and threads overrides the one given here.
 */
export function serveEngine(options: HostOptions): void {
  // ONNX Runtime's threads are workers that may load this file too; they must not serve models.
  if ((globalThis as { name?: string }).name?.startsWith('em-pthread')) return;
  // A call that cannot be read would never be answered. The error makes the page end this worker.
  addEventListener('messageerror', () => {
    throw new Error('a message could not be read');
  });
  expose(createHost(options));
}

/** A pending call. */
interface Call {
  readonly controller: AbortController;
  /** Called when the page has acknowledged partial results. */
  onTaken: (count: number) => void;
}

function createHost(own: HostOptions): HostApi {
  const calls = new Map<number, Call>();
  const models = new Map<number, Model>();
  let loadModel: LoadModel | undefined;
  let lastModel = 0;
  let runsSinceLoad = 0;

  /** Runs `job` with a signal that `abort(call)` aborts. */
  function abortable<Value>(number: number, job: (signal: AbortSignal, call: Call) => Promise<Value>) {
    const call: Call = { controller: new AbortController(), onTaken: () => undefined };
    calls.set(number, call);
    return settle(() => job(call.controller.signal, call)).finally(() => calls.delete(number));
  }

  function started(): LoadModel {
    if (loadModel !== undefined) return loadModel;
    throw new HayateError('internal', 'The worker was used before it was initialised.', {
      reason: 'no init',
    });
  }

  return {
    init: (options) =>
      settle(async () => {
        const { protocol, lock } = options;
        if (protocol !== PROTOCOL) {
          const reason = `the page speaks protocol ${protocol}, the worker ${PROTOCOL}; reload the page`;
          throw new HayateError('worker-unreachable', `The worker does not fit the page: ${reason}.`, {
            reason,
          });
        }
        const { store = createModelStore(), ...rest } = own;
        loadModel ??= createLocalLoad(hostOptions({ ...rest, store }, options));
        return { locked: await holdForLife(lock) };
      }),

    load: (call, task, config) =>
      abortable(call, async (signal) => {
        const onProgress = throttled((value) => {
          send({ hayate: 'progress', call, value });
        });
        const model = await started()(task, config, { signal, onProgress });
        const id = ++lastModel;
        models.set(id, model);
        runsSinceLoad = 0;
        return { id, placement: model.placement, maxBatch: model.maxBatch };
      }),

    async run(number, id, values, options, partials) {
      const start = performance.now();
      // The worker owns what was transferred to it, so it closes the inputs.
      const inputs = values.map((value): PreparedInput => ({ value, transfer: findTransferables(value) }));
      const settled = await abortable(number, async (signal, call) => {
        try {
          const model = models.get(id);
          if (model === undefined) throw new HayateError('disposed', 'The model has been released.', {});
          const results = await model.run(inputs, options, {
            signal,
            late: signal,
            cancel: undefined,
            onPartial: partials ? createPartialSender(number, call) : undefined,
            onAlive: throttledAlive(number),
          });
          const measures = runsSinceLoad++ % RUNS_PER_MEASUREMENT === 0;
          const memoryBytes = measures ? ortMemoryBytes() + sharedMemoryBytes() : undefined;
          return { results: results.map(toSettled), tookMs: performance.now() - start, memoryBytes };
        } finally {
          for (const input of inputs) closeInput(input);
        }
      });
      return moved(settled);
    },

    release: (id) =>
      settle(async () => {
        const model = models.get(id);
        models.delete(id);
        await model?.dispose();
      }),

    abort(call) {
      calls.get(call)?.controller.abort();
    },

    taken(call, count) {
      calls.get(call)?.onTaken(count);
    },
  };
}

function send(event: HostEvent): void {
  postMessage(event);
}

/** Returns a function that sends a partial result, after waiting until fewer than {@link PARTIALS_ON_THE_WAY} are pending. */
function createPartialSender(number: number, call: Call): (partial: unknown) => Promise<void> {
  const { signal } = call.controller;
  let onTheWay = 0;
  let change = createDeferred();
  const changed = () => {
    change.resolve();
    change = createDeferred();
  };
  call.onTaken = (count) => {
    onTheWay -= count;
    changed();
  };
  signal.addEventListener('abort', changed);
  return async (partial) => {
    while (onTheWay >= PARTIALS_ON_THE_WAY && !signal.aborted) await change.promise;
    signal.throwIfAborted();
    onTheWay += 1;
    send({ hayate: 'partial', call: number, value: partial });
  };
}

/**
 * Marks the buffers, bitmaps and frames of an answer to be transferred to the page. WebAssembly memory cannot be
 * transferred: if a pipeline returns a view of it, the answer is copied.
 */
function moved<Answer extends object>(answer: Answer): Answer {
  const found = findTransferables(answer);
  if (found.length === 0) return answer;
  try {
    const own = structuredClone(answer, { transfer: found });
    return transfer(own, findTransferables(own));
  } catch {
    return answer;
  }
}

/** Passes on the first report of progress, the last of each phase, and between them one per {@link PROGRESS_MS}. */
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

function throttledAlive(call: number): () => void {
  let toldAt = -Infinity;
  return () => {
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    send({ hayate: 'alive', call });
  };
}

/** Takes the lock and never releases it. The browser gives it to the page when the worker ends, for whatever reason. */
async function holdForLife(lock: string): Promise<boolean> {
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise(() => undefined);
    };
    // Sandboxed pages have no Web Locks. There, only error events and deadlines show that a worker has died.
    const refuse = () => {
      resolve(false);
    };
    if (navigator.locks === undefined) refuse();
    else navigator.locks.request(lock, hold).catch(refuse);
  });
}
