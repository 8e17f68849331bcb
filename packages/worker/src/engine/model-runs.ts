import {
  closeInput,
  closeValue,
  createSerial,
  HayateError,
  isHayateError,
  reportThrown,
  unlessAborted,
  type AnyContract,
  type LoadedTask,
  type PreparedInput,
  type RunControl,
  type RunOptions,
  type RunResult,
} from '@hayate/core';
import { startDeadline, type Deadline } from './deadline';
import type { KeptModel } from './kept-model';
import type { Model, Settlement } from './model';
import { createRunQueue } from './run-queue';

/** Limits of a model's queue. */
export interface QueueOptions {
  /** How many runs may wait; more are refused with `queue-full`. @defaultValue 64 */
  readonly limit?: number;
  /**
   * How many waiting runs with the same options go to the model as one batch, if the model takes batches. Each run keeps
   * its own result. Batches are faster on a GPU; on the CPU a batch takes about as long as its runs one after the other.
   * @defaultValue 1
   */
  readonly maxBatch?: number;
}

/** The runs of one model: prepares their inputs, queues them, runs them under a deadline, and closes the inputs. */
export interface ModelRuns {
  /** The model as one caller of `load` sees it. `release` is called once; no run starts after that. */
  lend(contract: AnyContract, release: () => Promise<void>): LoadedTask<AnyContract>;
  /** Rejects the waiting runs with `reason`, waits for the running one, and frees the model. */
  dispose(reason: Error): Promise<void>;
}

interface Job {
  readonly input: PreparedInput;
  readonly options: unknown;
  readonly cancel: RunControl['cancel'];
  readonly deadlineMs: number;
  readonly onPartial: RunOptions<unknown>['onPartial'];
  /** Aborts when the caller aborts or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Aborts when the deadline has passed. */
  readonly late: AbortController;
  beganAt: number;
}

/** The number of the last call, over all models. */
let lastCall = 0;

/** Creates the queue of a model's runs. */
export function createModelRuns(
  kept: KeptModel,
  { limit = 64, maxBatch = 1 }: QueueOptions,
  runDeadlineMs: number,
): ModelRuns {
  const queue = createRunQueue<Job, RunResult<unknown>>(
    (jobs) => execute(kept, jobs),
    ({ input }) => {
      closeInput(input);
    },
    { limit, maxBatch: () => Math.min(maxBatch, kept.last.maxBatch) },
  );

  async function run(
    contract: AnyContract,
    raw: unknown,
    options: unknown,
    control: RunOptions<unknown>,
    lease: { readonly released: boolean },
  ): Promise<RunResult<unknown>> {
    const start = performance.now();
    const order = ++lastCall;
    const { signal, cancel, policy, priority, deadlineMs, onPartial } = control;
    const input = await prepareInput(contract, raw, control);
    if (lease.released) {
      closeInput(input);
      throw new HayateError('disposed', 'The model has been released.', {});
    }
    const late = new AbortController();
    const job: Job = {
      ...{ input, options, cancel, onPartial, late },
      deadlineMs: deadlineMs ?? runDeadlineMs,
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      beganAt: 0,
    };
    const queuedAt = performance.now();
    const { output, timings } = await queue.push(job, {
      policy: policy ?? 'queue',
      priority: priority ?? 0,
      order,
      signal: job.signal,
      batchKey: maxBatch > 1 ? batchKey(job) : undefined,
    });
    const { send = 0, ...stages } = timings;
    const [ownMs, waitedMs] = [queuedAt - start, job.beganAt - queuedAt];
    const total = performance.now() - start;
    return { output, timings: { send: ownMs + send, queue: waitedMs, ...stages, total } };
  }

  return {
    lend(contract, release) {
      const lease = { released: false };
      return {
        get backend() {
          return kept.last.placement.backend;
        },
        get threads() {
          return kept.last.placement.threads;
        },
        get refused() {
          return kept.last.placement.refused;
        },
        get sessions() {
          return kept.last.placement.sessions;
        },
        get queue() {
          return queue.stats;
        },
        get maxBatch() {
          return kept.last.maxBatch;
        },
        run: (input, options = {}, control = {}) => run(contract, input, options, control, lease),
        async release() {
          if (lease.released) return;
          lease.released = true;
          await release();
        },
      };
    },

    async dispose(reason) {
      queue.close(reason);
      await queue.idle;
      await kept.dispose();
    },
  };
}

