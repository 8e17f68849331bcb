// The types of a contract that is still a parameter are `any` to the linter.
/* eslint-disable @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
import { isAbortError, isHayateError, toHayateError } from '../errors';
import {
  closeValue,
  type AnyContract,
  type ConfigOf,
  type InputOf,
  type OptionsOf,
  type OutputOf,
  type PartialOf,
} from '../ports/contract';
import type { Engine, LoadedTask, PartialListener, QueueStats, RunControl, RunResult } from '../ports/engine';
import { createModelUse, type ModelUse } from './model-use';
import { createStore, type Store } from './store';
import { streamRun, type TaskStep } from './stream-run';
import type { TaskResults, TaskState } from './task-state';

/** Options of {@link createTask}. */
export interface TaskOptions {
  /** Load as soon as somebody listens. @defaultValue true */
  readonly autoLoad?: boolean;
  /**
   * How long the model is kept after the last listener has gone, or after {@link Task.setConfig} has chosen another, in
   * milliseconds. @defaultValue 5000
   */
  readonly keepAliveMs?: number;
}

/** The options of one run: the task's own and those that every run has. */
export type TaskRunOptions<Contract extends AnyContract> = OptionsOf<Contract> &
  RunControl &
  PartialListener<PartialOf<Contract>>;

/** A task that can be listened to. It does nothing until it is listened to, loaded or run. */
export interface Task<Contract extends AnyContract> extends Store<
  TaskState<OutputOf<Contract>, PartialOf<Contract>>
