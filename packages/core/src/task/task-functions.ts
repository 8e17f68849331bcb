import type { AnyContract, OutputOf } from '../ports/contract';
import type { Task } from './task';

/** The functions of a task as hooks give them. */
export interface TaskFunctions<Contract extends AnyContract> extends Pick<
  Task<Contract>,
  'getSnapshot' | 'load' | 'release' | 'runTimed' | 'stream'
> {
  /** Runs and never rejects: the state tells. For event handlers. */
  readonly run: (...parameters: Parameters<Task<Contract>['run']>) => Promise<OutputOf<Contract> | undefined>;
  /** Runs; rejects with a HayateError or `AbortError`. */
  readonly runAsync: Task<Contract>['run'];
}

/** The functions of a task, for a hook. */
export function taskFunctions<Contract extends AnyContract>(task: Task<Contract>): TaskFunctions<Contract> {
  const { getSnapshot, load, release, run, runTimed, stream } = task;
  return {
    ...{ getSnapshot, load, release, runTimed, stream },
    run: (...parameters) => run(...parameters).catch(() => undefined),
    runAsync: run,
  };
}
