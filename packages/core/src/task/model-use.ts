// The types of a contract that is still a parameter are `any` to the linter.

import { unlessAborted } from '../async';
import { HayateError, toHayateError, type AnyHayateError } from '../errors';
import type { AnyContract, ConfigOf } from '../ports/contract';
import type { Engine, LoadedTask, RunControl } from '../ports/engine';
import type { LoadProgress } from '../ports/file-store';

/** What happens to a model, told to the task that uses it. */
export interface ModelUseListener {
  onProgress(progress: LoadProgress): void;
  onLoaded(): void;
  /** Loading failed, or was aborted by `end`. */
  onFailed(error: unknown): void;
}

/** One loading of a model, and the runs on it, numbered from 1 in the order they were asked for. */
export interface ModelUse<Contract extends AnyContract> {
  /** The model, once it is loaded. */
  readonly loaded: LoadedTask<Contract> | undefined;
  /** Why the newest run that has ended failed, if it did. */
  readonly failure: AnyHayateError | undefined;
  /** Whether a run is under way that will still change what is shown. */
  readonly isRunning: boolean;
  readonly newestRun: number;
  /** Waits for the model. */
  wait(signal: AbortSignal | undefined): Promise<LoadedTask<Contract>>;
  /** Waits for the model by the rules of a run: there is no queue yet while it loads, so the policies are kept here. */
  waitToRun(control: RunControl): Promise<LoadedTask<Contract>>;
  /** The number of a run that is asked for. */
  nextRun(): number;
  begin(run: number): void;
  /** Notes that a run has ended. False if a newer one has ended before, so that this one is not shown. */
  succeed(run: number): boolean;
  fail(run: number, error: unknown): void;
  abort(run: number): void;
  clearFailure(): void;
  /** Gives the model back as soon as it has been loaded. */
  end(): void;
}

/** Begins to load a model. The listener is called after this has returned. */
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
  /** Ends the `latest` run that waits for the model. */
  let waitingLatest: AbortController | undefined;

  // A microtask later, for an engine may tell its progress at once.
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
        throw new HayateError('queue-full', 'The model is still loading, and the run would not wait.', {
          limit: 0,
        });
      }
      waitingLatest?.abort(new DOMException('A newer run took its place.', 'AbortError'));
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
