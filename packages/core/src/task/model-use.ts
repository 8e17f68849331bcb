import { unlessAborted } from '../async';
import { HayateError, toHayateError, type AnyHayateError } from '../errors';
import type { AnyContract, ConfigOf } from '../ports/contract';
import type { Engine, LoadedTask, RunControl } from '../ports/engine';
import type { LoadProgress } from '../ports/file-store';

/** Receives the events of a {@link ModelUse}. */
export interface ModelUseListener {
  onProgress(progress: LoadProgress): void;
  onLoaded(): void;
  /** Loading failed, or was aborted by `end`. */
  onFailed(error: unknown): void;
}

/** One load of a model and the runs on it. Runs are numbered from 1 in the order of their calls. */
export interface ModelUse<Contract extends AnyContract> {
  /** The model, once it is loaded. */
  readonly loaded: LoadedTask<Contract> | undefined;
  /** The error of the newest run that has ended, if it failed. */
  readonly failure: AnyHayateError | undefined;
  /** Whether a run is pending whose result the state will show. */
  readonly isRunning: boolean;
  readonly newestRun: number;
  /** Waits for the model. */
  wait(signal: AbortSignal | undefined): Promise<LoadedTask<Contract>>;
  /** Waits for the model with the policy of a run. While the model loads it has no queue, so the policy is applied here. */
  waitToRun(control: RunControl): Promise<LoadedTask<Contract>>;
  /** Returns the number of a new run. */
  nextRun(): number;
  begin(run: number): void;
  /** Records a run's success. Returns false if a newer run has ended before: the state must not show this one. */
  succeed(run: number): boolean;
  fail(run: number, error: unknown): void;
  abort(run: number): void;
  clearFailure(): void;
  /** Aborts the load, or releases the loaded model. */
  end(): void;
}

/** Starts to load a model. The listener is called only after this function has returned. */
export function createModelUse<Contract extends AnyContract>(
  engine: Engine,
  contract: Contract,
  config: ConfigOf<Contract>,
  listener: ModelUseListener,
): ModelUse<Contract> {
  const controller = new AbortController();
  const active = new Set<number>();
  let loaded: LoadedTask<Contract> | undefined;
  let failure: AnyHayateError | undefined;
  let newestRun = 0;
  let shownRun = 0;
  /** Rejects the `latest` run that waits for the model. */
  let waitingLatest: AbortController | undefined;

  // One microtask later, because `engine.load` may report progress before it returns.
  const model = Promise.resolve().then(() =>
    engine.load(contract, config, {
      signal: controller.signal,
      onProgress: (progress) => {
        listener.onProgress(progress);
      },
    }),
  );
  model.then(
    (value) => {
      loaded = value;
      listener.onLoaded();
    },
    (error: unknown) => {
      listener.onFailed(error);
    },
  );

  return {
    get loaded() {
      return loaded;
    },
    get failure() {
      return failure;
    },
    get isRunning() {
      return [...active].some((run) => run > shownRun);
    },
    get newestRun() {
      return newestRun;
    },
    wait: (signal) => unlessAborted(model, signal),

    async waitToRun({ signal, policy = 'queue' }) {
      if (loaded !== undefined || policy === 'queue') return unlessAborted(model, signal);
      if (policy === 'reject') {
        throw new HayateError('queue-full', 'The model is still loading, and "reject" does not wait.', {
          limit: 0,
        });
      }
      waitingLatest?.abort(new DOMException('A newer run has replaced this one.', 'AbortError'));
      const place = (waitingLatest = new AbortController());
      return unlessAborted(model, signal ? AbortSignal.any([signal, place.signal]) : place.signal);
    },

    nextRun: () => ++newestRun,
    begin(run) {
      active.add(run);
    },
    succeed(run) {
      active.delete(run);
      if (run <= shownRun) return false;
      [shownRun, failure] = [run, undefined];
      return true;
    },
    fail(run, error) {
      active.delete(run);
      if (run > shownRun) [shownRun, failure] = [run, toHayateError(error)];
    },
    abort(run) {
      active.delete(run);
    },
    clearFailure() {
      failure = undefined;
    },
    end() {
      controller.abort();
      void model.then(
        (value) => value.release(),
        () => undefined,
      );
    },
  };
}
