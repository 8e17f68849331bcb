import {
  createStore,
  HayateError,
  isHayateError,
  type AnyHayateError,
  type Store,
  type WritableStore,
} from '@hayate/core';
import { connectWorker, workerCrashed, type EndCause, type WorkerConnection } from './worker-connection';
import type { FallbackLevel, RemoteOptions } from '../wire/protocol';

/** How often workers may die. A fallback level that was reached stays in force. */
export interface RestartOptions {
  /** After so many deaths within `windowMs` the next fallback level applies; after the last level no worker is started for `windowMs`. @defaultValue 3 */
  readonly crashLimit?: number;
  /** The window in which deaths are counted, in milliseconds. @defaultValue 60000 */
  readonly windowMs?: number;
}

/** When a healthy worker is replaced, because its WebAssembly memory never shrinks. It is replaced when no run is pending. */
export interface RecycleOptions {
  /** The number of runs after which a worker is replaced. @defaultValue never */
  readonly afterRuns?: number;
  /** The size of its WebAssembly memory, in bytes, from which a worker is replaced. @defaultValue never */
  readonly afterBytes?: number;
}

/** The state of an engine's worker. */
export interface EngineHealth {
  /** `given-up`: workers died too often. A later call tries again; see {@link RestartOptions}. */
  readonly status: 'idle' | 'starting' | 'ready' | 'given-up' | 'disposed';
  readonly fallback: FallbackLevel;
  /** Workers started so far. */
  readonly workers: number;
  /** Workers that died, or were stuck and replaced. */
  readonly crashes: number;
  /** Healthy workers that were replaced; see {@link RecycleOptions}. */
  readonly recycled: number;
  readonly lastCrash: string | undefined;
  /** The WebAssembly memory of the current worker, as last measured after a run, in bytes. */
  readonly memoryBytes: number;
}

/** How {@link createSupervisor} starts and replaces workers. */
export interface SupervisorOptions {
  readonly remote: RemoteOptions;
  readonly startDeadlineMs: number;
  readonly restart: RestartOptions;
  readonly recycle: RecycleOptions;
}

/** Keeps a worker running: starts it when it is needed, and a new one when it is gone. */
export interface Supervisor {
  readonly health: Store<EngineHealth>;
  /**
   * Resolves with the current worker, after starting one if there is none.
   *
   * @throws HayateError `worker-unreachable`; `worker-crashed` if workers died too often; `disposed`.
   */
  connected(): Promise<WorkerConnection>;
  /** Whether `ran` must be called for every run, and not only for those whose memory was measured. */
  readonly countsRuns: boolean;
  /** Counts a run and records the worker's memory, if it was measured. Recycles a worker that is due and has no pending run. */
  ran(worker: WorkerConnection, memoryBytes: number | undefined): void;
  /** Replaces a worker that does not answer, or that cannot recover. */
  replace(worker: WorkerConnection, reason: string, options?: { readonly crash: boolean }): void;
  /** Ends the worker for good. */
  dispose(reason: Error): void;
}

/** The fallback levels, in the order in which they are tried. */
const FALLBACK_LEVELS: readonly FallbackLevel[] = ['none', 'no-gpu', 'one-thread'];

/** Creates a supervisor. The first call of {@link Supervisor.connected} starts the first worker. */
export function createSupervisor(spawn: () => Worker, options: SupervisorOptions): Supervisor {
  const { remote, startDeadlineMs } = options;
  const { crashLimit = 3, windowMs = 60_000 } = options.restart;
  const { afterRuns = Infinity, afterBytes = Infinity } = options.recycle;
  const disposal = new AbortController();
  let life: Promise<WorkerConnection> | undefined;
  let runs = 0;
  let crashTimes: number[] = [];
  let givenUpAt: number | undefined;
  const health: WritableStore<EngineHealth> = createStore<EngineHealth>({
    status: 'idle',
    fallback: 'none',
    workers: 0,
    crashes: 0,
    recycled: 0,
    lastCrash: undefined,
    memoryBytes: 0,
  });
  const update = (changes: Partial<EngineHealth>) => {
    health.set({ ...health.getSnapshot(), ...changes });
  };

  /** Counts a death. Too many lead to the next fallback level; after the last level no worker is started for a while. */
  function count(reason: AnyHayateError): void {
    const now = performance.now();
    crashTimes = [...crashTimes.filter((time) => now - time < windowMs), now];
    const { crashes, fallback } = health.getSnapshot();
    update({ crashes: crashes + 1, lastCrash: reasonOf(reason) });
    if (crashTimes.length < crashLimit) return;
    crashTimes = [];
    const next = FALLBACK_LEVELS[FALLBACK_LEVELS.indexOf(fallback) + 1];
    if (next !== undefined) {
      update({ fallback: next });
    } else {
      givenUpAt = now;
      update({ status: 'given-up' });
    }
  }

  function checkGivenUp(): void {
    if (givenUpAt === undefined) return;
    const leftMs = givenUpAt + windowMs - performance.now();
    if (leftMs > 0) {
      const { lastCrash = '' } = health.getSnapshot();
      const reason = `workers died too often, also without a GPU and with one thread. The last time: ${lastCrash}`;
      const message = `No worker is started for another ${Math.ceil(leftMs / 1000)} s: ${reason}`;
      throw new HayateError('worker-crashed', message, { reason });
    }
    givenUpAt = undefined;
  }

  function start(): Promise<WorkerConnection> {
    const { fallback, workers } = health.getSnapshot();
    update({ status: 'starting', workers: workers + 1, memoryBytes: 0 });
    runs = 0;
    const attempt: Promise<WorkerConnection> = connectWorker(spawn, {
      options: remote,
      fallback,
      startDeadlineMs,
      signal: disposal.signal,
      onEnd(reason: Error, cause: EndCause) {
        if (life === attempt) life = undefined;
        if (disposal.signal.aborted) return;
        update({ status: 'idle' });
        // A worker that never answered has run nothing, so its end is no reason for a fallback.
        if (cause === 'died' && isHayateError(reason) && reason.code !== 'worker-unreachable') count(reason);
      },
    });
    life = attempt;
    attempt.then(
      () => {
        if (life === attempt) update({ status: 'ready' });
      },
      () => {
        if (life !== attempt) return;
        life = undefined;
        if (!disposal.signal.aborted) update({ status: 'idle' });
      },
    );
    return attempt;
  }

  return {
    health,
    async connected() {
      disposal.signal.throwIfAborted();
      if (life !== undefined) return life;
      checkGivenUp();
      return start();
    },
    countsRuns: afterRuns !== Infinity,
    ran(worker, measuredBytes) {
      runs += 1;
      if (measuredBytes !== undefined) update({ memoryBytes: measuredBytes });
      const { memoryBytes } = health.getSnapshot();
      if ((runs < afterRuns && memoryBytes < afterBytes) || worker.waiting > 0 || worker.ended.aborted)
        return;
      update({ recycled: health.getSnapshot().recycled + 1 });
      worker.end(workerCrashed('it was old and has been replaced'), 'stopped');
    },
    replace(worker, reason, { crash } = { crash: true }) {
      worker.end(workerCrashed(reason), crash ? 'died' : 'stopped');
    },
    dispose(reason) {
      disposal.abort(reason);
      life = undefined;
      update({ status: 'disposed' });
    },
  };
}

function reasonOf(error: AnyHayateError): string {
  return 'reason' in error.details ? error.details.reason : error.message;
}
