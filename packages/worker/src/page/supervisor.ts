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

/** When a worker that dies again and again is given up. An engine that has become cautious stays so. */
export interface RestartOptions {
  /** After so many deaths within `windowMs` the next worker is more cautious, and in the end there is none. @defaultValue 3 */
  readonly crashLimit?: number;
  /** In milliseconds. @defaultValue 60000 */
  readonly windowMs?: number;
}

/** When a worker is replaced though it lives: its WebAssembly memory never shrinks. It happens when nothing runs. */
export interface RecycleOptions {
  /** After how many runs; never by default. */
  readonly afterRuns?: number;
  /** From how much WebAssembly memory on, in bytes; never by default. */
  readonly afterBytes?: number;
}

/** How the workers of an engine fare. */
export interface EngineHealth {
  /** `given-up`: workers died too often; a call after a while tries again. */
  readonly status: 'idle' | 'starting' | 'ready' | 'given-up' | 'disposed';
  readonly fallback: FallbackLevel;
  /** Workers started so far. */
  readonly workers: number;
  /** Those that died, or were stuck and replaced. */
  readonly crashes: number;
  /** Those that were replaced because they were old. */
  readonly recycled: number;
  readonly lastCrash: string | undefined;
  /** Of WebAssembly in the present worker, after its last run. */
  readonly memoryBytes: number;
}

/** Options of {@link createSupervisor}. */
export interface SupervisorOptions {
  readonly remote: RemoteOptions;
  readonly startDeadlineMs: number;
  readonly restart: RestartOptions;
  readonly recycle: RecycleOptions;
}

/** Keeps a worker alive: starts it when it is needed, and another when it is gone. */
export interface Supervisor {
  readonly health: Store<EngineHealth>;
  /**
   * The living worker, started first where there is none.
   *
   * @throws HayateError `worker-unreachable`; `worker-crashed` where workers die too often; `disposed`.
   */
  connected(): Promise<WorkerConnection>;
  /** Whether every run has to be noted, not only those that tell how much memory there is. */
  readonly countsRuns: boolean;
  /** Notes a run, and the worker's memory where it was measured; an old worker is replaced when nothing runs in it. */
  ran(worker: WorkerConnection, memoryBytes: number | undefined): void;
  /** Replaces a worker that does not answer, or cannot be mended from within. */
  replace(worker: WorkerConnection, reason: string, options?: { readonly crash: boolean }): void;
  /** Ends the worker for good. */
  dispose(reason: Error): void;
}

/** What is tried after a worker has died too often, one after the other. */
const FALLBACK_LEVELS: readonly FallbackLevel[] = ['none', 'no-gpu', 'one-thread'];

/** Makes a supervisor; its first worker is started by the first {@link Supervisor.connected}. */
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

  /** Counts a death. Too many make the next worker more cautious; after the most cautious there is none for a while. */
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
        // One that never answered says nothing of what it ran.
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
