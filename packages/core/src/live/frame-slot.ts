import { createDeferred } from '../async';
import { closeValue } from '../transfer';

/** One input of a live source, such as a frame of a camera. */
export interface Frame<Input> {
  /** The receiver of the frame closes the input if it has a `close` method, such as a `VideoFrame` or `ImageBitmap`. */
  readonly input: Input;
  /** The time at which the frame is shown, in milliseconds of the source's own clock. */
  readonly timeMs: number;
}

/** Closes the frame's input if it has a `close` method. */
export function closeFrame({ input }: Frame<unknown>): void {
  closeValue(input);
}

/** Wraps an input in a frame, with its `timestamp` (in microseconds) or else `nowMs`. Returns a frame as it is. */
export function toFrame<Input>(value: Frame<Input> | Input, nowMs: number): Frame<Input> {
  if (typeof value === 'object' && value !== null && 'input' in value && 'timeMs' in value) return value;
  const { timestamp } = value as { timestamp?: unknown };
  return { input: value, timeMs: typeof timestamp === 'number' ? timestamp / 1000 : nowMs };
}

/** Holds one frame. A newer frame replaces the older one, which is closed. */
export interface FrameSlot<Item extends Frame<unknown>> {
  /** Puts a frame in; true if a frame was dropped: the one that it replaced, or after the end the new one. */
  put(frame: Item): boolean;
  /** Takes the frame, as soon as there is one; undefined when the slot has ended. The caller closes the frame. */
  take(): Promise<Item | undefined>;
  /** Resolves when the slot is empty or has ended. */
  taken(): Promise<void>;
  /** Closes and removes the frame, if there is one. */
  clear(): void;
  /** Ends the slot: it accepts no more frames, but the one it holds can still be taken. */
  end(): void;
}

/** Creates an empty slot. */
export function createFrameSlot<Item extends Frame<unknown>>(): FrameSlot<Item> {
  let held: Item | undefined;
  let ended = false;
  let change = createDeferred();
  const changed = () => {
    change.resolve();
    change = createDeferred();
  };
  const clear = () => {
    if (held !== undefined) closeFrame(held);
    held = undefined;
    changed();
  };
  return {
    put(frame) {
      if (ended) {
        closeFrame(frame);
        return true;
      }
      const replaced = held !== undefined;
      clear();
      held = frame;
      changed();
      return replaced;
    },
    async take() {
      while (held === undefined && !ended) await change.promise;
      const frame = held;
      held = undefined;
      changed();
      return frame;
    },
    async taken() {
      while (held !== undefined && !ended) await change.promise;
    },
    clear,
    end() {
      ended = true;
      changed();
    },
  };
}
