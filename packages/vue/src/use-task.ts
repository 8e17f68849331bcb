import {
  createTask,
  taskFunctions,
  viewTask,
  type AnyContract,
  type ConfigOf,
  type OutputOf,
  type PartialOf,
  type TaskFunctions,
  type TaskOptions,
  type TaskView,
} from '@hayate/core';
import { onScopeDispose, toValue, watch, type MaybeRefOrGetter } from 'vue';
import { useEngine } from './engine';
import { useView, type Refs } from './use-view';

/** The result of {@link useTask}: the state and its parts as refs, and the task's functions. */
export interface UseTaskResult<Contract extends AnyContract>
  extends Refs<TaskView<OutputOf<Contract>, PartialOf<Contract>>>, TaskFunctions<Contract> {}

/** Uses any task in a component. Setup in a page loads the model; it is released `keepAliveMs` after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: MaybeRefOrGetter<ConfigOf<Contract>>,
  options: TaskOptions = {},
): UseTaskResult<Contract> {
  // `toValue` with an explicit type, because TypeScript cannot exclude that a config is a function.
  const current = () => toValue<ConfigOf<Contract>>(config);
  const task = createTask(useEngine(), contract, current(), options);
  watch(
    () => contract.key(current()),
    () => {
      task.setConfig(current());
    },
  );
  const { refs, stop } = useView(task, viewTask);
  onScopeDispose(stop);
  return { ...refs, ...taskFunctions(task) };
}

/** Returns the composable of one task: {@link useTask} with its contract. */
export function taskHook<Contract extends AnyContract>(
  contract: Contract,
): (config: MaybeRefOrGetter<ConfigOf<Contract>>, options?: TaskOptions) => UseTaskResult<Contract> {
  return (config, options) => useTask(contract, config, options);
}
