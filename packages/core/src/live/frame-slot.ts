import { createDeferred } from '../async';
import { closeValue } from '../ports/contract';

/** One input of a live source, such as a frame of a camera. */
export interface Frame<Input> {
  /** A `VideoFrame` or `ImageBitmap` belongs to who receives the frame; what has no `close` is left alone. */
  readonly input: Input;
  /** When it is shown, in milliseconds on the source's own clock. */
  readonly timeMs: number;
}

/** Closes the frame's input, if it is one that can be closed. */
export function closeFrame({ input }: Frame<unknown>): void {
  closeValue(input);
}

/** A frame of what a source gave: bare inputs have a `timestamp` in microseconds, or the time at which they came. */
export function toFrame<Input>(value: Frame<Input> | Input, nowMs: number): Frame<Input> {
  if (typeof value === 'object' && value !== null && 'input' in value && 'timeMs' in value) return value;
  const { timestamp } = value as { timestamp?: unknown };
  return { input: value, timeMs: typeof timestamp === 'number' ? timestamp / 1000 : nowMs };
}

/** Room for one frame: a newer one replaces the older, which is closed. */
export interface FrameSlot<Item extends Frame<unknown>> {
  /** Whether another frame had to go. After the end the frame itself is closed. */
  put(frame: Item): boolean;
  /** The frame, as soon as there is one; undefined at the end. Whoever takes it closes it. */
  take(): Promise<Item | undefined>;
  /** Resolves when the frame has been taken, and at the end. */
  taken(): Promise<void>;
  /** Closes the frame, if one is there. */
  clear(): void;
  /** No more frames come; the one that is there may still be taken. */
  end(): void;
}

/** Makes an empty slot. */
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
