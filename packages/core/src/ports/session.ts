import type { BackendAttempt, BackendName } from '../errors';
import type { Tensors } from './tensor';

/** The name, element type and shape of a graph's input or output; -1 or a string is a free axis. */
export interface TensorInfo {
  readonly name: string;
  /** The element type; one that {@link TensorType} lacks cannot be fed or read. */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** Where a session runs. */
export interface SessionPlacement {
  readonly backend: BackendName;
  /** Threads the backend uses; 1 on a GPU. */
  readonly threads: number;
  /** Backends that were tried or probed first, each with the reason it was not used. */
  readonly refused: readonly BackendAttempt[];
}

/** Options of {@link Session.run}. */
export interface SessionRunOptions {
  readonly signal?: AbortSignal;
  /** The outputs that are wanted, by name; all unless given. The others are not handed out. */
  readonly outputs?: readonly string[];
  /**
   * Where each output is wanted: `device` leaves it on the GPU, to be fed to a session there or downloaded, and the
   * caller disposes of it; `cpu` is what the others are. Where the session runs on the CPU, or was not loaded with
   * `keepsOutputs`, all come to the CPU; a tensor's `location` tells.
   */
  readonly keep?: Readonly<Record<string, 'device' | 'cpu'>>;
}

/** A graph that is loaded and can run. Runs of one session are done one after the other. */
export interface Session extends SessionPlacement {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the graph. An abort before the run starts drops it; one during it drops the result.
   *
   * @throws HayateError `session-failed`, `bad-input` (a feed or an output is missing or unknown), `device-lost`,
   * `disposed`; `AbortError`.
   */
  run(feeds: Tensors, options?: SessionRunOptions): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** A graph and the files that belong to it, each asked for when it is needed: also again, when a session is recreated. */
export interface GraphFiles {
  /** The bytes are only read. */
  graph(): Promise<Uint8Array>;
  /** External data, by the location that the graph names. */
  externalData(): Promise<Readonly<Record<string, Blob>>>;
}

/** Bytes that a runtime needs of its own, with what they must be. */
export interface RuntimeFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Options of {@link LoadSession}. */
export interface LoadSessionOptions {
  /** Tried in this order. */
  readonly backends?: readonly BackendName[];
  /** Threads of the WebAssembly backend. */
  readonly threads?: number;
  /** Whether runs may leave outputs on the device; see {@link SessionRunOptions.keep}. @defaultValue false */
  readonly keepsOutputs?: boolean;
  /** Settings of the runtime that the model's manifest asks for. */
  readonly config?: Readonly<Record<string, string>>;
  /** Where the runtime's own files come from; they are verified by who gives them. */
  readonly loadFile?: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>;
  readonly signal?: AbortSignal;
}

/**
 * Loads a graph on the first backend that takes it. The port behind which an inference runtime stands;
 * `@hayate/runtime` implements it with ONNX Runtime.
 *
 * @throws HayateError `no-backend` with the reason of every attempt; `AbortError`.
 */
export type LoadSession = (files: GraphFiles, options: LoadSessionOptions) => Promise<Session>;
