import type { AnyContract, InputOf, OptionsOf, OutputOf } from './contract';
import type { RunControl } from './engine';
import { isAbortError, isHayateError, toHayateError, type AnyHayateError } from './errors';
import { closeFrame, createFrameSlot, toFrame, type Frame } from './frame-slot';
import { watchPageVisibility } from './page-visibility';
import type { Timings } from './pipeline';
import { createStore, type Store } from './store';
import { createStreamLoop } from './stream-loop';
import { countStream, type StreamStats } from './stream-stats';
import type { Task } from './task';
import { tell } from './tell';
import { unlessAborted } from './unless-aborted';

export type { Frame } from './frame-slot';
export type { StreamStats } from './stream-stats';

/**
 * Where frames come from: each iteration starts the source anew, and its `return` ends it. Bare pictures are taken as
 * frames, with their `timestamp` (microseconds, as a `VideoFrame` has it) or else the time at which they come.
 */
export type FrameSource<Image> = AsyncIterable<Frame<Image> | Image>;

/** What a stream is doing; as in a task's state, the last output stays. */
export type StreamState<Output> = {
  readonly output: Output | undefined;
  /** The time of the frame of `output`, on the source's own clock. */
  readonly timeMs: number | undefined;
  /** Of the run that gave `output`. */
  readonly timings: Timings | undefined;
  readonly stats: StreamStats;
} & (
  | {
      /** `starting` until the model is loaded; `paused` while the page is hidden. */
      readonly status: 'idle' | 'starting' | 'running' | 'paused';
    }
  | { readonly status: 'error'; readonly error: AnyHayateError }
);

/** One result of a stream. */
export interface StreamResult<Contract extends AnyContract> {
  readonly output: OutputOf<Contract>;
  readonly timings: Timings | undefined;
  /** The frame it belongs to. Its image is closed when the loop asks for the next result, or when the stream ends. */
  readonly frame: Frame<InputOf<Contract>>;
  /** From the frame's arrival to this result, in milliseconds. */
  readonly latencyMs: number;
}

/** Options of {@link createStream}. */
export interface StreamOptions<Contract extends AnyContract> {
  /** The options of each run; asked for before each. */
  readonly runOptions?: () => OptionsOf<Contract> & Pick<RunControl, 'deadlineMs' | 'priority'>;
  /**
   * `newest` drops the frames that come while the model is busy; `all` lets the source wait instead, for pictures that
   * shall all be seen.
   * @defaultValue 'newest'
   */
  readonly frames?: 'newest' | 'all';
  /** Sees each frame as it comes, also one that will be dropped. It may draw it, and must not keep or close it. */
  readonly onFrame?: (frame: Frame<InputOf<Contract>>) => void;
  /** Sees each result, in order, while its frame is open. */
  readonly onResult?: (result: StreamResult<Contract>) => void;
}

/** What a stream needs of its task. */
export type StreamedTask<Contract extends AnyContract> = Pick<Task<Contract>, 'getSnapshot' | 'load' | 'run'>;

/**
 * A task driven by a frame source, one frame at a time, as fast as the device can. Listen to it, or iterate:
 * `for await (const { output, frame } of stream)` starts it, takes no new frame before its body is done, throws the
 * stream's error, and stops everything with `break`.
 */
export interface Stream<Contract extends AnyContract>
  extends Store<StreamState<OutputOf<Contract>>>, AsyncIterable<StreamResult<Contract>> {
  /** Loads the model and starts the source; nothing where it runs already. The state tells what comes of it. */
  start(): void;
  /**
   * Ends the source and the run that is under way. A camera or a track of `@hayate/core/media` is free when this
   * returns; an async generator ends when the frame comes that it waits for. The model stays loaded.
   */
  stop(): void;
}

/** So many retryable failures in a row end a stream. */
const MAX_FAILURES = 3;
/** What is waited after the first of them; after the next, twice as long. */
const PAUSE_MS = 250;

