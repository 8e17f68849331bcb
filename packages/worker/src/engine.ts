import {
  HayateError,
  type AnyContract,
  type ConfigOf,
  type Engine,
  type LoadedTask,
  type LoadOptions,
  type PreparedInput,
  type RunOptions,
  type RunResult,
} from '@hayate/core';
import { startDeadline } from './deadline';
import { keepModel, type KeptModel } from './kept-model';
import type { LoadModel, Model, ModelRunOptions } from './model';
import { closeFrame, closePrepared, prepareInput } from './prepare-input';
import { checkRunControl } from './run-control';
import { createRunQueue, type QueueOptions, type RunQueue } from './run-queue';
import { createSharedModels } from './shared-models';

/** What both engines are told. */
export interface QueuedEngineOptions {
  readonly queue?: QueueOptions;
  /** How long a run may take that does not say. @defaultValue 60000 */
  readonly runDeadlineMs?: number;
}

interface Job {
  readonly prepared: PreparedInput;
  readonly options: unknown;
  readonly runOptions: ModelRunOptions;
  readonly deadlineMs: number;
  /** Aborts when the run has taken too long. */
  readonly late: AbortController;
  beganAt: number;
}

/** A model with the queue of its runs; all tasks with its key share both. */
interface Seat {
  readonly kept: KeptModel;
  readonly queue: RunQueue<Job, RunResult<unknown>>;
}

/** What only this package tells an engine. */
export interface EngineInternals {
  /** Ends all models at once, when the engine is disposed of. */
  readonly endModels?: (reason: Error) => void;
  /** Settle a run that is aborted only when it has really ended: for the host, whose page has settled its call. */
  readonly awaitAborted?: boolean;
}

/** Makes an engine over a way to load models: sharing, queues and the closing of inputs are the same for all. */
export function createQueuedEngine(
  loadModel: LoadModel,
  { queue: { limit = 64, maxBatch = 1 } = {}, runDeadlineMs = 60_000 }: QueuedEngineOptions,
  internals: EngineInternals = {},
): Engine {
  const { endModels, awaitAborted = false } = internals;
  const seats = createSharedModels<Seat>(async ({ kept, queue }) => {
    queue.close(new HayateError('disposed', 'The model has been released.', {}));
    await queue.idle;
    await kept.dispose();
  });
  let disposed = false;
  let calls = 0;

  function createSeat(kept: KeptModel): Seat {
    const queue = createRunQueue<Job, RunResult<unknown>>(
      async (jobs) => {
        const [first] = jobs;
        const model = await readyModel(kept).catch((error: unknown) => {
          for (const { prepared } of jobs) closePrepared(prepared);
          throw error;
        });
        for (const job of jobs) job.beganAt = performance.now();
        const { deadlineMs, runOptions, late } = first;
        // Together they may take as long as one after the other.
        const stop = startDeadline(deadlineMs * jobs.length, () => {
          for (const job of jobs) job.late.abort(deadlineExceeded(deadlineMs));
        });
        // Of several that go together none can be stopped alone; one that is aborted is dropped by the queue.
        const signal = jobs.length === 1 ? runOptions.signal : late.signal;
        const inputs = jobs.map(({ prepared }) => prepared);
        return model.run(inputs, first.options, { ...runOptions, signal }).finally(stop);
      },
      ({ prepared }) => {
        closePrepared(prepared);
      },
      { limit, maxBatch: () => Math.min(maxBatch, kept.last.maxBatch) },
    );
    return { kept, queue };
  }

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: ConfigOf<Contract>,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    if (disposed) throw engineDisposed();
    const plain: unknown = contract.plain(config);
    const lease = seats.acquire(`${contract.name} ${contract.key(plain)}`, async (shared, progress) => {
      const options = { signal: shared, onProgress: progress };
      return createSeat(await keepModel((next) => loadModel(contract, plain, next), options));
    });
    const { kept, queue } = await lease.wait(signal, onProgress);

    let released = false;
    async function run(
      input: unknown,
      options: unknown = {},
      runOptions: RunOptions<unknown> = {},
    ): Promise<RunResult<unknown>> {
      const start = performance.now();
      const order = ++calls;
      const { signal, cancel, policy, priority, deadlineMs, onPartial, transfer } = checked(
        input,
        runOptions,
      );
      const prepared = await prepareInput(contract, input, { signal, transfer });
      if (released || disposed) {
        closePrepared(prepared);
        throw disposed ? engineDisposed() : new HayateError('disposed', 'The model has been released.', {});
      }
      const late = new AbortController();
      const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
      const job: Job = {
        prepared,
        options,
        runOptions: { signal: either, late: late.signal, cancel, onPartial },
        deadlineMs: deadlineMs ?? runDeadlineMs,
        late,
        beganAt: 0,
      };
      const queuedAt = performance.now();
      const { output, timings } = await queue.push(job, {
        policy: policy ?? 'queue',
        priority: priority ?? 0,
        order,
        signal: awaitAborted ? undefined : either,
        batchKey: maxBatch > 1 && onPartial === undefined ? batchKey(options, job) : undefined,
      });
      const { send = 0, ...stages } = timings;
      const end = performance.now();
      return {
        output,
        timings: {
          send: queuedAt - start + send,
          queue: job.beganAt - queuedAt,
          ...stages,
          total: end - start,
        },
      };
    }

    return {
      get backend() {
        return kept.last.backend;
      },
      get threads() {
        return kept.last.threads;
      },
      get refused() {
        return kept.last.refused;
      },
      get queue() {
        return queue.stats;
      },
      get maxBatch() {
        return kept.last.maxBatch;
      },
      run,
      async release() {
        if (released) return;
        released = true;
        await lease.release();
      },
    };
  }

  return {
    load,
    async dispose() {
      disposed = true;
      const reason = engineDisposed();
      endModels?.(reason);
      await seats.clear(reason);
    },
  };
}

function engineDisposed(): HayateError<'disposed'> {
  return new HayateError('disposed', 'The engine has been disposed.', {});
}

function deadlineExceeded(deadlineMs: number): HayateError<'deadline-exceeded'> {
  return new HayateError('deadline-exceeded', `The run took longer than its ${deadlineMs} ms.`, {
    deadlineMs,
  });
}

/** The model; one that is lost in the moment before it is used is waited for again. */
async function readyModel(kept: KeptModel): Promise<Model> {
  for (;;) {
    const model = await kept.ready();
    if (!model.lost.aborted) return model;
  }
}

/** The run's control, once it has been looked at; an input that was given away is closed when it is refused. */
function checked(input: unknown, control: RunOptions<unknown>): RunOptions<unknown> {
  try {
    return checkRunControl(control);
  } catch (error) {
    if (control.transfer) closeFrame(input);
    throw error;
  }
}

/** Equal for runs that may go together; undefined where that cannot be told. */
function batchKey(options: unknown, { deadlineMs, runOptions: { cancel } }: Job): string | undefined {
  // One that is to be cancelled hard must be alone in it.
  if (cancel === 'hard') return undefined;
  try {
    const plain = JSON.stringify(options, (_, value: unknown) => {
      if (isPlainValue(value)) return value;
      throw new TypeError('not plain data');
    });
    return `${deadlineMs} ${plain}`;
  } catch {
    return undefined;
  }
}

/** Whether JSON keeps all of it. */
function isPlainValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol';
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
