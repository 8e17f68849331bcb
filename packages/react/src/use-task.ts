import {
  createTask,
  type AnyContract,
  type ConfigOf,
  type OutputOf,
  type Task,
  type TaskOptions,
  type TaskState,
} from '@hayate/core';
import { useMemo, useSyncExternalStore } from 'react';
import { useEngine } from './engine';

/** What {@link useTask} returns: the state, its parts, and the task's functions, which keep their identity. */
export interface UseTaskResult<Contract extends AnyContract> {
  readonly state: TaskState<OutputOf<Contract>>;
  readonly status: TaskState<unknown>['status'];
  readonly output: OutputOf<Contract> | undefined;
  readonly timings: TaskState<unknown>['timings'];
  readonly error: Extract<TaskState<unknown>, { status: 'error' }>['error'] | undefined;
  readonly progress: Extract<TaskState<unknown>, { status: 'loading' }>['progress'];
  /** Runs and never rejects: the state tells. For event handlers. */
  readonly run: (...parameters: Parameters<Task<Contract>['run']>) => Promise<OutputOf<Contract> | undefined>;
  /** Runs; rejects with a HayateError or `AbortError`. */
  readonly runAsync: Task<Contract>['run'];
  readonly load: Task<Contract>['load'];
  /** The newest state, also between two renders. */
  readonly getSnapshot: Task<Contract>['getSnapshot'];
  readonly release: Task<Contract>['release'];
}

/** Any task in a component. Loads when mounted, lets the model go some time after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: ConfigOf<Contract>,
  { autoLoad, keepAliveMs }: TaskOptions = {},
): UseTaskResult<Contract> {
  const engine = useEngine();
  const key = contract.key(config);
  const task = useMemo(() => {
    const options = {
      ...(autoLoad !== undefined && { autoLoad }),
      ...(keepAliveMs !== undefined && { keepAliveMs }),
    };
    const { load, release, run: runAsync, ...store } = createTask(engine, contract, config, options);
    const run = (...parameters: Parameters<typeof runAsync>) =>
      runAsync(...parameters).catch(() => undefined);
    return { ...store, load, release, run, runAsync };
    // `key` stands for `config`, which may be a new object at every render.
  }, [engine, contract, key, autoLoad, keepAliveMs]);
  const state = useSyncExternalStore(task.subscribe, task.getSnapshot, task.getSnapshot);
  const { run, runAsync, load, release, getSnapshot } = task;
  return {
    state,
    status: state.status,
    output: state.output,
    timings: state.timings,
    error: state.status === 'error' ? state.error : undefined,
    progress: state.status === 'loading' ? state.progress : undefined,
    run,
    runAsync,
    load,
    release,
    getSnapshot,
  };
}
