import {
  defineTask,
  HayateError,
  type Engine,
  type LoadedTask,
  type LoadOptions,
  type RunOptions,
} from '@hayate/core';

/** A task for tests of state: its result is the input in capitals; partial results are what the test emits. */
export const shout = defineTask<
  { readonly model: string },
  string,
  { readonly suffix?: string },
  string,
  string
>({
  name: 'shout',
  streams: true,
  key: ({ model }) => model,
  plain: ({ model }) => ({ model }),
  prepare: (value) => ({ value, transfer: [] }),
});

/** An engine whose loads and runs wait until the test settles them. */
export function createFakeEngine() {
  const loads: Deferred<void>[] = [];
  const runs: FakeRun[] = [];
  const models: string[] = [];
  let live = 0;

  const engine: Engine = {
    async load(_contract, config: { readonly model: string }, { signal, onProgress }: LoadOptions = {}) {
      models.push(config.model);
      const gate = deferred();
      loads.push(gate);
      onProgress?.({
        phase: 'download',
        loadedBytes: 1,
        totalBytes: 2,
        fraction: 0.5,
        bytesPerSecond: 1,
        secondsLeft: 1,
      });
      await abortable(gate.promise, signal);
      live += 1;
      let released = false;
      return {
        backend: 'wasm',
        threads: 1,
        refused: [{ backend: 'webgpu', reason: 'this is a test' }],
        sessions: [],
        queue: { waiting: 0, running: 0, dropped: 0, refused: 0 },
        maxBatch: 1,
        async run(
          input: string,
          { suffix = '' }: { readonly suffix?: string } = {},
          { signal: runSignal, onPartial }: RunOptions<string> = {},
        ) {
          const runGate = deferred();
          runs.push({ ...runGate, emit: async (partial) => onPartial?.(partial) });
          await abortable(runGate.promise, runSignal);
          return { output: input.toUpperCase() + suffix, timings: { total: 1 } };
        },
        release() {
          if (!released) live -= 1;
          released = true;
          return Promise.resolve();
        },
      } satisfies LoadedTask<typeof shout>;
    },
    dispose: () => Promise.resolve(),
  };

  return {
    engine,
    /** The loads and runs that have started, oldest first. */
    loads,
    runs,
    /** The model of each load. */
    models,
    /** The number of models that are loaded and not released. */
    get live() {
      return live;
    },
    failure: new HayateError('session-failed', 'It failed.', { backend: 'wasm', reason: 'a test' }),
  };
}

/** A run that the test settles. */
export interface FakeRun extends Deferred<void> {
  /** Emits a partial result. Resolves when the listener has handled it. */
  emit(partial: string): Promise<void>;
}

/** A promise that the test settles. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

function deferred(): Deferred<void> {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function abortable(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
    promise.then(resolve, reject);
  });
}
