import type { AnyContract, OutputOf } from '../ports/contract';
import type { Task } from './task';

/** The functions of a task that hooks return. */
export interface TaskFunctions<Contract extends AnyContract> extends Pick<
  Task<Contract>,
  'getSnapshot' | 'load' | 'release' | 'runTimed' | 'stream'
> {
  /** Runs the task without a promise, for event handlers. The state shows the result or the error. */
  readonly run: (...parameters: Parameters<Task<Contract>['run']>) => Promise<OutputOf<Contract> | undefined>;
  /** Runs the task. The promise rejects with a HayateError or an `AbortError`. */
  readonly runAsync: Task<Contract>['run'];
}

/** Returns the functions of a task that hooks return. */
export function taskFunctions<Contract extends AnyContract>(task: Task<Contract>): TaskFunctions<Contract> {
  const { getSnapshot, load, release, run, runTimed, stream } = task;
  return {
    ...{ getSnapshot, load, release, runTimed, stream },
    run: (...parameters) => run(...parameters).catch(() => undefined),
    runAsync: run,
  };
}
