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
import { useEffect, useLayoutEffect, useMemo, useSyncExternalStore } from 'react';
import { useEngine } from './engine';

/** What {@link useTask} returns: the state and its parts, and the task's functions, which keep their identity. */
export interface UseTaskResult<Contract extends AnyContract>
  extends TaskView<OutputOf<Contract>, PartialOf<Contract>>, TaskFunctions<Contract> {}

/** Before a component's own layout effects, one of which may run the task; React 18 warns of those on a server. */
const useBeforePaint = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** Any task in a component. Loads when mounted, lets the model go some time after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: ConfigOf<Contract>,
  { autoLoad, keepAliveMs }: TaskOptions = {},
): UseTaskResult<Contract> {
  const engine = useEngine();
  const key = contract.key(config);
  const [task, functions] = useMemo(() => {
    const options = {
      ...(autoLoad !== undefined && { autoLoad }),
      ...(keepAliveMs !== undefined && { keepAliveMs }),
    };
    const made = createTask(engine, contract, config, options);
    return [made, taskFunctions(made)];
    // A new config is told to the task by the effect below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [engine, contract, autoLoad, keepAliveMs]);
  const state = useSyncExternalStore(task.subscribe, task.getSnapshot, task.getSnapshot);
  useBeforePaint(() => {
    task.setConfig(config);
    // `key` stands for `config`, which may be a new object at every render.
  }, [task, key]);
  return { ...viewTask(state), ...functions };
}

/** The hook of one task: {@link useTask} with its contract. */
export function taskHook<Contract extends AnyContract>(
  contract: Contract,
): (config: ConfigOf<Contract>, options?: TaskOptions) => UseTaskResult<Contract> {
  return (config, options) => useTask(contract, config, options);
}
