import type { BackendName, LoadProgress, ModelPlacement, RunResult } from '@hayate/core';
import type { Settled } from './settled';

/** The version of this protocol. Page and worker must have the same; a browser's cache may hold an older worker. */
export const PROTOCOL = 1;

/** How many partial results of a run may be sent and not yet acknowledged by the page, before the run waits. */
export const PARTIALS_ON_THE_WAY = 16;

/** Options that the page sends to the worker. */
export interface RemoteOptions {
  readonly backends?: readonly BackendName[];
  readonly threads?: number;
}

/** What a worker does without after earlier workers have died: nothing, the GPU, or the GPU and threads. */
export type FallbackLevel = 'none' | 'no-gpu' | 'one-thread';

/** The argument of {@link HostApi.init}, which is the first call. */
export interface InitOptions {
  readonly protocol: number;
  readonly options: RemoteOptions;
  readonly fallback: FallbackLevel;
  /** The name of the Web Lock that the worker holds until it ends, if the page has Web Locks. */
  readonly lock: string;
}

/** The description of a model that the worker has loaded. */
export interface RemoteModel {
  readonly id: number;
  readonly placement: ModelPlacement;
  readonly maxBatch: number;
}

/** The results of one run, one for each input. */
export interface RemoteResults {
  readonly results: readonly Settled<RunResult<unknown>>[];
  /** How long the run took in the worker, in milliseconds. */
  readonly tookMs: number;
  /** The WebAssembly memory of the whole worker, in bytes, if it was measured. */
  readonly memoryBytes: number | undefined;
}

/** The worker's API, over Comlink. Every answer is {@link Settled}, so that errors keep their code. */
export interface HostApi {
  init(options: InitOptions): Promise<Settled<{ readonly locked: boolean }>>;
  load(call: number, task: string, config: unknown): Promise<Settled<RemoteModel>>;
  run(
    call: number,
    model: number,
    inputs: readonly unknown[],
    options: unknown,
    partials: boolean,
  ): Promise<Settled<RemoteResults>>;
  release(model: number): Promise<Settled<void>>;
  /** Ends a pending call. Does nothing if the call has settled. */
  abort(call: number): void;
  /** Acknowledges `count` more partial results of a call. */
  taken(call: number, count: number): void;
}

/** An event of a pending call. It is a message of its own, which Comlink ignores. */
export type HostEvent =
  | { readonly hayate: 'progress'; readonly call: number; readonly value: LoadProgress }
  | { readonly hayate: 'partial'; readonly call: number; readonly value: unknown }
  /** The run makes progress without a partial result. */
  | { readonly hayate: 'alive'; readonly call: number };
