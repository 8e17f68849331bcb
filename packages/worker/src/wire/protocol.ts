import type { BackendName, LoadProgress, ModelPlacement, RunResult } from '@hayate/core';
import type { Settled } from './settled';

/** The version both ends must share; a page may hold an older worker in its cache. */
export const PROTOCOL = 1;

/** How many partial results of a run may be on their way to the page; the run waits before it sends more. */
export const PARTIALS_ON_THE_WAY = 16;

/** What the page may choose for the worker's engine. */
export interface RemoteOptions {
  readonly backends?: readonly BackendName[];
  readonly threads?: number;
}

/** What a worker leaves out, after others died: nothing, the GPU, or threads too. */
export type FallbackLevel = 'none' | 'no-gpu' | 'one-thread';

/** What a worker is told first. */
export interface InitOptions {
  readonly protocol: number;
  readonly options: RemoteOptions;
  readonly fallback: FallbackLevel;
  /** The name of the Web Lock that the worker then holds for life, if it can. */
  readonly lock: string;
}

/** A model as the worker describes it. */
export interface RemoteModel {
  readonly id: number;
  readonly placement: ModelPlacement;
  readonly maxBatch: number;
}

/** The results of one run, one for each input. */
export interface RemoteResults {
  readonly results: readonly Settled<RunResult<unknown>>[];
  /** How long the worker took, in milliseconds. */
  readonly tookMs: number;
  /** The WebAssembly memory of the whole worker, where it was measured. */
  readonly memoryBytes: number | undefined;
}

/** What the worker offers, by Comlink. Every answer is {@link Settled}: errors keep their code. */
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
  /** Ends a call that waits; a call that is not there any more is no error. */
  abort(call: number): void;
  /** The page has taken so many partial results of a call since it last said so. */
  taken(call: number, count: number): void;
}

/** What the worker tells of a call before it answers. A message of its own, which Comlink ignores. */
export type HostEvent =
  | { readonly hayate: 'progress'; readonly call: number; readonly value: LoadProgress }
  | { readonly hayate: 'partial'; readonly call: number; readonly value: unknown }
  /** The run goes on, though it has nothing to give yet. */
  | { readonly hayate: 'alive'; readonly call: number };
