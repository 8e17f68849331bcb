import type { AnyHayateError } from '../errors';
import type { Timings } from '../ports/pipeline';
import type { LiveStats } from './live-stats';

/** The state of a live task. As in a task's state, the last output stays while the status changes. */
export type LiveState<Output> = {
  readonly output: Output | undefined;
  /** The time of the frame that `output` belongs to, in milliseconds of the source's own clock. */
  readonly timeMs: number | undefined;
  /** The timings of the run that gave `output`. */
  readonly timings: Timings | undefined;
  readonly stats: LiveStats;
} & (
  | {
      /** `starting` until the model is loaded; `paused` while the page is hidden. */
      readonly status: 'idle' | 'starting' | 'running' | 'paused';
    }
  | { readonly status: 'error'; readonly error: AnyHayateError }
);

/** A live task's state with each part as a field of its own, as hooks return it. */
export interface LiveView<Output> {
  readonly state: LiveState<Output>;
  readonly status: LiveState<Output>['status'];
  readonly output: Output | undefined;
  readonly timings: Timings | undefined;
  readonly stats: LiveStats;
  readonly error: AnyHayateError | undefined;
  /** True from start to stop, also while the model loads and while the page is hidden. */
  readonly isLive: boolean;
  readonly isError: boolean;
}

/** Splits a state into its parts. */
export function viewLive<Output>(state: LiveState<Output>): LiveView<Output> {
  const { status, output, timings, stats } = state;
  return {
    ...{ state, status, output, timings, stats },
    error: status === 'error' ? state.error : undefined,
    isLive: status === 'starting' || status === 'running' || status === 'paused',
    isError: status === 'error',
  };
}
