import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf, PartialOf } from './contract';
import type { LoadProgress } from './file-store';
import type { Timings } from './pipeline';
import type { SessionPlacement } from './session';

/** Options of {@link Engine.load}. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What happens to a run that cannot begin at once. */
export type QueuePolicy = 'queue' | 'latest' | 'reject';

/** How one run is treated; none of it changes what the run gives. */
export interface RunControl {
  /** Settles the run at once with the signal's reason, wherever it is. */
  readonly signal?: AbortSignal;
  /**
   * What an abort does to a run that has begun: `soft` drops its result when it comes, `hard` replaces the worker, so
   * that the next run need not wait for it. What else ran in that worker rejects with `worker-crashed`.
   * @defaultValue 'soft'
   */
  readonly cancel?: 'soft' | 'hard';
  /**
   * How long the run may go without a sign of progress, in milliseconds, from when the worker is given it: the time
   * starts anew with each partial result. Waiting in the model's queue does not count, nor does the time in which the
   * page was frozen or has yet to take a partial result; other models' work in the same worker does. A worker that
   * takes longer is replaced. `Infinity` for no limit.
   * @defaultValue the engine's
   */
  readonly deadlineMs?: number;
  /**
   * `queue` waits its turn and is refused with `queue-full` where too many wait. `latest` waits alone: a newer `latest`
   * run takes its place, and the older rejects with an `AbortError`, its frame closed. `reject` does not wait.
   * @defaultValue 'queue'
   */
  readonly policy?: QueuePolicy;
  /** Higher goes first; equal ones in the order they came. @defaultValue 0 */
  readonly priority?: number;
  /**
   * Gives the input away instead of copying it: buffers are detached, bitmaps and frames closed, on every path.
   * @defaultValue false
   */
  readonly transfer?: boolean;
}

/** How one run of a task that streams is followed. */
export interface PartialListener<Partial> {
  /**
   * Hears each partial result, in order, none after the result. While it waits for a promise that it returned, the run
   * is held back once a few more have come.
   */
  readonly onPartial?: (partial: Partial) => void | Promise<void>;
}

/** Options of one run beside the task's own. */
export interface RunOptions<Partial> extends RunControl, PartialListener<Partial> {}

/** What a model's queue holds and has turned away, since the model was loaded. */
export interface QueueStats {
  readonly waiting: number;
  readonly running: number;
  /** Runs that a newer one took the place of. */
  readonly dropped: number;
  /** Runs refused with `queue-full`. */
  readonly refused: number;
}

/** The result of one run. */
export interface RunResult<Output> {
  readonly output: Output;
  readonly timings: Timings;
}

/** Where one session of a model runs. */
export interface SessionReport extends SessionPlacement {
  /** The name of its file in the manifest. */
  readonly name: string;
}

/** Where a model runs: `backend`, `threads` and `refused` are those of its session `model`, or else of its first. */
export interface ModelPlacement extends SessionPlacement {
  /** All its sessions, in the order of the manifest's files. */
  readonly sessions: readonly SessionReport[];
}

/**
 * A model that is ready to run. Models with the same key are shared and counted. It outlives its worker: where that
 * dies, the model is loaded again from the store, and `backend` and `threads` may then be others.
 */
export interface LoadedTask<Contract extends AnyContract> extends ModelPlacement {
  readonly queue: QueueStats;
  /** How many inputs the model takes at once; see the engine's `queue.maxBatch`. */
  readonly maxBatch: number;
  run(
    input: InputOf<Contract>,
    options?: OptionsOf<Contract>,
    runOptions?: RunOptions<PartialOf<Contract>>,
  ): Promise<RunResult<OutputOf<Contract>>>;
  /** Gives the model back; the last one frees it. Calling it twice does nothing. */
  release(): Promise<void>;
}

/** Where tasks run: a worker, this thread, a test. */
export interface Engine {
  /**
   * Loads the model of a task. Every call settles.
   *
   * @throws HayateError `unknown-task`, `bad-model`, `no-backend`, the store's and the worker's codes; `AbortError`.
   */
  load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    options?: LoadOptions,
  ): Promise<LoadedTask<Contract>>;
  /** Frees everything; what waits settles with `disposed`. */
  dispose(): Promise<void>;
}