/** Runs one job, or several with the same options, under a deadline, and closes their inputs. */
async function execute(kept: KeptModel, jobs: readonly [Job, ...Job[]]): Promise<readonly Settlement[]> {
  const inputs = jobs.map(({ input }) => input);
  try {
    // A model can be lost again before it is used.
    while (kept.last.lost.aborted) await kept.ready();
    return await runTimed(kept.last, jobs, inputs);
  } finally {
    for (const input of inputs) closeInput(input);
  }
}

async function runTimed(
  model: Model,
  jobs: readonly [Job, ...Job[]],
  inputs: readonly PreparedInput[],
): Promise<readonly Settlement[]> {
  const [first] = jobs;
  for (const job of jobs) job.beganAt = performance.now();
  // A batch may take as long as its runs one after the other.
  const deadline = startDeadline(first.deadlineMs * jobs.length, () => {
    for (const job of jobs) job.late.abort(deadlineExceeded(first.deadlineMs));
  });
  const partials = deliverPartials(first, deadline);
  try {
    const settled = await model.run(inputs, first.options, {
      // A run of a batch cannot be stopped alone; the queue drops its result if it is aborted.
      signal: jobs.length === 1 ? first.signal : first.late.signal,
      late: first.late.signal,
      cancel: first.cancel,
      onPartial: partials?.deliver,
      onAlive: deadline.restart,
    });
    const lost = settled.find((each) => each.status === 'rejected' && isDeviceLost(each.reason));
    if (lost?.status === 'rejected') model.loseDevice(lost.reason);
    return settled;
  } finally {
    deadline.stop();
    await partials?.end();
  }
}

/**
 * Hands partial results to a run's listener one after the other. The deadline is paused while the listener handles one,
 * and then starts anew.
 */
function deliverPartials({ onPartial, signal }: Job, deadline: Deadline) {
  if (onPartial === undefined) return undefined;
  const inTurn = createSerial();
  let ended = false;
  return {
    deliver: (partial: unknown) =>
      inTurn(async () => {
        if (ended || signal.aborted) return;
        deadline.pause();
        try {
          await unlessAborted(Promise.resolve(onPartial(partial)), signal);
        } catch (error) {
          if (!signal.aborted) reportThrown(error);
        } finally {
          if (!ended) deadline.restart();
        }
      }),
    /** Resolves when the listener has handled all partial results. Later ones are dropped. */
    async end(): Promise<void> {
      await inTurn(() => Promise.resolve());
      ended = true;
    },
  };
}

function isDeviceLost(reason: unknown): boolean {
  return isHayateError(reason) && reason.code === 'device-lost';
}

/** Prepares an input. After a failure or an abort, closes what `prepare` returns later, and a transferred input. */
async function prepareInput(
  contract: AnyContract,
  input: unknown,
  control: RunControl,
): Promise<PreparedInput> {
  let preparing: Promise<PreparedInput> | undefined;
  const { signal, transfer } = control;
  try {
    checkControl(control);
    signal?.throwIfAborted();
    preparing = Promise.resolve(contract.prepare(input, { signal, transfer }));
    return await unlessAborted(preparing, signal);
  } catch (error) {
    preparing?.then(closeInput, () => undefined);
    if (transfer) closeValue(input);
    throw error;
  }
}

const POLICIES = ['queue', 'latest', 'reject'];
const CANCELS = ['soft', 'hard'];

/** Throws `bad-input` for invalid values. */
function checkControl({ policy, cancel, priority, deadlineMs }: RunControl): void {
  if (policy !== undefined && !POLICIES.includes(policy)) throw bad('policy', POLICIES.join(', '), policy);
  if (cancel !== undefined && !CANCELS.includes(cancel)) throw bad('cancel', CANCELS.join(', '), cancel);
  if (priority !== undefined && !Number.isFinite(priority)) throw bad('priority', 'a number', priority);
  if (deadlineMs !== undefined && !(deadlineMs > 0)) throw bad('deadlineMs', 'more than 0', deadlineMs);
}

function bad(name: string, allowed: string, actual: unknown): HayateError<'bad-input'> {
  const reason = `"${name}" must be ${allowed}, not ${String(actual)}`;
  return new HayateError('bad-input', `The option cannot be used: ${reason}.`, { reason });
}

function deadlineExceeded(deadlineMs: number): HayateError<'deadline-exceeded'> {
  return new HayateError('deadline-exceeded', `The run took longer than its ${deadlineMs} ms.`, {
    deadlineMs,
  });
}

/** Runs with the same key can form a batch; undefined for a run that must go alone. */
function batchKey({ options, deadlineMs, cancel, onPartial }: Job): string | undefined {
  if (cancel === 'hard' || onPartial !== undefined) return undefined;
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

/** Whether JSON can represent the value without loss. */
function isPlainValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol';
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
