import type { BackendName } from '../errors';
import type { Manifest } from '../model/manifest';
import type { AnyContract, ConfigOf, OptionsOf, OutputOf, PartialOf } from './contract';
import type { RuntimeFile, Session } from './session';

/** How long each stage of a run took, in milliseconds, by the stage's name. */
export type Timings = Readonly<Record<string, number>>;

/** Where one session of a pipeline runs. */
export interface PipelineSessionOptions {
  /** The backends, tried in this order, without those that the engine excludes. @defaultValue the engine's */
  readonly backends?: readonly BackendName[];
  /** Whether runs may leave outputs on the device; see `Session.run`. @defaultValue false */
  readonly keepsOutputs?: boolean;
}

/** A resource that all models of a thread share, such as a family of kernels. */
export interface SharedResource {
  /** The WebAssembly memory that it holds, in bytes. */
  readonly memoryBytes?: number;
}

/** What a pipeline can use while it loads. */
export interface PipelineContext {
  readonly manifest: Manifest;
  /** Aborts when no caller waits for the model any more. */
  readonly signal: AbortSignal;
  /** The bytes of a file that the manifest names, verified. */
  file(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Loads a graph that the manifest names; a pipeline may have several sessions. The engine disposes of them. */
  session(name: string, options?: PipelineSessionOptions): Promise<Session>;
  /**
   * The resource that this thread's models share under `key`. The first call creates it; after a failure, the next call
   * tries again. `fetchFile` gets a file through the engine's store, verified and stored.
   */
  shared<Resource extends SharedResource>(
    key: string,
    make: (fetchFile: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>) => Promise<Resource>,
  ): Promise<Resource>;
}

/** What a run can use besides its input. */
export interface RunContext<Partial> {
  readonly signal: AbortSignal;
  /**
   * Sends a copy of a partial result to the caller. Await the promise before the next one: it resolves when the page can
   * take more, so that a slow page slows the run down and partial results do not pile up.
   */
  emit(partial: Partial): Promise<void>;
  /** Starts the run's deadline anew, for a run that is making progress but has no partial result yet. */
  keepAlive(): void;
  /** Records how long a stage took, in milliseconds. A second call for a stage replaces the first. */
  time(stage: string, ms: number): void;
}

/** A loaded pipeline. Its runs do not overlap. The buffers of a result are transferred to the page. */
export interface LoadedPipeline<Contract extends AnyContract> {
  /** Runs one input. `input` is the value that the contract's `prepare` returned; the engine closes it. */
  run(
    input: unknown,
    options: OptionsOf<Contract>,
    context: RunContext<PartialOf<Contract>>,
  ): Promise<OutputOf<Contract>>;
  /** How many inputs {@link runBatch} takes; 1 if the graph has no free batch axis. @defaultValue 1 */
  readonly maxBatch?: number;
  /** Runs several inputs with the same options as one batch. Each gets the result or error that it would get alone. */
  runBatch?(
    inputs: readonly unknown[],
    options: OptionsOf<Contract>,
    context: Omit<RunContext<never>, 'emit'>,
  ): Promise<readonly PromiseSettledResult<OutputOf<Contract>>[]>;
  /** Runs a zero-filled input once, so that the first real run is as fast as later ones. */
  warmUp?(): Promise<void>;
  /** Frees what the pipeline has created, such as plans. The engine frees the sessions. */
  dispose(): void;
}

/** What the worker runs for one task. */
export interface Pipeline<Contract extends AnyContract> {
  readonly task: string;
  /** Loads the model. A rejection fails the load; the engine then frees the sessions. */
  load(context: PipelineContext, config: ConfigOf<Contract>): Promise<LoadedPipeline<Contract>>;
}

/** A pipeline of any task. */
export type AnyPipeline = Pipeline<AnyContract>;

/** Defines the pipeline of a task. */
export function definePipeline<Contract extends AnyContract>(
  contract: Contract,
  parts: Omit<Pipeline<Contract>, 'task'>,
): Pipeline<Contract> {
  return { task: contract.name, ...parts };
}
