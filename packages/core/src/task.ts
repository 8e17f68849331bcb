// The types of a contract that is still a parameter are `any` to the linter.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument */
import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf } from './contract';
import type { Engine, LoadedTask } from './engine';
import { isAbortError, isHayateError, toHayateError } from './errors';
import type { AnyHayateError, BackendAttempt, BackendName } from './errors';
import type { LoadProgress } from './model-store';
import type { Timings } from './pipeline';
import { createStore, type Store } from './store';

/** What a task is doing. One axis; the last `output` stays while the next is computed and beside an error. */
export type TaskState<Output> = {
  readonly output: Output | undefined;
  /** Of the run that gave `output`. */
  readonly timings: Timings | undefined;
} & (
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly progress: LoadProgress | undefined }
  | {
      readonly status: 'ready' | 'running';
      readonly backend: BackendName;
      readonly threads: number;
      readonly refused: readonly BackendAttempt[];
    }
  | { readonly status: 'error'; readonly error: AnyHayateError }
);

/** Options of {@link createTask}. */
export interface TaskOptions {
  /** Load as soon as somebody listens. @defaultValue true */
  readonly autoLoad?: boolean;
  /** How long the model is kept after the last listener has gone, in milliseconds. @defaultValue 5000 */
  readonly keepAliveMs?: number;
}

/** A task that can be listened to. It does nothing until it is listened to, loaded or run. */
export interface Task<Contract extends AnyContract> extends Store<TaskState<OutputOf<Contract>>> {
  /** Loads the model; resolves at once when it is there. */
  load(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Runs once, loading the model first when needed. A newer run does not cancel an older one,
   * but an older one that ends late leaves the state alone.
   *
   * @throws every HayateError of loading and running; `AbortError` when `signal` aborts.
   */
  run(
    input: InputOf<Contract>,
    options?: OptionsOf<Contract> & { readonly signal?: AbortSignal },
  ): Promise<OutputOf<Contract>>;
  /** Lets the model go. With listeners this happens by itself; the next run loads again. */
  release(): void;
}

interface Loading<Contract extends AnyContract> {
  readonly promise: Promise<LoadedTask<Contract>>;
  readonly controller: AbortController;
}

/** Makes a task over an engine. `config` says which model; see the task's contract. */
export function createTask<Contract extends AnyContract>(
  engine: Engine,
  contract: Contract,
  config: ConfigOf<Contract>,
  options: TaskOptions = {},
): Task<Contract> {
  type Output = OutputOf<Contract>;
  const { autoLoad = true, keepAliveMs = 5000 } = options;
  let loading: Loading<Contract> | undefined;
  let newestRun = 0;
  let settledRun = 0;

  const store = createStore<TaskState<Output>>(
    { status: 'idle', output: undefined, timings: undefined },
    {
      graceMs: keepAliveMs,
      onActive: () => {
        if (autoLoad) void load().catch(() => undefined); // the state tells
      },
      onIdle: release,
    },
  );

  function kept(): { output: Output | undefined; timings: Timings | undefined } {
    const { output, timings } = store.getSnapshot();
    return { output, timings };
  }

  function settle(loaded: LoadedTask<Contract>, result = kept()): void {
    const { backend, threads, refused } = loaded;
    const status = settledRun < newestRun ? 'running' : 'ready';
    store.set({ status, backend, threads, refused, ...result });
  }

  function fail(error: unknown): void {
    store.set({ status: 'error', error: toHayateError(error), ...kept() });
  }

  function start(): Loading<Contract> {
    const controller = new AbortController();
    store.set({ status: 'loading', progress: undefined, ...kept() });
    const onProgress = (progress: LoadProgress) => {
      if (loading === entry) store.set({ status: 'loading', progress, ...kept() });
    };
    // A tick later, when `loading` is set: an engine may tell its progress at once.
    const promise = Promise.resolve().then(() =>
      engine.load(contract, config, { signal: controller.signal, onProgress }),
    );
    const entry: Loading<Contract> = { promise, controller };
    loading = entry;
    promise.then(
      (loaded) => {
        if (loading === entry) settle(loaded);
        else void loaded.release(); // released while it was loading
      },
      (error: unknown) => {
        if (loading !== entry) return;
        loading = undefined; // a failure is forgotten: the next call tries again
        if (!isAbortError(error)) fail(error);
        else store.set({ status: 'idle', ...kept() });
      },
    );
    return entry;
  }

  async function loaded(signal: AbortSignal | undefined): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    const { promise } = loading ?? start();
    return unlessAborted(promise, signal);
  }

  async function load({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    await loaded(signal);
  }

  async function run(
    input: InputOf<Contract>,
    { signal, ...rest }: OptionsOf<Contract> & { readonly signal?: AbortSignal } = {},
  ): Promise<Output> {
    const model = await loaded(signal);
    const entry = loading;
    const number = ++newestRun;
    const current = () => loading === entry && number > settledRun;
    settle(model);
    try {
      const runOptions = signal === undefined ? {} : { signal };
      const result = await model.run(input, rest, runOptions);
      if (current()) {
        settledRun = number;
        settle(model, result);
      }
      return result.output;
    } catch (error) {
      if (current()) {
        settledRun = number;
        if (isAbortError(error)) settle(model);
        else fail(error);
      }
      // A model whose worker is gone must be loaded anew by the next call.
      if (loading === entry && isLost(error)) loading = undefined;
      throw error;
    }
  }

  function release(): void {
    const entry = loading;
    if (entry === undefined) return;
    loading = undefined;
    entry.controller.abort();
    void entry.promise.then(
      (model) => model.release(),
      () => undefined,
    );
    store.set({ status: 'idle', ...kept() });
  }

  return { getSnapshot: store.getSnapshot, subscribe: store.subscribe, load, run, release };
}

function isLost(error: unknown): boolean {
  const code = isHayateError(error) ? error.code : undefined;
  return (
    code === 'worker-crashed' ||
    code === 'worker-unreachable' ||
    code === 'disposed' ||
    code === 'device-lost'
  );
}

/** `promise`, or a rejection with the signal's reason as soon as it aborts. */
export function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}
