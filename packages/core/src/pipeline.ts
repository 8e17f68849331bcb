import type { AnyContract, ConfigOf, OptionsOf, OutputOf } from './contract';
import type { ReadImage } from './image';
import type { VisionKernels } from './kernels';
import type { Manifest } from './manifest';
import type { Session } from './session';

/** How long each stage of a run took, in milliseconds, by the stage's name. */
export type Timings = Readonly<Record<string, number>>;

/** Text to token ids and back. */
export interface Tokenizer {
  encode(
    text: string,
    pair?: string,
  ): {
    readonly ids: readonly number[];
    readonly attentionMask: readonly number[];
    readonly typeIds: readonly number[];
  };
  decode(ids: readonly number[]): string;
}

/** The ports a pipeline is handed. Each is loaded when it is first asked for. */
export interface PipelineContext {
  readonly manifest: Manifest;
  /** Aborts when nobody waits for the model any more. */
  readonly signal: AbortSignal;
  /** The bytes of a file that the manifest names, verified. */
  file(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * A session over a file that the manifest names; a pipeline may have several. With `keepOnDevice` its outputs stay
   * on the GPU where it runs on one, to be fed to the next run or downloaded, and are the pipeline's to dispose of.
   */
  session(name: string, options?: { readonly keepOnDevice?: boolean }): Promise<Session>;
  readonly kernels: { vision(): Promise<VisionKernels> };
  tokenizer(): Promise<Tokenizer>;
  readonly readImage: ReadImage;
}

/** What one run is handed besides its input. */
export interface RunContext<Output> {
  readonly signal: AbortSignal;
  /** Sends a partial result to whoever waits. */
  emit(partial: Output): void;
  /** Notes how long a stage took. */
  time(stage: string, ms: number): void;
}

/** A loaded pipeline. Runs do not overlap. */
export interface LoadedPipeline<Contract extends AnyContract> {
  /** `input` is what the contract's `prepare` made. */
  run(
    input: unknown,
    options: OptionsOf<Contract>,
    context: RunContext<OutputOf<Contract>>,
  ): Promise<OutputOf<Contract>>;
  /** How many inputs {@link runBatch} takes; 1 where the graph has no free batch axis. @defaultValue 1 */
  readonly maxBatch?: number;
  /** Runs several inputs with the same options as one; each gets what it would get alone, or its own error. */
  runBatch?(
    inputs: readonly unknown[],
    options: OptionsOf<Contract>,
    context: Omit<RunContext<never>, 'emit'>,
  ): Promise<readonly PromiseSettledResult<OutputOf<Contract>>[]>;
  /** One run over nothing, so that the first real one is as quick as the others. */
  warmUp?(): Promise<void>;
  /** Frees plans and the like; sessions are freed by the engine. */
  dispose(): void;
}

/** What the worker runs for one task. */
export interface Pipeline<Contract extends AnyContract> {
  readonly contract: Contract;
  load(context: PipelineContext, config: ConfigOf<Contract>): Promise<LoadedPipeline<Contract>>;
}

/** A pipeline of any task. */
export type AnyPipeline = Pipeline<AnyContract>;

/** Defines the pipeline of a task; it only adds the types. */
export function definePipeline<Contract extends AnyContract>(
  contract: Contract,
  parts: Omit<Pipeline<Contract>, 'contract'>,
): Pipeline<Contract> {
  return { contract, ...parts };
}
