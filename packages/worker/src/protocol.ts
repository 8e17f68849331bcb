import type { BackendAttempt, BackendName, LoadProgress, RunResult } from '@hayate/core';
import type { Settled } from './wire';

/** The version both ends must share; a page may hold an older worker in its cache. */
export const PROTOCOL = 1;

/** What the page may choose for the worker's engine. */
export interface RemoteOptions {
  readonly backends?: readonly BackendName[];
  readonly threads?: number;
}

/** A model as the worker describes it. */
export interface RemoteModel {
  readonly id: number;
  readonly backend: BackendName;
  readonly threads: number;
  readonly refused: readonly BackendAttempt[];
}

/** What the worker offers, by Comlink. Every answer is {@link Settled}: errors keep their code. */
export interface HostApi {
  /** Starts the engine. `lock` is the name of the Web Lock that the worker then holds for life, if it can. */
  hello(
    protocol: number,
    options: RemoteOptions,
    lock: string,
  ): Promise<Settled<{ readonly locked: boolean }>>;
  load(
    call: number,
    task: string,
    config: unknown,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<Settled<RemoteModel>>;
  run(
    call: number,
    model: number,
    input: unknown,
    options: unknown,
    onPartial?: (partial: unknown) => void,
  ): Promise<Settled<RunResult<unknown>>>;
  release(model: number): Promise<Settled<void>>;
  /** Ends a call that waits; a call that is not there any more is no error. */
  abort(call: number): void;
}
