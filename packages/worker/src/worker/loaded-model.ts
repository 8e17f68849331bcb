import type { AnyPipeline, ModelPlacement, PreparedInput } from '@hayate/core';
import type { Model, ModelRunOptions, Settlement } from '../engine/model';

type LoadedPipeline = Awaited<ReturnType<AnyPipeline['load']>>;

/** Creates a model from a loaded pipeline and its sessions. */
export function createLoadedModel(
  pipeline: LoadedPipeline,
  placement: ModelPlacement,
  disposeSessions: () => Promise<void>,
): Model {
  const lost = new AbortController();
  return {
    placement,
    maxBatch: pipeline.runBatch === undefined ? 1 : (pipeline.maxBatch ?? 1),
    lost: lost.signal,
    run: (inputs, options, runOptions) => runAll(pipeline, inputs, options, runOptions),
    loseDevice(reason) {
      lost.abort(reason);
    },
    async dispose() {
      try {
        pipeline.dispose();
      } finally {
        await disposeSessions();
      }
    },
  };
}

/** Runs all inputs, as one batch if the pipeline takes batches. Never rejects. */
async function runAll(
  pipeline: LoadedPipeline,
  inputs: readonly PreparedInput[],
  options: unknown,
  { signal, onPartial, onAlive }: ModelRunOptions,
): Promise<readonly Settlement[]> {
  const timings: Record<string, number> = {};
  const context = {
    signal,
    time: (stage: string, ms: number) => {
      timings[stage] = ms;
    },
    keepAlive: onAlive,
    emit: async (partial: unknown) => onPartial?.(partial),
  };
  const values = inputs.map(({ value }) => value);
  try {
    signal.throwIfAborted();
    const settled: readonly PromiseSettledResult<unknown>[] =
      values.length > 1 && pipeline.runBatch
        ? await pipeline.runBatch(values, options, context)
        : await Promise.allSettled(values.map((value) => pipeline.run(value, options, context)));
    return settled.map((result) =>
      result.status === 'fulfilled' ? { ...result, value: { output: result.value, timings } } : result,
    );
  } catch (reason) {
    return inputs.map(() => ({ status: 'rejected', reason }));
  }
}
