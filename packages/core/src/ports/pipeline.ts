import type { BackendName } from '../errors';
import type { Manifest } from '../model/manifest';
import type { AnyContract, ConfigOf, OptionsOf, OutputOf, PartialOf } from './contract';
import type { RuntimeFile, Session } from './session';

/** How long each stage of a run took, in milliseconds, by the stage's name. */
export type Timings = Readonly<Record<string, number>>;

/** What a pipeline may choose for one of its sessions. */
export interface PipelineSessionOptions {
  /** Tried in this order; the engine's unless given. Backends that the engine excludes are left out. */
  readonly backends?: readonly BackendName[];
  /** Whether runs may leave outputs on the device; see `Session.run`. @defaultValue false */
  readonly keepsOutputs?: boolean;
}

/** Something that all models of a thread share, such as a family of kernels. */
export interface SharedResource {
  /** The WebAssembly memory that it holds, in bytes. */
  readonly memoryBytes?: number;
}

/** The ports a pipeline is handed. Each is loaded when it is first asked for. */
export interface PipelineContext {
  readonly manifest: Manifest;
  /** Aborts when nobody waits for the model any more. */
  readonly signal: AbortSignal;
  /** The bytes of a file that the manifest names, verified. */
  file(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A session over a file that the manifest names; a pipeline may have several. The engine disposes of it. */
  session(name: string, options?: PipelineSessionOptions): Promise<Session>;
  /**
   * What this thread's models share under `key`, made by the first that asks; a failure is forgotten. `fetchFile` gets
   * a file through the engine's store, verified and stored.
   */
  shared<Resource extends SharedResource>(
    key: string,
    make: (fetchFile: (file: RuntimeFile) => Promise<Uint8Array<ArrayBuffer>>) => Promise<Resource>,
  ): Promise<Resource>;
}

/** What one run is handed besides its input. */
export interface RunContext<Partial> {
  readonly signal: AbortSignal;
  /**
   * Gives a partial result to whoever waits. It is copied to the page. Wait for the promise before the next one: it
   * resolves as soon as the page can take more, so that a slow page slows the run down instead of piling them up.
   */
  emit(partial: Partial): Promise<void>;
  /** Says that the run goes on though it has nothing to give yet: its deadline starts anew. */
  keepAlive(): void;
  /** Notes how long a stage took. */
  time(stage: string, ms: number): void;
}

/** A loaded pipeline. Runs do not overlap. What a run returns is given away: its buffers are moved to the page. */
export interface LoadedPipeline<Contract extends AnyContract> {
  /** `input` is what the contract's `prepare` made; the engine closes it. */
  run(
    input: unknown,
    options: OptionsOf<Contract>,
    context: RunContext<PartialOf<Contract>>,
  ): Promise<OutputOf<Contract>>;
  /** How many inputs {@link runBatch} takes; 1 where the graph has no free batch axis. @defaultValue 1 */
  readonly maxBatch?: number;
  /** Runs several inputs with the same options as one; each gets what it would get alone, or its own error. */
  runBatch?(
    inputs: readonly unknown[],
    options: OptionsOf<Contract>,
    context: Omit<RunContext<never>, 'emit'>,
  ): Promise<readonly PromiseSettledResult<OutputOf<Contract>>[]>;
  /** One run on a zero-filled input, so that the first real one is as quick as the others. */
  warmUp?(): Promise<void>;
  /** Frees plans and the like; sessions are freed by the engine. */
  dispose(): void;
}

/** What the worker runs for one task. */
export interface Pipeline<Contract extends AnyContract> {
  readonly task: string;
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
