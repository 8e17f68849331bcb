import type { AnyContract, OptionsOf, OutputOf } from '../ports/contract';
import type { LoadedPipeline, RunContext } from '../ports/pipeline';
import type { Session } from '../ports/session';
import type { AnyTensor, Tensors } from '../ports/tensor';

type Clock = Pick<RunContext<never>, 'signal' | 'time'>;

/** One output of a graph for one input: row-major, its shape without the batch axis. */
export interface OutputFloats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** What a graph gave for one input. */
export interface GraphOutputs {
  /** @throws HayateError `bad-model` that names an output that is missing, no float32, or of another batch. */
  floats(name: string): OutputFloats;
}

/** A task whose run is one run of one graph: what is its own. `Item` is one input, made ready to be fed. */
export interface GraphTask<Contract extends AnyContract, Item> {
  readonly session: Session;
  /** The most inputs of one run; 1 where the graph has no free batch axis. */
  readonly maxBatch: number;
  /** Throws `bad-input` for options that cannot be used, before an input is read. */
  checkOptions(options: OptionsOf<Contract>): void;
  /** Makes an input ready; inputs of a batch come one after the other. `spend` adds to a stage's time. */
  prepare(
    input: unknown,
    signal: AbortSignal,
    spend: (stage: string, ms: number) => void,
  ): Item | Promise<Item>;
  /** The graph's inputs for one or several items. */
  feed(items: readonly Item[]): Tensors;
  /** One input's result. It is tried once on `blank` while the model loads, so that a wrong graph is found then. */
  read(outputs: GraphOutputs, item: Item, options: OptionsOf<Contract>): OutputOf<Contract>;
  /** A zero-filled input. */
  blank(): Item;
  /** The error for a model that cannot be used. */
  refuse(reason: string): Error;
  dispose(): void;
}

/** The pipeline of a {@link GraphTask}: batches, times of the stages and the run that warms it up. */
export function serveGraph<Contract extends AnyContract, Item>(
  task: GraphTask<Contract, Item>,
): LoadedPipeline<Contract> & Required<Pick<LoadedPipeline<Contract>, 'runBatch'>> {
  const { session, maxBatch, refuse } = task;

  async function prepareAll(inputs: readonly unknown[], { signal, time }: Clock) {
    const spent = new Map<string, number>();
    const items: PromiseSettledResult<Item>[] = [];
    for (const input of inputs) {
      try {
        const value = await task.prepare(input, signal, (stage, ms) => {
          spent.set(stage, (spent.get(stage) ?? 0) + ms);
        });
        items.push({ status: 'fulfilled', value });
      } catch (reason) {
        signal.throwIfAborted();
        items.push({ status: 'rejected', reason });
      }
    }
    for (const [stage, ms] of spent) time(stage, ms);
    return items;
  }

  async function runBatch(
    inputs: readonly unknown[],
    options: OptionsOf<Contract>,
    clock: Clock,
  ): Promise<readonly PromiseSettledResult<OutputOf<Contract>>[]> {
    task.checkOptions(options);
    const items = await prepareAll(inputs, clock);
    const good = items.filter((item) => item.status === 'fulfilled').map(({ value }) => value);

    if (good.length === 0) return items.filter((item) => item.status === 'rejected');
    const start = performance.now();
    const outputs = await session.run(task.feed(good), { signal: clock.signal });
    const ended = performance.now();
    clock.time('inference', ended - start);
    let place = 0;
    const settled = items.map((item): PromiseSettledResult<OutputOf<Contract>> => {
      if (item.status === 'rejected') return item;
      const share = sliceOutputs(outputs, place, good.length, refuse);
      place += 1;
      return { status: 'fulfilled', value: task.read(share, item.value, options) };
    });
    clock.time('postprocess', performance.now() - ended);
    return settled;
  }

  return {
    maxBatch,
    runBatch,
    async run(input, options, clock) {
      const [settled] = await runBatch([input], options, clock);
      if (settled?.status === 'fulfilled') return settled.value;
      throw settled?.reason;
    },
    async warmUp() {
      const item = task.blank();
      const outputs = await session.run(task.feed([item]));
      task.read(sliceOutputs(outputs, 0, 1, refuse), item, {});
    },
    dispose() {
      task.dispose();
    },
  };
}

/** The outputs of one input, the `place`th of `count`. */
export function sliceOutputs(
  outputs: Tensors,
  place: number,
  count: number,
  refuse: (reason: string) => Error,
): GraphOutputs {
  return {
    floats(name) {
      const tensor: AnyTensor | undefined = outputs[name];
      if (tensor?.location !== 'cpu' || tensor.type !== 'float32') {
        const found = tensor === undefined ? 'missing' : `${tensor.type} [${tensor.dims.join(', ')}]`;
        throw refuse(`the output "${name}" is ${found}, but must be a float32 tensor`);
      }
      const { data, dims } = tensor;
      if (dims[0] === count) {
        const length = data.length / count;
        return { data: data.subarray(place * length, (place + 1) * length), dims: dims.slice(1) };
      }
      if (count === 1) return { data, dims };
      throw refuse(`the output "${name}" is [${dims.join(', ')}] for a batch of ${count}`);
    },
  };
}
