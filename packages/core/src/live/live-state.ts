import type { AnyHayateError } from '../errors';
import type { Timings } from '../ports/pipeline';
import type { LiveStats } from './live-stats';

/** What a live task is doing; as in a task's state, the last output stays. */
export type LiveState<Output> = {
  readonly output: Output | undefined;
  /** The time of the frame of `output`, on the source's own clock. */
  readonly timeMs: number | undefined;
  /** Of the run that gave `output`. */
  readonly timings: Timings | undefined;
  readonly stats: LiveStats;
} & (
  | {
      /** `starting` until the model is loaded; `paused` while the page is hidden. */
      readonly status: 'idle' | 'starting' | 'running' | 'paused';
    }
  | { readonly status: 'error'; readonly error: AnyHayateError }
);

/** A live task's state as hooks show it: each part by itself. */
export interface LiveView<Output> {
  readonly state: LiveState<Output>;
  readonly status: LiveState<Output>['status'];
  readonly output: Output | undefined;
  readonly timings: Timings | undefined;
  readonly stats: LiveStats;
  readonly error: AnyHayateError | undefined;
  /** Started and not stopped, also while the model loads and while the page is hidden. */
  readonly isLive: boolean;
  readonly isError: boolean;
}

/** The parts of a state. */
export function viewLive<Output>(state: LiveState<Output>): LiveView<Output> {
  const { status, output, timings, stats } = state;
  return {
    ...{ state, status, output, timings, stats },
    error: status === 'error' ? state.error : undefined,
    isLive: status === 'starting' || status === 'running' || status === 'paused',
    isError: status === 'error',
  };
}
