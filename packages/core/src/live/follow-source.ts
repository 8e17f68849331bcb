import { notify, unlessAborted } from '../async';
import { isAbortError, isHayateError } from '../errors';
import type { RunResult } from '../ports/engine';
import { closeFrame, createFrameSlot, toFrame, type Frame } from './frame-slot';
import { createLiveCounter, type LiveStats } from './live-stats';
import { watchPageVisibility } from './page-visibility';

/**
 * Where frames come from. Each iteration starts the source anew, and the iterator's `return` ends it. An input that is
 * not wrapped in a frame gets its `timestamp` (in microseconds, as a `VideoFrame` has it) or else its time of arrival.
 */
export type FrameSource<Input> = AsyncIterable<Frame<Input> | Input>;

/** The result of one frame. */
export interface FrameResult<Input, Output> extends RunResult<Output> {
  /** The frame of this result. Its input is closed when the loop asks for the next result, or at the end. */
  readonly frame: Frame<Input>;
  /** The time from the frame's arrival to this result, in milliseconds. */
  readonly latencyMs: number;
}

/** The source of {@link followSource}, and the functions that it calls. */
export interface SourceFollower<Input, Output> {
  readonly source: FrameSource<Input>;
  /** `newest` drops the frames that arrive during a run; `all` makes the source wait. */
  readonly frames: 'newest' | 'all';
  load(signal: AbortSignal): Promise<void>;
  run(input: Input, signal: AbortSignal): Promise<RunResult<Output>>;
  onStatus(status: 'running' | 'paused'): void;
  onFrame(frame: Frame<Input>): void;
  /** Receives each result, in order, while its frame is open. The next frame is taken when the promise has resolved. */
  onResult(result: FrameResult<Input, Output>, stats: LiveStats): Promise<void>;
  /** Called when a run has failed with a retryable error and the next frame is tried. */
  onFailure(stats: LiveStats): void;
}

/** The number of retryable failures in a row that ends the loop. */
const MAX_FAILURES = 3;
/** The wait after the first failure, in milliseconds. The second failure in a row waits twice as long. */
const PAUSE_MS = 250;

/** Takes the source's frames as they arrive and runs the newest, until the source ends or `signal` aborts. */
export async function followSource<Input, Output>(
  follower: SourceFollower<Input, Output>,
  signal: AbortSignal,
): Promise<void> {
  const { frames } = follower;
  const iterator = follower.source[Symbol.asyncIterator]();
  const slot = createFrameSlot<Frame<Input> & { readonly arrivedMs: number }>();
  const counter = createLiveCounter();
  let ready = false;
  const page = watchPageVisibility((hidden) => {
    if (hidden && frames === 'newest') slot.clear();
    if (hidden) counter.pause();
    if (ready) follower.onStatus(hidden ? 'paused' : 'running');
  });

  async function takeFrames(): Promise<void> {
    for (;;) {
      await page.shown();
      if (frames === 'all') await slot.taken();
      if (signal.aborted) return;
      const step = await iterator.next();
      if (step.done === true) return;
      const arrivedMs = performance.now();
      const frame = { ...toFrame(step.value as Input, arrivedMs), arrivedMs };
      if (!signal.aborted) notify(follower.onFrame, frame);
      if (page.hidden() && frames === 'newest') {
        closeFrame(frame);
        continue;
      }
      const dropped = slot.put(frame);
      if (ready) counter.received(dropped);
    }
  }

  async function becomeReady(): Promise<void> {
    await follower.load(signal);
    signal.throwIfAborted(); // `stop` may have been called after the model was loaded
    if (!ready) follower.onStatus(page.hidden() ? 'paused' : 'running');
    ready = true;
  }

  async function runFrames(): Promise<void> {
    for (let failures = 0; ;) {
      let frame: Awaited<ReturnType<typeof slot.take>>;
      try {
        await becomeReady();
        await page.shown();
        frame = await slot.take();
        if (frame === undefined) return;
        const result = await follower.run(frame.input, signal);
        signal.throwIfAborted(); // `stop` may have been called while the result was delivered
        failures = 0;
        const latencyMs = counter.result(frame.arrivedMs);
        await follower.onResult({ ...result, frame, latencyMs }, counter.stats());
      } catch (error) {
        signal.throwIfAborted();
        failures += 1;
        // This abort is not the caller's: the model was released, and `becomeReady` loads it again.
        const passing = isAbortError(error) || (isHayateError(error) && error.retryable);
        if (!passing || failures >= MAX_FAILURES) throw error;
        if (frame !== undefined) counter.failed();
        follower.onFailure(counter.stats());
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
    // Not awaited: `return` of an iterator that still waits for a frame may never resolve.
    void (async () => iterator.return?.())().catch(() => undefined);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    await Promise.all([unlessAborted(takeFrames().finally(slot.end), signal), runFrames()]);
  } finally {
    signal.removeEventListener('abort', end);
    if (!signal.aborted) end();
  }
}

/** Waits `ms` milliseconds. An abort rejects with the signal's reason and clears the timer. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await unlessAborted(over, signal).finally(() => {
    clearTimeout(timer);
  });
}
