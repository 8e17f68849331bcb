import { createHandoverLoop } from '../handover-loop';
import type { RunResult } from '../ports/engine';
import type { Timings } from '../ports/pipeline';

/** One step of {@link streamRun}: a partial result, or the result at the end. */
export type TaskStep<Output, Partial> =
  | { readonly type: 'partial'; readonly partial: Partial }
  | { readonly type: 'result'; readonly output: Output; readonly timings: Timings };

/**
 * An iterable over the partial results of a run, in order, that ends with the result. The first step of each iteration
 * starts a run; leaving the loop aborts it.
 */
export function streamRun<Output, Partial>(
  run: (signal: AbortSignal, onPartial: (partial: Partial) => Promise<void>) => Promise<RunResult<Output>>,
): AsyncIterable<TaskStep<Output, Partial>> {
  return {
    [Symbol.asyncIterator]() {
      const controller = new AbortController();
      let running: Promise<void> | undefined;
      const loop = createHandoverLoop<TaskStep<Output, Partial>>(
        () => {
          running ??= follow();
        },
        () => {
          controller.abort(new DOMException('The loop was left.', 'AbortError'));
        },
      );
      async function follow(): Promise<void> {
        try {
          const result = await run(controller.signal, (partial) => loop.give({ type: 'partial', partial }));
          await loop.give({ type: 'result', ...result });
          loop.end();
        } catch (error) {
          loop.end(error as Error);
        }
      }
      return loop[Symbol.asyncIterator]();
    },
  };
}
