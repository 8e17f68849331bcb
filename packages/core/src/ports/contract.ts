import { modelKey, plainModel, type ModelSource } from '../model/manifest';

/** Types of a task that only exist at compile time. */
export interface TaskTypes<Config, Input, Options, Output, Partial> {
  readonly config: Config;
  readonly input: Input;
  readonly options: Options;
  readonly output: Output;
  readonly partial: Partial;
}

/** An input that can be sent to the worker. Its owner calls `closeInput` once, when it is not needed any more. */
export interface PreparedInput {
  readonly value: unknown;
  /** The parts of `value` that are moved to the worker instead of copied. */
  readonly transfer: readonly Transferable[];
}

/** How {@link TaskContract.prepare} treats an input. */
export interface PrepareOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the input is given away: its buffers and frames may be moved instead of copied. */
  readonly transfer?: boolean | undefined;
}

/** What page and worker agree on for one task: its name, its types, and how an input is prepared. */
export interface TaskContract<Config, Input, Options, Output, Partial> {
  /** The task's name: that of the Hugging Face hub, if the hub has the task. */
  readonly name: string;
  /** Whether the task's pipeline emits partial results. */
  readonly streams: boolean;
  /** Two configs with the same key share one model. */
  key(config: Config): string;
  /**
   * The config as plain data that can be sent: addresses absolute and as strings, no proxies.
   *
   * @throws HayateError `bad-input`, `bad-model`.
   */
  plain(config: Config): Config;
  /**
   * Converts an input to something that can be sent to the worker. Runs on the page, so it reads no pixels or samples.
   *
   * @throws HayateError `bad-input`.
   */
  prepare(input: Input, options: PrepareOptions): PreparedInput | Promise<PreparedInput>;
  /** Never set; holds the types for the compiler. */
  readonly types?: TaskTypes<Config, Input, Options, Output, Partial>;
}

/** A contract of any task. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only type all contracts extend
export type AnyContract = TaskContract<any, any, any, any, any>;

type TypesOf<Contract extends AnyContract> = NonNullable<Contract['types']>;

/** The configuration of a task: its model, and options of the load. */
export type ConfigOf<Contract extends AnyContract> = TypesOf<Contract>['config'];
/** The input of a run. */
export type InputOf<Contract extends AnyContract> = TypesOf<Contract>['input'];
/** The options of a run. */
export type OptionsOf<Contract extends AnyContract> = TypesOf<Contract>['options'];
/** The result of a run. */
export type OutputOf<Contract extends AnyContract> = TypesOf<Contract>['output'];
/** The partial results of a run; `never` for a task that has none. */
export type PartialOf<Contract extends AnyContract> = TypesOf<Contract>['partial'];

/** The configuration of a task that needs only its model. */
export interface ModelConfig {
  readonly model: ModelSource;
}

/** The fields with a default, for a config that is a {@link ModelConfig} and a task without partial results. */
type Defaults = 'types' | 'key' | 'plain' | 'streams';
type Definition<Config, Input, Options, Output, Partial> = Omit<
  TaskContract<Config, Input, Options, Output, Partial>,
  Defaults
> &
  ([Config] extends [ModelConfig]
    ? { readonly key?: (config: Config) => string; readonly plain?: (config: Config) => Config }
    : { readonly key: (config: Config) => string; readonly plain: (config: Config) => Config }) &
  ([Partial] extends [never] ? { readonly streams?: false } : { readonly streams: true });

/** Defines a task. `Partial` is the type of its partial results, if it has any. */
export function defineTask<Config extends object, Input, Options, Output, Partial = never>(
  definition: Definition<Config, Input, Options, Output, Partial>,
): TaskContract<Config, Input, Options, Output, Partial> {
  const byModel = {
    streams: false,
    key: (config: Config) => modelKey((config as ModelConfig).model),
    plain: (config: Config) => ({ ...config, model: plainModel((config as ModelConfig).model) }),
  };
  return { ...byModel, ...(definition as TaskContract<Config, Input, Options, Output, Partial>) };
}
