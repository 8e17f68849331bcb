import type { AnyContract, OptionsOf, OutputOf } from '../ports/contract';
import type { LoadedPipeline, RunContext } from '../ports/pipeline';
import type { Session } from '../ports/session';
import type { AnyTensor, Tensors } from '../ports/tensor';

type Clock = Pick<RunContext<never>, 'signal' | 'time'>;

/** One output of a graph for one input of the batch: values in row-major order, and the shape without the batch axis. */
export interface OutputFloats {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** The outputs of a graph for one input of the batch. */
export interface GraphOutputs {
  /** @throws HayateError `bad-model` if the output is missing, is not float32, or has another batch size. */
  floats(name: string): OutputFloats;
}

/** A task of which each run is one run of one graph; see {@link serveGraph}. `Item` is what `prepare` returns. */
export interface GraphTask<Contract extends AnyContract, Item> {
  readonly session: Session;
  /** How many inputs one run of the graph takes; 1 if the graph has no free batch axis. */
  readonly maxBatch: number;
  /** Throws `bad-input` for options that cannot be used, before an input is read. */
  checkOptions(options: OptionsOf<Contract>): void;
  /** Prepares an input. The inputs of a batch are prepared one after the other. `spend` adds to the time of a stage. */
  prepare(
    input: unknown,
    signal: AbortSignal,
    spend: (stage: string, ms: number) => void,
  ): Item | Promise<Item>;
  /** The feeds of the graph for one or several items. */
  feed(items: readonly Item[]): Tensors;
  /** Computes one input's result. Also called for `blank` while the model loads, to find an unsuitable graph early. */
  read(outputs: GraphOutputs, item: Item, options: OptionsOf<Contract>): OutputOf<Contract>;
  /** A zero-filled input. */
  blank(): Item;
  /** The error for a model that cannot be used. */
  refuse(reason: string): Error;
  dispose(): void;
}

/** Creates the pipeline of a {@link GraphTask}, with batches, the times of its stages and a warm-up run. */
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

/** Returns the outputs that belong to the input at index `place` of a batch of `count`. */
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