/** Makes a stream; it does nothing until it is started. A function as `source` is called at each start. */
export function createStream<Contract extends AnyContract>(
  task: Task<Contract> | StreamedTask<Contract>,
  source: FrameSource<InputOf<Contract>> | (() => FrameSource<InputOf<Contract>>),
  options: StreamOptions<Contract> = {},
): Stream<Contract> {
  type State = StreamState<OutputOf<Contract>>;
  const { runOptions, frames = 'newest', onFrame, onResult } = options;
  const store = createStore<State>({
    status: 'idle',
    output: undefined,
    timeMs: undefined,
    timings: undefined,
    stats: countStream().stats(),
  });
  const loop = createStreamLoop<StreamResult<Contract>>(start, stop);
  let current: AbortController | undefined;

  function show(change: Partial<State>): void {
    const { output, timeMs, timings, stats, status } = store.getSnapshot();
    store.set({ output, timeMs, timings, stats, status, ...change } as State);
  }

  function start(): void {
    if (current !== undefined) return;
    const mine = (current = new AbortController());
    show({ status: 'starting', stats: countStream().stats() });
    if (mine.signal.aborted) return; // a listener has stopped it
    follow(mine).then(
      () => {
        finish(mine);
      },
      (error: unknown) => {
        finish(mine, toHayateError(error));
      },
    );
  }

  function stop(): void {
    if (current !== undefined) finish(current);
  }

  function finish(mine: AbortController, error?: AnyHayateError): void {
    if (current !== mine) return; // stopped, and perhaps started anew
    current = undefined;
    mine.abort(new DOMException('The stream was stopped.', 'AbortError'));
    show(error === undefined ? { status: 'idle' } : { status: 'error', error });
    loop.end(error);
  }

  /** Takes the source's frames as they come and runs the newest, until the source ends. */
  async function follow({ signal }: AbortController): Promise<void> {
    const iterator = (typeof source === 'function' ? source() : source)[Symbol.asyncIterator]();
    const slot = createFrameSlot<Frame<InputOf<Contract>> & { readonly arrivedMs: number }>();
    const count = countStream();
    let ready = false;
    const page = watchPageVisibility((hidden) => {
      if (hidden && frames === 'newest') slot.clear();
      if (hidden) count.pause();
      if (ready) show({ status: hidden ? 'paused' : 'running' });
    });

    async function take(): Promise<void> {
      for (;;) {
        await page.shown();
        if (frames === 'all') await slot.taken();
        if (signal.aborted) return;
        const step = await iterator.next();
        if (step.done === true) return;
        const arrivedMs = performance.now();
        const frame = { ...toFrame(step.value as InputOf<Contract>, arrivedMs), arrivedMs };
        if (onFrame && !signal.aborted) tell(onFrame, frame);
        if (page.hidden() && frames === 'newest') {
          closeFrame(frame);
          continue;
        }
        const dropped = slot.put(frame);
        if (ready) count.received(dropped);
      }
    }

    async function runNewest(): Promise<void> {
      for (let failures = 0; ;) {
        let frame: Awaited<ReturnType<typeof slot.take>>;
        try {
          await task.load({ signal });
          signal.throwIfAborted(); // it may have been stopped after the model had come
          if (!ready) show({ status: page.hidden() ? 'paused' : 'running' });
          ready = true;
          await page.shown();
          frame = await slot.take();
          if (frame === undefined) return;
          const output = await task.run(frame.image, { ...runOptions?.(), signal });
          signal.throwIfAborted(); // the result came together with the end
          failures = 0;
          const { timings } = task.getSnapshot();
          const latencyMs = count.result(frame.arrivedMs);
          show({ output, timeMs: frame.timeMs, timings, stats: count.stats() });
          const result = { output, timings, frame, latencyMs };
          if (onResult) tell(onResult, result);
          await loop.give(result);
        } catch (error) {
          signal.throwIfAborted();
          failures += 1;
          // An abort that is not the stream's: the model was released, to be loaded elsewhere.
          const passing = isAbortError(error) || (isHayateError(error) && error.retryable);
          if (!passing || failures >= MAX_FAILURES) throw error;
          if (frame !== undefined) count.failed();
          show({ stats: count.stats() });
        } finally {
          if (frame !== undefined) closeFrame(frame);
        }
        if (failures > 0) await wait(PAUSE_MS * failures, signal);
      }
    }

    const end = () => {
      page.stop();
      slot.clear();
      slot.end();
      // Not waited for: an iterator that is still waiting for a frame may never answer.
      void (async () => iterator.return?.())().catch(() => undefined);
    };
    signal.addEventListener('abort', end, { once: true });
    try {
      await Promise.all([unlessAborted(take().finally(slot.end), signal), runNewest()]);
    } finally {
      signal.removeEventListener('abort', end);
      if (!signal.aborted) end();
    }
  }

  return {
    getSnapshot: store.getSnapshot,
    subscribe: store.subscribe,
    start,
    stop,
    [Symbol.asyncIterator]: loop[Symbol.asyncIterator],
  };
}

/** Waits; rejects with the signal's reason when it aborts, and leaves no timer. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await unlessAborted(over, signal).finally(() => {
    clearTimeout(timer);
  });
}
