// The types of a contract that is still a parameter are `any` to the linter.
/* eslint-disable @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf } from './contract';
import type { Engine, LoadedTask, QueueStats, RunControl } from './engine';
import { HayateError, isAbortError, isHayateError, toHayateError } from './errors';
import type { AnyHayateError, BackendAttempt, BackendName } from './errors';
import type { LoadProgress } from './model-store';
import type { Timings } from './pipeline';
import { createStore, type Store } from './store';
import { unlessAborted } from './unless-aborted';

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
      /** As it was when a run of this task last began or ended. */
      readonly queue: QueueStats;
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
  /** Loads the model; resolves at once when it is there. Clears the error of a failed run. */
  load(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Runs once, loading the model first when needed; until it is there, runs wait without a bound. A newer run does not cancel an older one, unless their policy is
   * `latest`; but an older one that ends late leaves the state alone.
   *
   * @throws every HayateError of loading and running; `AbortError` when the model is released meanwhile;
   * the signal's own reason, by default an `AbortError`, when `signal` aborts. None of these aborts is an error state.
   */
  run(input: InputOf<Contract>, options?: OptionsOf<Contract> & RunControl): Promise<OutputOf<Contract>>;
  /** Lets the model go. With listeners this happens by itself; the next run loads again. */
  release(): void;
}

/** One loading of the model and the runs on it. */
interface Tenure<Contract extends AnyContract> {
  readonly model: Promise<LoadedTask<Contract>>;
  readonly controller: AbortController;
  loaded: boolean;
  /** Ends the `latest` run that waits for the model. */
  waitingLatest: AbortController | undefined;
  /** The numbers of the runs that are under way. */
  readonly active: Set<number>;
  newestRun: number;
  /** The newest run whose outcome is shown. */
  shownRun: number;
  /** Why that run failed, if it did. */
  failure: AnyHayateError | undefined;
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
  let tenure: Tenure<Contract> | undefined;
  let kept: { readonly output: Output | undefined; readonly timings: Timings | undefined } = {
    output: undefined,
    timings: undefined,
  };

  const store = createStore<TaskState<Output>>(
    { status: 'idle', ...kept },
    {
      graceMs: keepAliveMs,
      onActive: () => {
        if (autoLoad) void load().catch(() => undefined); // the state tells
      },
      onIdle: release,
    },
  );

  function showLoaded(mine: Tenure<Contract>, model: LoadedTask<Contract>): void {
    const { backend, threads, refused, queue } = model;
    const { failure } = mine;
    // A run older than what is shown will change nothing any more.
    const running = [...mine.active].some((number) => number > mine.shownRun);
    if (running) store.set({ status: 'running', backend, threads, refused, queue, ...kept });
    else if (failure !== undefined) store.set({ status: 'error', error: failure, ...kept });
    else store.set({ status: 'ready', backend, threads, refused, queue, ...kept });
  }

  function start(): Tenure<Contract> {
    const controller = new AbortController();
    const onProgress = (progress: LoadProgress) => {
      if (tenure === mine) store.set({ status: 'loading', progress, ...kept });
    };
    // A tick later, when `tenure` is set: an engine may tell its progress at once.
    const model = Promise.resolve().then(() =>
      engine.load(contract, config, { signal: controller.signal, onProgress }),
    );
    const mine: Tenure<Contract> = {
      model,
      controller,
      loaded: false,
      waitingLatest: undefined,
      active: new Set(),
      newestRun: 0,
      shownRun: 0,
      failure: undefined,
    };
    tenure = mine;
    store.set({ status: 'loading', progress: undefined, ...kept });
    model.then(
      (loaded) => {
        mine.loaded = true;
        if (tenure === mine) showLoaded(mine, loaded);
      },
      (error: unknown) => {
        if (tenure !== mine) return;
        tenure = undefined; // a failure is forgotten: the next call tries again
        if (isAbortError(error)) store.set({ status: 'idle', ...kept });
        else store.set({ status: 'error', error: toHayateError(error), ...kept });
      },
    );
    return mine;
  }

  async function load({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted();
    const mine = tenure ?? start();
    const model = await unlessAborted(mine.model, signal);
    if (tenure !== mine || mine.failure === undefined) return;
    mine.failure = undefined;
    showLoaded(mine, model);
  }

  /** The model for one run. While it loads there is no queue yet, so the policies are kept here. */
  async function modelFor(
    mine: Tenure<Contract>,
    { signal, policy }: RunControl,
  ): Promise<LoadedTask<Contract>> {
    if (mine.loaded || policy === undefined || policy === 'queue') return unlessAborted(mine.model, signal);
    if (policy === 'reject') {
      throw new HayateError('queue-full', 'The model is still loading, and the run would not wait.', {
        limit: 0,
      });
    }
    mine.waitingLatest?.abort(new DOMException('A newer run took its place.', 'AbortError'));
    const place = (mine.waitingLatest = new AbortController());
    return unlessAborted(mine.model, signal ? AbortSignal.any([signal, place.signal]) : place.signal);
  }

  async function run(
    input: InputOf<Contract>,
    options: OptionsOf<Contract> & RunControl = {},
  ): Promise<Output> {
    const { signal, cancel, deadlineMs, policy, priority, transfer, ...rest } = options;
    const control = definedOnly({ signal, cancel, deadlineMs, policy, priority, transfer });
    let mine: Tenure<Contract>;
    let number: number;
    let model: LoadedTask<Contract>;
    try {
      signal?.throwIfAborted();
      mine = tenure ?? start();
      number = ++mine.newestRun;
      model = await modelFor(mine, control);
      if (tenure !== mine) throw new DOMException('The model was released.', 'AbortError');
    } catch (error) {
      if (transfer) close(input); // it was given away, and nobody else will
      throw error;
    }
    mine.active.add(number);
    showLoaded(mine, model);
    try {
      const result = await model.run(input, rest, control);
      if (tenure === mine && number > mine.shownRun) {
        Object.assign(mine, { shownRun: number, failure: undefined });
        kept = { output: result.output, timings: result.timings };
      }
      return result.output;
    } catch (error) {
      const aborted = isAbortError(error) || signal?.aborted === true;
      if (tenure === mine && isDisposed(error)) abandon(mine, toHayateError(error));
      else if (tenure === mine && number > mine.shownRun && !aborted) {
        Object.assign(mine, { shownRun: number, failure: toHayateError(error) });
      }
      throw error;
    } finally {
      mine.active.delete(number);
      if (tenure === mine) showLoaded(mine, model);
    }
  }

  /** Ends a tenure; its model is given back as soon as it has been loaded. */
  function end(mine: Tenure<Contract>): void {
    tenure = undefined;
    mine.controller.abort();
    void mine.model.then(
      (model) => model.release(),
      () => undefined,
    );
  }

  /** The model is gone with its engine: the next call asks for it anew. */
  function abandon(mine: Tenure<Contract>, error: AnyHayateError): void {
    end(mine);
    store.set({ status: 'error', error, ...kept });
  }

  function release(): void {
    if (tenure === undefined) return;
    end(tenure);
    store.set({ status: 'idle', ...kept });
  }

  return { getSnapshot: store.getSnapshot, subscribe: store.subscribe, load, run, release };
}

function isDisposed(error: unknown): boolean {
  return isHayateError(error) && error.code === 'disposed';
}

/** Closes a bitmap or a frame. */
function close(input: unknown): void {
  (input as { close?: () => void } | null | undefined)?.close?.();
}

/** Without what is undefined, so that it does not stand in for a default. */
function definedOnly<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}
