import { notify, unlessAborted } from './async';

/** A job that several callers wait for. */
export interface SharedJob<Value> {
  readonly value: Promise<Value>;
  /** Aborts the job's signal. */
  readonly controller: AbortController;
}

/** One caller's share in a job. The caller has to release it, whether or not the job succeeds. */
export interface JobShare<Value, Progress> {
  /** The job's value, or a rejection with the signal's reason. `onProgress` receives the latest progress at once. */
  wait(
    signal: AbortSignal | undefined,
    onProgress: ((progress: Progress) => void) | undefined,
  ): Promise<Value>;
  /** Resolves when the job has been ended, if this was its last share. */
  release(): Promise<void>;
}

/** How callers share a job's value, and how a job without callers ends. */
export interface SharedJobsOptions<Value> {
  /** Whether a job's value stays available to later callers until its last share is released. @defaultValue false */
  readonly keepsValues?: boolean;
  /**
   * Copies the value for each caller that joined a job. All copies are made before any caller has the value, so the first
   * caller may change or transfer it. By default all callers receive the same value.
   */
  readonly copy?: (value: Value) => Value;
  /** Ends a job whose shares have all been released. By default its signal aborts. */
  readonly end?: (job: SharedJob<Value>) => void | Promise<void>;
}

interface Entry<Value, Progress> extends SharedJob<Value> {
  readonly listeners: Set<(progress: Progress) => void>;
  latest: Progress | undefined;
  shares: number;
  /** Set when the job is being ended; settles when that is done. */
  ended: Promise<void> | undefined;
}

/** Runs one job per key for all callers that ask for it at the same time. A job that fails is forgotten. */
export function createSharedJobs<Value, Progress>({
  keepsValues = false,
  copy = (value) => value,
  end = ({ controller }) => {
    controller.abort();
  },
}: SharedJobsOptions<Value> = {}) {
  const entries = new Map<string, Entry<Value, Progress>>();

  function forget(key: string, entry: Entry<Value, Progress>): void {
    if (entries.get(key) === entry) entries.delete(key);
  }

  function open(
    key: string,
    start: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<Value>,
  ): Entry<Value, Progress> {
    const controller = new AbortController();
    const listeners = new Set<(progress: Progress) => void>();
    const value = start(controller.signal, (progress) => {
      entry.latest = progress;
      for (const listener of [...listeners]) notify(listener, progress);
    });
    const entry: Entry<Value, Progress> = {
      ...{ value, controller, listeners },
      latest: undefined,
      shares: 0,
      ended: undefined,
    };
    entries.set(key, entry);
    const onSettled = () => {
      forget(key, entry);
    };
    value.then(keepsValues ? undefined : onSettled, onSettled);
    return entry;
  }

  return {
    /** Joins the job of this key, or starts it. `start` must not report progress before it has returned. */
    join(
      key: string,
      start: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<Value>,
    ): JobShare<Value, Progress> {
      const known = entries.get(key);
      const entry = known ?? open(key, start);
      const value = known ? known.value.then(copy) : entry.value;
      value.catch(() => undefined); // a caller need not wait for its share
      entry.shares += 1;
      let isReleased = false;
      return {
        async wait(signal, onProgress) {
          // Wrapped, so that a function that is passed twice counts as two listeners.
          const listener = (progress: Progress) => onProgress?.(progress);
          entry.listeners.add(listener);
          if (entry.latest !== undefined) notify(listener, entry.latest);
          try {
            return await unlessAborted(value, signal);
          } finally {
            entry.listeners.delete(listener);
          }
        },
        async release() {
          if (isReleased) return;
          isReleased = true;
          entry.shares -= 1;
          if (entry.shares > 0) return;
          // Forgotten at once, so that the next caller does not join a job that is being ended.
          forget(key, entry);
          entry.ended ??= Promise.resolve(end(entry));
          await entry.ended;
        },
      };
    },

    /** Ends all jobs, by `endJob` instead of by the option `end`. Releasing their shares later does not end them again. */
    async clear(endJob: typeof end): Promise<void> {
      const all = [...entries.values()];
      entries.clear();
      await Promise.all(all.map((entry) => (entry.ended ??= Promise.resolve(endJob(entry)))));
    },
  };
}
