import type { AnyHayateError } from '../errors';
import type { ModelPlacement } from '../ports/engine';
import type { LoadProgress } from '../ports/file-store';
import type { Timings } from '../ports/pipeline';

/** The results of a task. They stay while the next run computes, and beside an error. */
export interface TaskResults<Output, Partial> {
  /** The output of the newest run that has succeeded. */
  readonly output: Output | undefined;
  /** The timings of the run that gave `output`. */
  readonly timings: Timings | undefined;
  /** The last partial result of the newest run. Becomes undefined when the next run starts. */
  readonly partial: Partial | undefined;
}

/** The state of a task: one `status` with its fields, and the results. */
export type TaskState<Output, Partial = never> = TaskResults<Output, Partial> &
  (
    | { readonly status: 'idle' }
    | { readonly status: 'loading'; readonly progress: LoadProgress | undefined }
    | ({ readonly status: 'ready' | 'running' } & ModelPlacement)
    | { readonly status: 'error'; readonly error: AnyHayateError }
  );

/** A task's state with each part as a field of its own, as hooks return it; undefined if the state has no such part. */
export interface TaskView<Output, Partial = never> extends TaskResults<Output, Partial> {
  readonly state: TaskState<Output, Partial>;
  readonly status: TaskState<Output, Partial>['status'];
  readonly error: AnyHayateError | undefined;
  readonly progress: LoadProgress | undefined;
  readonly isLoading: boolean;
  /** The model is loaded. True also while a run is pending. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly isError: boolean;
}

/** Splits a state into its parts. */
export function viewTask<Output, Partial>(state: TaskState<Output, Partial>): TaskView<Output, Partial> {
  const { status, output, timings, partial } = state;
  return {
    ...{ state, status, output, timings, partial },
    error: status === 'error' ? state.error : undefined,
    progress: status === 'loading' ? state.progress : undefined,
    isLoading: status === 'loading',
    isReady: status === 'ready' || status === 'running',
    isRunning: status === 'running',
    isError: status === 'error',
  };
}
