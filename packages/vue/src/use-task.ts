import {
  createTask,
  type AnyContract,
  type ConfigOf,
  type OutputOf,
  type Task,
  type TaskOptions,
  type TaskState,
} from '@hayate/core';
import {
  computed,
  onScopeDispose,
  shallowRef,
  toValue,
  watch,
  type ComputedRef,
  type MaybeRefOrGetter,
  type ShallowRef,
} from 'vue';
import { useEngine } from './engine';

/** What {@link useTask} returns: the state and its parts as refs, and the task's functions. */
export interface UseTaskReturn<Contract extends AnyContract> {
  readonly state: Readonly<ShallowRef<TaskState<OutputOf<Contract>>>>;
  readonly status: ComputedRef<TaskState<unknown>['status']>;
  readonly output: ComputedRef<OutputOf<Contract> | undefined>;
  readonly timings: ComputedRef<TaskState<unknown>['timings']>;
  readonly error: ComputedRef<Extract<TaskState<unknown>, { status: 'error' }>['error'] | undefined>;
  readonly progress: ComputedRef<Extract<TaskState<unknown>, { status: 'loading' }>['progress']>;
  /** Runs and never rejects: the state tells. For event handlers. */
  readonly run: (...parameters: Parameters<Task<Contract>['run']>) => Promise<OutputOf<Contract> | undefined>;
  /** Runs; rejects with a HayateError or `AbortError`. */
  readonly runAsync: Task<Contract>['run'];
  readonly load: Task<Contract>['load'];
  readonly release: Task<Contract>['release'];
}

/** Any task in a component. Loads when set up in a page, lets the model go some time after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: MaybeRefOrGetter<ConfigOf<Contract>>,
  options: TaskOptions = {},
): UseTaskReturn<Contract> {
  const engine = useEngine();
  // The type parameter hides from TypeScript that a config is never a function.
  const current = () => toValue<ConfigOf<Contract>>(config);
  const make = () => createTask<Contract>(engine, contract, current(), options);
  let task = make();
  // Shallow: a proxy around a result could not be sent back to a worker.
  const state = shallowRef(task.getSnapshot());
  let stop: (() => void) | undefined;

  function listen(): void {
    state.value = task.getSnapshot();
    // On a server nobody listens, so nothing loads.
    if (typeof window === 'undefined') return;
    const { subscribe, getSnapshot } = task;
    stop = subscribe(() => {
      state.value = getSnapshot();
    });
  }
  listen();
  watch(
    () => contract.key(current()),
    () => {
      stop?.();
      task = make();
      listen();
    },
  );
  onScopeDispose(() => stop?.());

  const runAsync: Task<Contract>['run'] = (...parameters) => task.run(...parameters);
  return {
    state,
    status: computed(() => state.value.status),
    output: computed(() => state.value.output),
    timings: computed(() => state.value.timings),
    error: computed(() => (state.value.status === 'error' ? state.value.error : undefined)),
    progress: computed(() => (state.value.status === 'loading' ? state.value.progress : undefined)),
    run: (...parameters) => runAsync(...parameters).catch(() => undefined),
    runAsync,
    load: (...parameters) => task.load(...parameters),
    release: () => {
      task.release();
    },
  };
}
