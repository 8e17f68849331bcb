import { notify } from '../async';
import { toHayateError, type AnyHayateError } from '../errors';
import { createHandoverLoop } from '../handover-loop';
import type { AnyContract, InputOf, OptionsOf, OutputOf } from '../ports/contract';
import type { RunControl } from '../ports/engine';
import { createStore, type Store } from '../task/store';
import type { Task } from '../task/task';
import { followSource, type FrameResult, type FrameSource } from './follow-source';
import type { Frame } from './frame-slot';
import type { LiveState } from './live-state';
import { createLiveCounter } from './live-stats';

export { followOptions } from './follow-options';
export type { FrameResult, FrameSource } from './follow-source';
export type { Frame } from './frame-slot';
export { closeFrame } from './frame-slot';
export type { LiveState, LiveView } from './live-state';
export { viewLive } from './live-state';
export type { LiveStats } from './live-stats';

/** One result of a live task. */
export type LiveResult<Contract extends AnyContract> = FrameResult<InputOf<Contract>, OutputOf<Contract>>;

/** How a live task takes frames, and the functions that receive frames and results. */
export interface LiveOptions<Contract extends AnyContract> {
  /** Returns the options of a run; called before each run. */
  readonly runOptions?: () => OptionsOf<Contract> & Pick<RunControl, 'deadlineMs' | 'priority'>;
  /**
   * `newest` drops the frames that arrive while the model is busy. `all` makes the source wait instead, so that every
   * input gets a result.
   * @defaultValue 'newest'
   */
  readonly frames?: 'newest' | 'all';
  /** Receives each frame as it arrives, including those that are dropped. It may draw the frame but must not keep or close it. */
  readonly onFrame?: (frame: Frame<InputOf<Contract>>) => void;
  /** Receives each result, in order, while its frame is open. */
  readonly onResult?: (result: LiveResult<Contract>) => void;
}

/** The part of a task that a live task uses. */
export type LiveTask<Contract extends AnyContract> = Pick<Task<Contract>, 'load' | 'runTimed'>;

/**
 * Runs a task on a source's frames, one frame at a time, as fast as the device can. Subscribe to its state, or iterate:
 * `for await (const { output, frame } of live)` starts it and takes no new frame before the loop's body is done. The
 * loop throws the error that ended it; `break` stops everything.
 */
export interface Live<Contract extends AnyContract>
  extends Store<LiveState<OutputOf<Contract>>>, AsyncIterable<LiveResult<Contract>> {
  /** Loads the model and starts the source. Does nothing if the live task is started. Failures appear in the state. */
  start(): void;
  /**
   * Ends the source and the current run. A camera or a track of `@hayate/vision` is off when this returns; an async
   * generator ends when the frame that it waits for arrives. The model stays loaded.
   */
  stop(): void;
}

/** Creates a live task, which does nothing until it is started. If `source` is a function, each start calls it. */
export function createLive<Contract extends AnyContract>(
  task: LiveTask<Contract>,
  source: FrameSource<InputOf<Contract>> | (() => FrameSource<InputOf<Contract>>),
  options: LiveOptions<Contract> = {},
): Live<Contract> {
  type State = LiveState<OutputOf<Contract>>;
  const { runOptions, frames = 'newest', onFrame, onResult } = options;
  const noStats = createLiveCounter().stats();
  const store = createStore<State>({
    status: 'idle',
    output: undefined,
    timeMs: undefined,
    timings: undefined,
    stats: noStats,
  });
  const loop = createHandoverLoop<LiveResult<Contract>>(start, stop);
  let current: AbortController | undefined;

  function show(change: Partial<State>): void {
    const { output, timeMs, timings, stats, status } = store.getSnapshot();
    store.set({ output, timeMs, timings, stats, status, ...change } as State);
  }

  function start(): void {
    if (current !== undefined) return;
    const mine = (current = new AbortController());
    show({ status: 'starting', stats: noStats });
    if (mine.signal.aborted) return; // a listener has called `stop`
    follow(mine.signal).then(
      () => {
        finish(mine);
      },
      (error: unknown) => {
        finish(mine, toHayateError(error));
      },
    );
  }

  function stop(): void {
    if (current !== undefined) finish(current);
  }

  function finish(mine: AbortController, error?: AnyHayateError): void {
    if (current !== mine) return; // it was stopped before, and perhaps started again
    current = undefined;
    mine.abort(new DOMException('It was stopped.', 'AbortError'));
    show(error === undefined ? { status: 'idle' } : { status: 'error', error });
    loop.end(error);
  }

  async function follow(until: AbortSignal): Promise<void> {
    await followSource<InputOf<Contract>, OutputOf<Contract>>(
      {
        source: typeof source === 'function' ? source() : source,
        frames,
        load: (signal) => task.load({ signal }),
        run: (input, signal) => task.runTimed(input, { ...runOptions?.(), signal }),
        onStatus(status) {
          show({ status });
        },
        onFrame(frame) {
          onFrame?.(frame);
        },
        async onResult(result, stats) {
          const { output, timings, frame } = result;
          show({ output, timeMs: frame.timeMs, timings, stats });
          if (onResult) notify(onResult, result);
          await loop.give(result);
        },
        onFailure(stats) {
          show({ stats });
        },
      },
      until,
    );
  }

  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    start,
    stop,
    [Symbol.asyncIterator]: loop[Symbol.asyncIterator],
  };
}
