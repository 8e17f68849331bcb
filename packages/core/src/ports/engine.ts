import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf, PartialOf } from './contract';
import type { LoadProgress } from './file-store';
import type { Timings } from './pipeline';
import type { SessionPlacement } from './session';

/** How a load is aborted, and how its progress is received. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** What happens to a run that cannot start at once; see {@link RunControl.policy}. */
export type QueuePolicy = 'queue' | 'latest' | 'reject';

/** How one run is scheduled and cancelled. None of these options changes its result. */
export interface RunControl {
  /** An abort rejects the run at once with the signal's reason, whether it waits or runs. */
  readonly signal?: AbortSignal;
  /**
   * What an abort does to a run that has started. `soft` drops its result when it arrives. `hard` replaces the worker,
   * so that the next run need not wait; other runs in that worker reject with `worker-crashed`.
   * @defaultValue 'soft'
   */
  readonly cancel?: 'soft' | 'hard';
  /**
   * How long the run may take without a sign of progress, in milliseconds. The time starts when the worker receives the
   * run, and anew with each partial result. It does not count waiting in the model's queue, while the page is frozen, or
   * while the page has yet to take a partial result; it does count work on other models in the same worker. A worker
   * that takes longer is replaced. `Infinity` means no limit.
   * @defaultValue the engine's
   */
  readonly deadlineMs?: number;
  /**
   * `queue` waits for its turn, and rejects with `queue-full` if too many runs wait. Of `latest` runs only the newest
   * waits: it replaces an older one, which rejects with an `AbortError` and whose frame is closed. `reject` does not
   * wait: it rejects with `queue-full` if the model is busy.
   * @defaultValue 'queue'
   */
  readonly policy?: QueuePolicy;
  /** Runs of a higher priority go first; runs of the same priority go in the order of their calls. @defaultValue 0 */
  readonly priority?: number;
  /**
   * Gives the input away instead of copying it: its buffers are detached and its bitmaps and frames closed, also if the
   * run fails.
   * @defaultValue false
   */
  readonly transfer?: boolean;
}

/** How the partial results of a run are received. */
export interface PartialListener<Partial> {
  /**
   * Receives each partial result, in order, and none after the result. If it returns a promise, the run waits for that
   * promise after a few more partial results.
   */
  readonly onPartial?: (partial: Partial) => void | Promise<void>;
}

/** The options that every run has, besides the task's own. */
export interface RunOptions<Partial> extends RunControl, PartialListener<Partial> {}

/** Counts of a model's queue since the model was loaded. */
export interface QueueStats {
  readonly waiting: number;
  readonly running: number;
  /** Runs of the policy `latest` that a newer run replaced. */
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
  /** The name of the graph's file in the manifest. */
  readonly name: string;
}

/** Where a model runs: `backend`, `threads` and `refused` are those of its session `model`, or else of its first session. */
export interface ModelPlacement extends SessionPlacement {
  /** All sessions of the model, in the order of the manifest's files. */
  readonly sessions: readonly SessionReport[];
}

/**
 * A model that is ready to run. Calls that load the same key share one model. If its worker dies, the model is loaded
 * again from the store; `backend` and `threads` may change then.
 */
export interface LoadedTask<Contract extends AnyContract> extends ModelPlacement {
  readonly queue: QueueStats;
  /** How many inputs the model takes at once; see the engine's `queue.maxBatch`. */
  readonly maxBatch: number;
  /**
   * Runs the task on one input. Every call settles.
   *
   * @throws HayateError `bad-input`, `queue-full`, `deadline-exceeded`, `session-failed`, `device-lost`, `disposed`, the
   * worker's codes; the signal's reason.
   */
  run(
    input: InputOf<Contract>,
    options?: OptionsOf<Contract>,
    runOptions?: RunOptions<PartialOf<Contract>>,
  ): Promise<RunResult<OutputOf<Contract>>>;
  /** Releases this share of the model; the last release frees it. A second call does nothing. */
  release(): Promise<void>;
}

/** Loads models and runs tasks on them: in a worker, on this thread, or as a fake in a test. */
export interface Engine {
  /**
   * Loads the model of a task. Every call settles, even if the worker dies.
   *
   * @throws HayateError `unknown-task`, `bad-model`, `no-backend`, the store's and the worker's codes; `AbortError`.
   */
  load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    options?: LoadOptions,
  ): Promise<LoadedTask<Contract>>;
  /** Frees all models. Runs and loads that wait reject with `disposed`. */
  dispose(): Promise<void>;
}
