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

/** The result of {@link useTask}: the state, its parts, and functions that keep their identity. */
export interface UseTaskResult<Contract extends AnyContract>
  extends TaskView<OutputOf<Contract>, PartialOf<Contract>>, TaskFunctions<Contract> {}

/** Runs before a component's own layout effects, which may run the task. On a server, React 18 warns of layout effects. */
const useBeforePaint = typeof window === 'undefined' ? useEffect : useLayoutEffect;

/** Uses any task in a component. Mounting loads the model; it is released `keepAliveMs` after the last unmount. */
export function useTask<Contract extends AnyContract>(
  contract: Contract,
  config: ConfigOf<Contract>,
  { autoLoad, keepAliveMs }: TaskOptions = {},
): UseTaskResult<Contract> {
  const engine = useEngine();
  const [task, functions] = useMemo(() => {
    const options = {
      ...(autoLoad !== undefined && { autoLoad }),
      ...(keepAliveMs !== undefined && { keepAliveMs }),
    };
    const made = createTask(engine, contract, config, options);
    return [made, taskFunctions(made)];
    // The effect below passes a new config to the task.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [engine, contract, autoLoad, keepAliveMs]);
  const state = useSyncExternalStore(task.subscribe, task.getSnapshot, task.getSnapshot);
  // At every render: a config that has not changed costs next to nothing.
  useBeforePaint(() => {
    task.setConfig(config);
  });
  return { ...viewTask(state), ...functions };
}

/** Returns the hook of one task: {@link useTask} with its contract. */
export function taskHook<Contract extends AnyContract>(
  contract: Contract,
): (config: ConfigOf<Contract>, options?: TaskOptions) => UseTaskResult<Contract> {
  return (config, options) => useTask(contract, config, options);
}
