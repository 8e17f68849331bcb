import type { AnyContract, ConfigOf, InputOf, OptionsOf, OutputOf } from './contract';
import type { BackendAttempt, BackendName } from './errors';
import type { LoadProgress } from './model-store';
import type { Timings } from './pipeline';

/** Options of {@link Engine.load}. */
export interface LoadOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/** Options of one run beside the task's own. */
export interface RunOptions<Output> {
  readonly signal?: AbortSignal;
  readonly onPartial?: (partial: Output) => void;
}

/** The result of one run. */
export interface RunResult<Output> {
  readonly output: Output;
  readonly timings: Timings;
}

/** A model that is ready to run. Models with the same key are shared and counted. */
export interface LoadedTask<Contract extends AnyContract> {
  readonly backend: BackendName;
  readonly threads: number;
  /** The backends that were not used, each with its reason. */
  readonly refused: readonly BackendAttempt[];
  run(
    input: InputOf<Contract>,
    options?: OptionsOf<Contract>,
    runOptions?: RunOptions<OutputOf<Contract>>,
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
