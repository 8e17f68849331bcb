import {
  HayateError,
  unlessAborted,
  type AnyContract,
  type Engine,
  type LoadedTask,
  type LoadOptions,
  type RunOptions,
} from '@hayate/core';
import { proxy, transfer } from 'comlink';
import { startLifeline, type Lifeline } from './lifeline';
import type { RemoteOptions } from './protocol';
import { unpack } from './wire';

/** Options of {@link connectEngine}; those not given are the worker's own. */
export interface ConnectOptions extends RemoteOptions {
  /** How long a worker may take to start, in milliseconds. @defaultValue 30000 */
  readonly startDeadlineMs?: number;
}

/**
 * Makes an engine that runs in a worker, which is started by the first load. Every call settles:
 * when the worker dies, what waits rejects with `worker-crashed`, and the next load starts a new worker.
 *
 * @param spawn - Makes the worker. The app owns its file, so that every bundler understands it.
 */
export function connectEngine(spawn: () => Worker, options: ConnectOptions = {}): Engine {
  const { startDeadlineMs = 30_000, ...remote } = options;
  let life: Promise<Lifeline> | undefined;
  const disposal = new AbortController();
  let lastCall = 0;

  function connected(): Promise<Lifeline> {
    if (disposal.signal.aborted) return Promise.reject(engineDisposed());
    if (life !== undefined) return life;
    const attempt: Promise<Lifeline> = startLifeline(spawn, {
      ...remote,
      startDeadlineMs,
      signal: disposal.signal,
      onEnd: () => {
        if (life === attempt) life = undefined;
      },
    });
    life = attempt;
    attempt.catch(() => {
      if (life === attempt) life = undefined;
    });
    return attempt;
  }

  /** Makes a call that an abort settles at once on this side and tells the worker to drop. */
  async function call<Value>(
    { host, survive }: Lifeline,
    signal: AbortSignal | undefined,
    make: (number: number) => Promise<Value>,
  ): Promise<Value> {
    signal?.throwIfAborted();
    const number = ++lastCall;
    const abort = () => void host.abort(number);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await unlessAborted(survive(make(number)), signal);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: unknown,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    const line = await unlessAborted(connected(), signal);
    const report = proxy(onProgress ?? (() => undefined));
    const loading = (number: number) =>
      line.host.load(number, contract.name, config, report).then((settled) => {
        // Loaded after all, though nobody waits any more.
        if (settled.ok && signal?.aborted) void line.host.release(settled.value.id);
        return unpack(settled);
      });
    const { id, backend, threads, refused } = await call(line, signal, loading);

    async function run(input: unknown, taskOptions: unknown, runOptions: RunOptions<unknown> = {}) {
      const start = performance.now();
      runOptions.signal?.throwIfAborted();
      const prepared = await contract.prepare(input, runOptions.signal);
      const sent = performance.now();
      const onPartial = runOptions.onPartial && proxy(runOptions.onPartial);
      const value = transfer(prepared.value, [...prepared.transfer]);
      const { output, timings } = await call(line, runOptions.signal, async (number) =>
        unpack(await line.host.run(number, id, value, taskOptions ?? {}, onPartial)),
      );
      const end = performance.now();
      // What the stages in the worker do not explain was spent on the way.
      const way = end - sent - (timings['total'] ?? 0);
      return { output, timings: { ...timings, send: sent - start + way, total: end - start } };
    }

    let released = false;
    return {
      backend,
      threads,
      refused,
      run: (input, taskOptions, runOptions) =>
        released
          ? Promise.reject(new HayateError('disposed', 'The model has been released.', {}))
          : run(input, taskOptions, runOptions),
      async release() {
        if (released) return;
        released = true;
        // A worker that is gone has nothing to give back.
        await line.survive<unknown>(line.host.release(id)).catch(() => undefined);
      },
    };
  }

  return {
    load: load,
    dispose() {
      disposal.abort(engineDisposed());
      return Promise.resolve();
    },
  };
}

function engineDisposed(): HayateError<'disposed'> {
  return new HayateError('disposed', 'The engine has been disposed.', {});
}
