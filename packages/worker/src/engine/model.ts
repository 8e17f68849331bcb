import type { LoadProgress, ModelPlacement, PreparedInput, RunControl, RunResult } from '@hayate/core';

/** How a run of a {@link Model} is stopped, and how its events are received. */
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

/** A loaded model, on this thread or in a worker. The model's queue starts one run at a time. */
export interface Model {
  readonly placement: ModelPlacement;
  /** How many inputs the largest batch has. */
  readonly maxBatch: number;
  /** Aborts, with the reason, when the model is lost and must be loaded again. */
  readonly lost: AbortSignal;
  /** Runs all inputs with the same options; the caller closes them afterwards. */
  run(
    inputs: readonly PreparedInput[],
    options: unknown,
    runOptions: ModelRunOptions,
  ): Promise<readonly Settlement[]>;
  /** Marks the model as lost. Called after a run has lost the GPU, which this instance cannot use again. */
  loseDevice(reason: unknown): void;
  dispose(): Promise<void>;
}

/** How a load is aborted, and how its progress is received. */
export interface LoadModelOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Loads the model of the task with this name; `config` is plain data. */
export type LoadModel = (task: string, config: unknown, options: LoadModelOptions) => Promise<Model>;
