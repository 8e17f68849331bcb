import { HayateError, type QueuePolicy, type QueueStats } from '@hayate/core';

/** How a run is queued. */
export interface Ticket {
  readonly policy: QueuePolicy;
  readonly priority: number;
  /** The number of the call. Inputs may be ready in another order than that of the calls. */
  readonly order: number;
  readonly signal: AbortSignal | undefined;
  /** Runs with the same key can form a batch; a run without a key goes alone. */
  readonly batchKey: string | undefined;
}

/** Runs the jobs of one model one after the other. */
export interface RunQueue<Job, Result> {
  /** Resolves with the job's result. Rejects with its error, or with the signal's reason as soon as it aborts. */
  push(job: Job, ticket: Ticket): Promise<Result>;
  readonly stats: QueueStats;
  /** Rejects the waiting jobs, and all later ones, with `reason`. The running job continues. */
  close(reason: Error): void;
  /** Resolves when no job is running. */
  readonly idle: Promise<void>;
}

interface Entry<Job, Result> {
  readonly job: Job;
  readonly ticket: Ticket;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/**
 * Creates a queue. `execute` receives one job, or up to `maxBatch()` jobs with the same key, and returns a result for
 * each. It is not called again before it has settled, even if no caller waits for the result. `drop` receives each job
 * that is never executed.
 */
export function createRunQueue<Job, Result>(
  execute: (jobs: readonly [Job, ...Job[]]) => Promise<readonly PromiseSettledResult<Result>[]>,
  drop: (job: Job) => void,
  { limit, maxBatch }: { readonly limit: number; readonly maxBatch: () => number },
): RunQueue<Job, Result> {
  let waiting: Entry<Job, Result>[] = [];
  let running: Promise<void> | undefined;
  let runningCount = 0;
  let dropped = 0;
  let refused = 0;
  let newest = 0;
  let closed: Error | undefined;

  /** Removes a waiting entry, and rejects it. */
  function remove(entry: Entry<Job, Result>, reason: unknown): void {
    waiting = waiting.filter((other) => other !== entry);
    drop(entry.job);
    entry.reject(reason);
  }

  function refuse(job: Job, message: string, bound: number): never {
    refused += 1;
    drop(job);
    throw new HayateError('queue-full', message, { limit: bound });
  }

  function admit({ policy, order }: Ticket, job: Job): void {
    if (policy === 'reject' && runningCount + waiting.length > 0) {
      refuse(job, 'The model is busy, and "reject" does not wait.', 0);
    }
    if (policy === 'latest') {
      if (order < newest) {
        dropped += 1;
        drop(job);
        throw supersededError();
      }
      newest = order;
      for (const entry of waiting.filter(({ ticket }) => ticket.policy === 'latest')) {
        dropped += 1;
        remove(entry, supersededError());
      }
    }
    // If no job runs, the first entry starts within a microtask.
    if (waiting.length >= limit + (runningCount === 0 ? 1 : 0)) {
      refuse(job, `${limit} runs wait for the model already. Wait for some of them, or use "latest".`, limit);
    }
  }

  /** Removes and returns the next entry, and those that form a batch with it. */
  function take(): Entry<Job, Result>[] {
    const [first] = waiting;
    if (first === undefined) return [];
    const { batchKey } = first.ticket;
    const fits = (entry: Entry<Job, Result>) => batchKey !== undefined && entry.ticket.batchKey === batchKey;
    const taken = waiting.filter((entry) => entry === first || fits(entry)).slice(0, Math.max(1, maxBatch()));
    waiting = waiting.filter((entry) => !taken.includes(entry));
    return taken;
  }

  async function runAll(): Promise<void> {
    for (;;) {
      const taken = take();
      const [first, ...others] = taken;
      if (first === undefined) break;
      runningCount = taken.length;
      try {
        const results = await execute([first.job, ...others.map(({ job }) => job)]);
        taken.forEach((entry, place) => {
          const result = results[place];
          if (result?.status === 'fulfilled') entry.resolve(result.value);
          else entry.reject(result?.reason);
        });
      } catch (error) {
        for (const entry of taken) entry.reject(error);
      }
      runningCount = 0;
    }
    running = undefined;
  }

  return {
    push(job, ticket) {
      return new Promise((resolve, reject) => {
        const { signal } = ticket;
        if (closed !== undefined || signal?.aborted) {
          drop(job);
          reject(closed ?? (signal?.reason as Error));
          return;
        }
        admit(ticket, job);
        const abort = () => {
          if (waiting.includes(entry)) remove(entry, signal?.reason);
          else reject(signal?.reason as Error); // its result will be dropped
        };
        const settled =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            signal?.removeEventListener('abort', abort);
            settle(value);
          };
        const entry: Entry<Job, Result> = { job, ticket, resolve: settled(resolve), reject: settled(reject) };
        signal?.addEventListener('abort', abort, { once: true });
        waiting = [...waiting, entry].sort((one, other) => compare(one.ticket, other.ticket));
        // One microtask later, so that runs that are requested together can form a batch.
        running ??= Promise.resolve().then(runAll);
      });
    },
    get stats() {
      return { waiting: waiting.length, running: runningCount, dropped, refused };
    },
    close(reason) {
      closed = reason;
      for (const entry of waiting) remove(entry, reason);
    },
    get idle() {
      return running ?? Promise.resolve();
    },
  };
}

/** Sorts by priority, highest first, then by the order of the calls. */
function compare(one: Ticket, other: Ticket): number {
  return other.priority - one.priority || one.order - other.order;
}

function supersededError(): DOMException {
  return new DOMException('A newer run has replaced this one.', 'AbortError');
}
