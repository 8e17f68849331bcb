import {
  createTask,
  viewTask,
  type AnyContract,
  type ConfigOf,
  type OutputOf,
  type PartialOf,
  type Task,
  type TaskOptions,
  type TaskView,
} from '@hayate/core';
import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { useEngine } from './engine';
import { useView, type Refs } from './use-view';

/** What {@link useTask} returns: the state and its parts as refs, and the task's functions. */
export interface UseTaskResult<Contract extends AnyContract>
  extends
    Refs<TaskView<OutputOf<Contract>, PartialOf<Contract>>>,
    Pick<Task<Contract>, 'getSnapshot' | 'load' | 'release' | 'runTimed' | 'stream'> {
  /** Runs and never rejects: the state tells. For event handlers. */
  readonly run: (...parameters: Parameters<Task<Contract>['run']>) => Promise<OutputOf<Contract> | undefined>;
  /** Runs; rejects with a HayateError or `AbortError`. */
  readonly runAsync: Task<Contract>['run'];
}

/** Any task in a component. Loads when set up in a page, lets the model go some time after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: MaybeRefOrGetter<ConfigOf<Contract>>,
  options: TaskOptions = {},
): UseTaskResult<Contract> {
  // The type parameter hides from TypeScript that a config is never a function.
  const current = () => toValue<ConfigOf<Contract>>(config);
  const task = createTask(useEngine(), contract, current(), options);
  const { getSnapshot, load, release, run: runAsync, runTimed, stream } = task;
  watch(
    () => contract.key(current()),
    () => {
      task.setConfig(current());
    },
  );
  const { refs, stop } = useView(task, viewTask);
  onScopeDispose(stop);
  return {
    ...refs,
    run: (...parameters) => runAsync(...parameters).catch(() => undefined),
    ...{ getSnapshot, load, release, runAsync, runTimed, stream },
  };
}

/** The composable of one task: {@link useTask} with its contract. */
export function taskHook<Contract extends AnyContract>(
  contract: Contract,
): (config: MaybeRefOrGetter<ConfigOf<Contract>>, options?: TaskOptions) => UseTaskResult<Contract> {
  return (config, options) => useTask(contract, config, options);
}
