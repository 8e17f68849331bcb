// To the linter, types that depend on the type parameter `Contract` are `any`.
/* eslint-disable @typescript-eslint/no-unsafe-assignment,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access */
import { isAbortError, isHayateError, toHayateError } from '../errors';
import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf, PartialOf } from '../ports/contract';
import type { Engine, LoadedTask, PartialListener, QueueStats, RunControl, RunResult } from '../ports/engine';
import { closeValue } from '../transfer';
import { createModelUse, type ModelUse } from './model-use';
import { createStore, type Store } from './store';
import { streamRun, type TaskStep } from './stream-run';
import type { TaskResults, TaskState } from './task-state';

/** When a task loads and releases its model. */
export interface TaskOptions {
  /** Whether the first listener starts the load. @defaultValue true */
  readonly autoLoad?: boolean;
  /**
   * How long the model stays loaded after the last listener has unsubscribed, or after {@link Task.setConfig} has chosen
   * another model, in milliseconds. @defaultValue 5000
   */
  readonly keepAliveMs?: number;
}

/** The options of one run: the task's own and those that every run has. */
export type TaskRunOptions<Contract extends AnyContract> = OptionsOf<Contract> &
  RunControl &
  PartialListener<PartialOf<Contract>>;

/** A task with a state to subscribe to. It does nothing until it is subscribed to, loaded or run. */
export interface Task<Contract extends AnyContract> extends Store<
  TaskState<OutputOf<Contract>, PartialOf<Contract>>
> {
  /** Loads the model; resolves at once if it is loaded. Clears the error of a failed run. */
  load(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Runs the task once. Loads the model first if needed; any number of runs can wait for that. A newer run does not
   * cancel an older one, unless their policy is `latest`. If an older run ends after a newer one, the state ignores it.
   *
   * @throws every HayateError of loading and running; `AbortError` if the model is released meanwhile; the signal's
   * reason, by default an `AbortError`, if `signal` aborts. An abort does not change the state to `error`.
   */
  run(input: InputOf<Contract>, options?: TaskRunOptions<Contract>): Promise<OutputOf<Contract>>;
  /** Runs the task as {@link Task.run} does, and returns the time of each stage too. */
  runTimed(
    input: InputOf<Contract>,
    options?: TaskRunOptions<Contract>,
  ): Promise<RunResult<OutputOf<Contract>>>;
  /**
   * Runs the task as an iterable for `for await`: the partial results, in order, and last the result. The first step
   * starts the run. If the loop's body is slower than the run, the run waits for it after a few more partial results.
   * Leaving the loop aborts the run.
   */
  stream(
    input: InputOf<Contract>,
    options?: TaskRunOptions<Contract>,
  ): AsyncIterable<TaskStep<OutputOf<Contract>, PartialOf<Contract>>>;
  /**
   * Chooses another model; does nothing if it has the same key. The results of the old model leave the state. Runs on it
   * continue, and it is released after `keepAliveMs`.
   */
  setConfig(config: ConfigOf<Contract>): void;
  /** The counts of the model's queue; undefined until the model is loaded. */
  readonly queue: QueueStats | undefined;
  /** Releases the model; the next run loads it again. Without a call, this happens `keepAliveMs` after the last listener. */
  release(): void;
}

/** Creates a task on an engine. `firstConfig` chooses the model; its type is that of the task's contract. */
export function createTask<Contract extends AnyContract>(
  engine: Engine,
  contract: Contract,
  firstConfig: ConfigOf<Contract>,
  { autoLoad = true, keepAliveMs = 5000 }: TaskOptions = {},
): Task<Contract> {
  type Output = OutputOf<Contract>;
  type Partial = PartialOf<Contract>;
  const nothing: TaskResults<Output, Partial> = { output: undefined, timings: undefined, partial: undefined };
  let results = nothing;
  // A copy, because a framework may change its object in place.
  let config: ConfigOf<Contract> = { ...firstConfig };
  let current: ModelUse<Contract> | undefined;

  const store = createStore<TaskState<Output, Partial>>(
    { status: 'idle', ...results },
    { graceMs: keepAliveMs, onActive: loadIfWanted, onIdle: release },
  );

  function loadIfWanted(): void {
    if (autoLoad) void load().catch(() => undefined); // the state shows the error
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
        current = undefined; // the next call tries again
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
      if (transfer) closeValue(input); // the caller has given the input away, so it is closed here
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
        end(); // the engine has disposed of the model: the next call loads it anew
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

  /** Ends the use of the model; false if there was none. */
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
    // A hook calls this at every render, and the key of a manifest with its labels is long.
    if (hasSameFields(next, config)) return;
    const same = contract.key(next) === contract.key(config);
    config = { ...next };
    if (same) return;
    const old = current;
    current = undefined;
    results = nothing;
    store.set({ status: 'idle', ...results });
    // The old model stays loaded for a while: its runs can end, and switching back costs nothing.
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

/** Whether two objects have the same fields with identical values. */
function hasSameFields<Value extends object>(one: Value, other: Value): boolean {
  const names = Object.keys({ ...one, ...other }) as (keyof Value)[];
  return names.every((name) => Object.is(one[name], other[name]));
}

/** Removes the undefined fields, so that none of them overrides a default. */
function definedOnly<Value extends object>(value: Value): { [Key in keyof Value]?: NonNullable<Value[Key]> } {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as never;
}