> {
  /** Loads the model; resolves at once when it is there. Clears the error of a failed run. */
  load(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Runs once, loading the model first when needed; until it is there, runs wait without a bound. A newer run does not cancel an older one, unless their policy is
   * `latest`; but an older one that ends late leaves the state alone.
   *
   * @throws every HayateError of loading and running; `AbortError` when the model is released meanwhile;
   * the signal's own reason, by default an `AbortError`, when `signal` aborts. None of these aborts is an error state.
   */
  run(input: InputOf<Contract>, options?: TaskRunOptions<Contract>): Promise<OutputOf<Contract>>;
  /** The same, with how long each stage of this run took. */
  runTimed(
    input: InputOf<Contract>,
    options?: TaskRunOptions<Contract>,
  ): Promise<RunResult<OutputOf<Contract>>>;
  /**
   * The same as a `for await` loop over the partial results, in order, that ends with the result. The first step begins
   * the run; while the loop's body works, the run is held back once a few more have come. Leaving the loop aborts it.
   */
  stream(
    input: InputOf<Contract>,
    options?: TaskRunOptions<Contract>,
  ): AsyncIterable<TaskStep<OutputOf<Contract>, PartialOf<Contract>>>;
  /**
   * Chooses another model. Nothing happens if it has the same key. What the old one gave is forgotten; runs on it go
   * on, and it is released after `keepAliveMs`.
   */
  setConfig(config: ConfigOf<Contract>): void;
  /** What the model's queue holds; undefined until it is loaded. */
  readonly queue: QueueStats | undefined;
  /** Lets the model go. With listeners this happens by itself; the next run loads again. */
  release(): void;
}

/** Makes a task over an engine. `config` says which model; see the task's contract. */
export function createTask<Contract extends AnyContract>(
  engine: Engine,
  contract: Contract,
  config: ConfigOf<Contract>,
  { autoLoad = true, keepAliveMs = 5000 }: TaskOptions = {},
): Task<Contract> {
  type Output = OutputOf<Contract>;
  type Partial = PartialOf<Contract>;
  const nothing: TaskResults<Output, Partial> = { output: undefined, timings: undefined, partial: undefined };
  let results = nothing;
  let current: ModelUse<Contract> | undefined;

  const store = createStore<TaskState<Output, Partial>>(
    { status: 'idle', ...results },
    { graceMs: keepAliveMs, onActive: loadIfWanted, onIdle: release },
  );

  function loadIfWanted(): void {
    if (autoLoad) void load().catch(() => undefined); // the state tells
  }

  function showLoaded({ failure, isRunning }: ModelUse<Contract>, model: LoadedTask<Contract>): void {
    const { backend, threads, refused, sessions } = model;
    if (!isRunning && failure !== undefined) store.set({ status: 'error', error: failure, ...results });
    else {
      const status = isRunning ? 'running' : 'ready';
      store.set({ status, backend, threads, refused, sessions, ...results });
    }
  }

  function start(): ModelUse<Contract> {
    const use = createModelUse(engine, contract, config, {
      onProgress(progress) {
        if (current === use) store.set({ status: 'loading', progress, ...results });
      },
      onLoaded() {
        if (current === use && use.loaded) showLoaded(use, use.loaded);
      },
      onFailed(error) {
        if (current !== use) return;
        current = undefined; // a failure is forgotten: the next call tries again
        if (isAbortError(error)) store.set({ status: 'idle', ...results });
        else store.set({ status: 'error', error: toHayateError(error), ...results });
      },
    });
    current = use;
    store.set({ status: 'loading', progress: undefined, ...results });
    return use;
  }

  async function load({ signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    signal?.throwIfAborted();
    const use = current ?? start();
    const model = await use.wait(signal);
    if (current !== use || use.failure === undefined) return;
    use.clearFailure();
    showLoaded(use, model);
  }

  async function runTimed(
    input: InputOf<Contract>,
    options: TaskRunOptions<Contract> = {},
  ): Promise<RunResult<Output>> {
    const { signal, cancel, deadlineMs, policy, priority, transfer, onPartial, ...rest } = options;
    const control = definedOnly({ signal, cancel, deadlineMs, policy, priority, transfer });
    let use: ModelUse<Contract>;
    let run: number;
    let model: LoadedTask<Contract>;
    try {
      signal?.throwIfAborted();
      use = current ?? start();
      run = use.nextRun();
      model = await use.waitToRun(control);
      if (current !== use) throw new DOMException('The model was released.', 'AbortError');
    } catch (error) {
      if (transfer) closeValue(input); // it was given away, and nobody else will
      throw error;
    }
    const follow = (partial: Partial): void | Promise<void> => {
      if (current === use && run === use.newestRun) {
        results = { ...results, partial };
        showLoaded(use, model);
      }
      return onPartial?.(partial) as void | Promise<void>;
    };
    use.begin(run);
    if (run === use.newestRun) results = { ...results, partial: undefined };
    showLoaded(use, model);
    try {
      const result = await model.run(input, rest, {
        ...control,
        ...(contract.streams && { onPartial: follow }),
      });
      if (use.succeed(run) && current === use) {
        results = { ...results, output: result.output, timings: result.timings };
      }
      return result;
    } catch (error) {
      if (isAbortError(error) || signal?.aborted === true) use.abort(run);
      else use.fail(run, error);
      if (current === use && isHayateError(error) && error.code === 'disposed') {
        end(); // the model is gone with its engine: the next call asks for it anew
        store.set({ status: 'error', error, ...results });
      }
      throw error;
    } finally {
      if (current === use) showLoaded(use, model);
    }
  }

  function stream(input: InputOf<Contract>, options?: TaskRunOptions<Contract>) {
    return streamRun<Output, Partial>((left, give) => {
      const { signal, onPartial }: RunControl & PartialListener<Partial> = options ?? {};
      return runTimed(input, {
        ...options,
        signal: signal ? AbortSignal.any([signal, left]) : left,
        onPartial: async (partial: Partial) => {
          await onPartial?.(partial);
          await give(partial);
        },
      });
    });
  }

  /** Ends the use of the model, and tells whether there was one. */
  function end(): boolean {
    const ended = current;
    current = undefined;
    ended?.end();
    return ended !== undefined;
  }

  function release(): void {
    if (end()) store.set({ status: 'idle', ...results });
  }

  function setConfig(next: ConfigOf<Contract>): void {
    const same = contract.key(next) === contract.key(config);
    config = next;
    if (same) return;
    const old = current;
    current = undefined;
    results = nothing;
    store.set({ status: 'idle', ...results });
    // As long as after the last listener: its runs may end, and coming back to it costs nothing.
    const timer: unknown = setTimeout(() => old?.end(), keepAliveMs);
    (timer as { unref?: () => void }).unref?.();
    if (store.active) loadIfWanted();
  }

  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    load,
    run: async (input, options) => (await runTimed(input, options)).output,
    runTimed,
    stream,
    get queue() {
      return current?.loaded?.queue;
    },
    setConfig,
    release,
  };
}

/** Without what is undefined, so that it does not stand in for a default. */
function definedOnly<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}
