import type { LoadProgress, ModelPlacement, PreparedInput, RunControl, RunResult } from '@hayate/core';

/** How a run is treated once it has begun. */
export interface ModelRunOptions {
  /** Nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** The run has taken too long, whether anybody waits for it or not. */
  readonly late: AbortSignal;
  readonly cancel: RunControl['cancel'];
  /** Undefined where nobody wants partial results. Resolves when the next may come. */
  readonly onPartial: ((partial: unknown) => Promise<void>) | undefined;
  /** Told that the run goes on though it has nothing to give. */
  readonly onAlive: () => void;
}

/** What became of each input of a run. */
export type Settlement = PromiseSettledResult<RunResult<unknown>>;

/** A loaded model, on this thread or in a worker. Its runs do not overlap: the model's queue sees to that. */
export interface Model {
  readonly placement: ModelPlacement;
  /** How many inputs one run may take. */
  readonly maxBatch: number;
  /** Aborts when the model is gone and must be loaded again, with the reason. */
  readonly lost: AbortSignal;
  /** Runs all inputs with the same options; the caller closes them afterwards. */
  run(
    inputs: readonly PreparedInput[],
    options: unknown,
    runOptions: ModelRunOptions,
  ): Promise<readonly Settlement[]>;
  /** Tells that a run has lost the GPU, which does not come back where the model is. */
  loseDevice(reason: unknown): void;
  dispose(): Promise<void>;
}

/** Options of {@link LoadModel}. */
export interface LoadModelOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
}

/** Loads the model of a task, by its name; `config` is plain data. */
export type LoadModel = (task: string, config: unknown, options: LoadModelOptions) => Promise<Model>;
