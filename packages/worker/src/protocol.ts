import type { BackendAttempt, BackendName, LoadProgress, RunResult } from '@hayate/core';
import type { Settled } from './wire';

/** The version both ends must share; a page may hold an older worker in its cache. */
export const PROTOCOL = 2;

/** What the page may choose for the worker's engine. */
export interface RemoteOptions {
  readonly backends?: readonly BackendName[];
  readonly threads?: number;
}

/** How carefully a worker goes about it, after others died: as it was asked, without a GPU, or with one thread too. */
export type Caution = 'none' | 'no-gpu' | 'one-thread';

/** What a worker is told when it is greeted. */
export interface Greeting {
  readonly protocol: number;
  readonly options: RemoteOptions;
  readonly caution: Caution;
  /** The most inputs that one run will have. */
  readonly maxBatch: number;
  /** The name of the Web Lock that the worker then holds for life, if it can. */
  readonly lock: string;
}

/** A model as the worker describes it. */
export interface RemoteModel {
  readonly id: number;
  readonly backend: BackendName;
  readonly threads: number;
  readonly refused: readonly BackendAttempt[];
  readonly maxBatch: number;
}

/** The results of one run, one for each input. */
export interface RemoteResults {
  readonly results: readonly Settled<RunResult<unknown>>[];
  /** The WebAssembly memory of the whole worker. */
  readonly memoryBytes: number;
}

/** What the worker offers, by Comlink. Every answer is {@link Settled}: errors keep their code. */
export interface HostApi {
  hello(greeting: Greeting): Promise<Settled<{ readonly locked: boolean }>>;
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
}

/** What the worker tells of a call before it answers. A message of its own, which Comlink passes by. */
export type HostEvent =
  | { readonly hayate: 'progress'; readonly call: number; readonly value: LoadProgress }
  | { readonly hayate: 'partial'; readonly call: number; readonly value: unknown };

/** A {@link HostEvent}, if a worker's message is one. */
export function toHostEvent(data: unknown): HostEvent | undefined {
  const { hayate } = (data ?? {}) as Partial<HostEvent>;
  return hayate === 'progress' || hayate === 'partial' ? (data as HostEvent) : undefined;
}
