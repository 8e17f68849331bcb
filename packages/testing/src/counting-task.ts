import { definePipeline, defineTask, type Manifest, type ModelConfig } from '@hayate/core';

/** How a run of {@link counting} waits, blocks, and how large its result is. */
export interface CountingOptions {
  /** The wait before each partial result, in milliseconds. @defaultValue 0 */
  readonly everyMs?: number;
  /** After the last partial result: how long the run only calls `keepAlive`, every `everyMs`, in milliseconds. */
  readonly silentMs?: number;
  /** Lets the run never end after the last partial result. `loop` blocks its thread for ever; `wait` ends at an abort. */
  readonly stuck?: 'wait' | 'loop';
  /** The length of `data` in the result, in bytes. @defaultValue 0 */
  readonly dataBytes?: number;
}

/** The result of a run of {@link counting}. */
export interface CountingOutput {
  /** The time of each partial result, in milliseconds since 1970. */
  readonly emittedAt: readonly number[];
  readonly data: Uint8Array;
  /** The length of the previous run's `data` on the pipeline's thread, in bytes: 0 if it was transferred. */
  readonly leftOfLastData: number;
}

/** A task for tests of streaming: counts from 1 to its input, one partial result for each number. */
export const counting = defineTask<ModelConfig, number, CountingOptions, CountingOutput, number>({
  name: 'counting',
  streams: true,
  prepare: (value) => ({ value, transfer: [] }),
});

/** A model without files. */
export const countingModel: Manifest = {
  format: 1,
  id: 'counting',
  task: 'counting',
  files: {},
  output: { layout: 'none' },
  licence: 'MIT',
  source: { name: 'a test', url: 'https://test.invalid/' },
  revision: '1',
};

/** The pipeline of {@link counting}. */
export const countingPipeline = definePipeline(counting, {
  load() {
    let last = new Uint8Array();
    return Promise.resolve({
      async run(input, { everyMs = 0, silentMs = 0, stuck, dataBytes = 0 }, { signal, emit, keepAlive }) {
        const emittedAt: number[] = [];
        for (let count = 1; count <= (input as number); count += 1) {
          if (everyMs > 0) await wait(everyMs);
          emittedAt.push(performance.timeOrigin + performance.now());
          await emit(count);
        }
        for (let ms = 0; ms < silentMs; ms += everyMs) {
          await wait(everyMs);
          keepAlive();
        }

        while (stuck === 'loop') void 0;
        if (stuck === 'wait') await aborted(signal);
        const leftOfLastData = last.byteLength;
        last = new Uint8Array(dataBytes);
        return { emittedAt, data: last, leftOfLastData };
      },
      dispose: () => undefined,
    });
  },
});

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}
