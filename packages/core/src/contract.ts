/** Types of a task that only exist at compile time. */
export interface TaskTypes<Config, Input, Options, Output> {
  readonly config: Config;
  readonly input: Input;
  readonly options: Options;
  readonly output: Output;
}

/** An input made ready to cross to the worker. */
export interface PreparedInput {
  readonly value: unknown;
  readonly transfer: readonly Transferable[];
}

/** How an input is made ready. */
export interface PrepareOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether the input is given away: its buffers and frames may be moved instead of copied. */
  readonly transfer?: boolean | undefined;
}

/** What page and worker agree on for one task. */
export interface TaskContract<Config, Input, Options, Output> {
  /** The task's name, that of the Hugging Face hub where it has one. */
  readonly name: string;
  /** Two configs with the same key share one model. */
  key(config: Config): string;
  /**
   * The config as plain data that can be sent: addresses absolute and as strings, no proxies.
   *
   * @throws HayateError `bad-input`, `bad-model`.
   */
  plain(config: Config): Config;
  /**
   * Runs on the page: makes something that can be sent, without reading pixels or samples there.
   *
   * @throws HayateError `bad-input`.
   */
  prepare(input: Input, options: PrepareOptions): PreparedInput | Promise<PreparedInput>;
  readonly types?: TaskTypes<Config, Input, Options, Output>;
}

/** A contract of any task. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only type all contracts extend
export type AnyContract = TaskContract<any, any, any, any>;

type TypesOf<Contract extends AnyContract> = NonNullable<Contract['types']>;

/** The configuration of a task: which model, and what belongs to loading it. */
export type ConfigOf<Contract extends AnyContract> = TypesOf<Contract>['config'];
/** What a task takes. */
export type InputOf<Contract extends AnyContract> = TypesOf<Contract>['input'];
/** What one run may choose. */
export type OptionsOf<Contract extends AnyContract> = TypesOf<Contract>['options'];
/** What a task gives. */
export type OutputOf<Contract extends AnyContract> = TypesOf<Contract>['output'];

/** Defines a task; it only adds the types. */
export function defineTask<Config, Input, Options, Output>(
  contract: Omit<TaskContract<Config, Input, Options, Output>, 'types'>,
): TaskContract<Config, Input, Options, Output> {
  return contract;
}
