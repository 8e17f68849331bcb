import type { BackendAttempt, BackendName } from '../errors';
import type { Tensors } from './tensor';

/** The name, element type and shape of a graph's input or output; -1 or a string is a free axis. */
export interface TensorInfo {
  readonly name: string;
  /** The element type, as ONNX names it. A type that {@link TensorType} lacks cannot be fed or read. */
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** Where a session runs. */
export interface SessionPlacement {
  readonly backend: BackendName;
  /** The number of threads that the backend uses; 1 on a GPU. */
  readonly threads: number;
  /** The backends that were tried before, each with the reason why it was not used. */
  readonly refused: readonly BackendAttempt[];
}

/** How a run is aborted, which outputs it returns, and where they stay. */
export interface SessionRunOptions {
  readonly signal?: AbortSignal;
  /** The names of the outputs to return. @defaultValue all */
  readonly outputs?: readonly string[];
  /**
   * Where each output stays, by name. `device` leaves it on the GPU, to be fed to another run or downloaded; the caller
   * disposes of it. Outputs that are not named are copied to the CPU, and so are all outputs of a session that runs on the
   * CPU or was loaded without `keepsOutputs`. A tensor's `location` says where it is.
   */
  readonly keep?: Readonly<Record<string, 'device' | 'cpu'>>;
}

/** A loaded graph. Runs of one session are executed one after the other. */
export interface Session extends SessionPlacement {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the graph. An abort before the run starts cancels it. A run that has started is not interrupted, and the call
   * rejects when it ends.
   *
   * @throws HayateError `session-failed`, `bad-input` (a feed is missing or unknown, an output unknown), `bad-model` (an
   * output has an element type that {@link TensorType} lacks), `device-lost`, `disposed`; the signal's reason.
   */
  run(feeds: Tensors, options?: SessionRunOptions): Promise<Tensors>;
  dispose(): Promise<void>;
}

/** A graph and its external data. Each file is requested when it is needed, and again when a session is recreated. */
export interface GraphFiles {
  /** The bytes of the graph. The runtime does not change them. */
  graph(): Promise<Uint8Array>;
  /** External data, by the location that the graph names. */
  externalData(): Promise<Readonly<Record<string, Blob>>>;
}

/** A file of the runtime itself, with the length and digest that it must have. */
export interface RuntimeFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The backends and settings of a session, and how the runtime's own files are fetched. */
export interface LoadSessionOptions {
  /** The backends, tried in this order. */
  readonly backends?: readonly BackendName[];
  /** The number of threads of the WebAssembly backend. */
  readonly threads?: number;
  /** Whether runs may leave outputs on the device; see {@link SessionRunOptions.keep}. @defaultValue false */
  readonly keepsOutputs?: boolean;
  /** Settings of the runtime that the model's manifest asks for. */
  readonly config?: Readonly<Record<string, string>>;
  /** Fetches one of the runtime's own files, verified. */
  readonly loadFile?: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>;
  readonly signal?: AbortSignal;
}

/**
 * Loads a graph on the first backend that can run it. Each inference runtime is one implementation of this type;
 * `@hayate/runtime` has that of ONNX Runtime.
 *
 * @throws HayateError `no-backend` with the reason of every attempt; `AbortError`.
 */
export type LoadSession = (files: GraphFiles, options: LoadSessionOptions) => Promise<Session>;
