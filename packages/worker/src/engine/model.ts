import type { LoadProgress, ModelPlacement, PreparedInput, RunControl, RunResult } from '@hayate/core';

/** Options of {@link Model.run}. */
export interface ModelRunOptions {
  /** Aborts when no caller waits for the result any more. */
  readonly signal: AbortSignal;
  /** Aborts when the deadline has passed, also if no caller waits. */
  readonly late: AbortSignal;
  readonly cancel: RunControl['cancel'];
  /** Receives partial results; undefined if the caller wants none. Resolves when the next one may be sent. */
  readonly onPartial: ((partial: unknown) => Promise<void>) | undefined;
  /** Called when the run makes progress without a partial result. */
  readonly onAlive: () => void;
}

/** The result or error of one input of a run. */
export type Settlement = PromiseSettledResult<RunResult<unknown>>;

/** A loaded model, on this thread or in a worker. Its runs do not overlap: the model's queue sees to that. */
export interface Model {
  readonly placement: ModelPlacement;
  /** The largest batch, in inputs. */
  readonly maxBatch: number;
  /** Aborts, with the reason, when the model is lost and must be loaded again. */
  readonly lost: AbortSignal;
  /** Runs all inputs with the same options; the caller closes them afterwards. */
  run(
    inputs: readonly PreparedInput[],
    options: unknown,
    runOptions: ModelRunOptions,
  ): Promise<readonly Settlement[]>;
  /** Called after a run has lost the GPU: this instance of the model cannot get it back. */
  loseDevice(reason: unknown): void;
  dispose(): Promise<void>;
}

/** Options of {@link LoadModel}. */
export interface LoadModelOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Loads the model of the task with this name; `config` is plain data. */
export type LoadModel = (task: string, config: unknown, options: LoadModelOptions) => Promise<Model>;
