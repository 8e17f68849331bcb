import type { BackendAttempt, BackendName } from './errors';
import type { Tensors } from './tensor';

/** The name, element type and shape of a graph's input or output; -1 or a string is a free axis. */
export interface TensorInfo {
  readonly name: string;
  /** The element type; one that {@link TensorType} lacks cannot be fed or read. */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** A model that is loaded and can run. Runs of one session are done one after the other. */
export interface Session {
  readonly backend: BackendName;
  /** Threads the backend uses; 1 on a GPU. */
  readonly threads: number;
  /** Backends that were tried or probed first, each with the reason it was not used. */
  readonly refused: readonly BackendAttempt[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the model. An abort before the run starts drops it; one during it drops the result.
   *
   * @throws HayateError `session-failed`, `bad-input` (a feed is missing or unknown), `disposed`; `AbortError`.
   */
  run(feeds: Tensors, options?: { readonly signal?: AbortSignal }): Promise<Tensors>;
  dispose(): Promise<void>;
}
