import type { AnyHayateError } from '../errors';
import type { ModelPlacement } from '../ports/engine';
import type { LoadProgress } from '../ports/file-store';
import type { Timings } from '../ports/pipeline';

/** What a task has given; it stays while the next is computed and beside an error. */
export interface TaskResults<Output, Partial> {
  /** Of the newest run that has succeeded. */
  readonly output: Output | undefined;
  /** Of the run that gave `output`. */
  readonly timings: Timings | undefined;
  /** The last partial result of the newest run; undefined again when the next run begins. */
  readonly partial: Partial | undefined;
}

/** What a task is doing: one `status`, with what belongs to it. */
export type TaskState<Output, Partial = never> = TaskResults<Output, Partial> &
  (
    | { readonly status: 'idle' }
    | { readonly status: 'loading'; readonly progress: LoadProgress | undefined }
    | ({ readonly status: 'ready' | 'running' } & ModelPlacement)
    | { readonly status: 'error'; readonly error: AnyHayateError }
  );

/** A task's state as hooks show it: each part by itself, undefined where the state has none. */
export interface TaskView<Output, Partial = never> extends TaskResults<Output, Partial> {
  readonly state: TaskState<Output, Partial>;
  readonly status: TaskState<Output, Partial>['status'];
  readonly error: AnyHayateError | undefined;
  readonly progress: LoadProgress | undefined;
  readonly isLoading: boolean;
  /** The model is loaded: a run can begin, also while another is under way. */
  readonly isReady: boolean;
  readonly isRunning: boolean;
  readonly isError: boolean;
}

/** The parts of a state. */
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
