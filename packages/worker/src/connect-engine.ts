import {
  HayateError,
  isHayateError,
  unlessAborted,
  type AnyContract,
  type ConfigOf,
  type Engine,
  type LoadedTask,
  type LoadOptions,
  type LoadProgress,
  type RunOptions,
} from '@hayate/core';
import { proxy, transfer } from 'comlink';
import { startLifeline, type Lifeline } from './lifeline';
import { closePrepared, prepareInput } from './prepare-input';
import type { RemoteOptions } from './protocol';
import { unpack, type Settled } from './wire';

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
    { host, survive, end }: Lifeline,
    signal: AbortSignal | undefined,
    make: (number: number) => Promise<Settled<Value>>,
  ): Promise<Value> {
    signal?.throwIfAborted();
    const number = ++lastCall;
    const abort = () => void host.abort(number);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return unpack(await unlessAborted(survive(make(number)), signal));
    } catch (error) {
      // ONNX Runtime does not recover from a lost GPU within a worker: the next load gets a new one.
      if (isHayateError(error) && error.code === 'device-lost') end(error);
      throw isUncloneable(error) ? uncloneable(error) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    const plain: unknown = contract.plain(config);
    const line = await unlessAborted(connected(), signal);
    let settled = false;
    const report = proxy((progress: LoadProgress) => {
      if (!settled) onProgress?.(progress);
    });
    const loading = async (number: number) => {
      const answer = await line.host.load(number, contract.name, plain, report);
      // Loaded after all, though nobody waits any more.
      if (answer.ok && signal?.aborted) void line.host.release(answer.value.id);
      return answer;
    };
    const { id, backend, threads, refused } = await call(line, signal, loading).finally(() => {
      settled = true;
    });

    async function run(
      input: unknown,
      taskOptions: unknown,
      { signal, onPartial }: RunOptions<unknown> = {},
    ) {
      const start = performance.now();
      const prepared = await prepareInput(contract, input, signal);
      const sent = performance.now();
      const partial = onPartial && proxy((value: unknown) => onPartial(value));
      const { output, timings } = await call(line, signal, (number) => {
        const value = transfer(prepared.value, [...prepared.transfer]);
        return line.host.run(number, id, value, taskOptions ?? {}, partial);
      }).catch((error: unknown) => {
        closePrepared(prepared); // what was never sent; what was is the worker's
        throw error;
      });
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

function isUncloneable(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'DataCloneError';
}

function uncloneable(cause: unknown): HayateError<'bad-input'> {
  const reason =
    'it cannot be sent to the worker. A picture of another origin needs the "crossorigin" attribute; ' +
    'options must be plain data';
  return new HayateError('bad-input', `The input cannot be used: ${reason}.`, { reason }, { cause });
}
