import { unlessAborted } from '@hayate/core';
import { Interruption } from './interruption';

/** Watches one connection, and closes it if it delivers nothing for too long. */
export interface StallWatch {
  /** Aborts when the connection has to be closed. */
  readonly signal: AbortSignal;
  /**
   * The value of `next`, or a rejection if it takes too long. Wrap only what the network delivers: the time that a slow
   * storage takes in between does not count.
   */
  over<Value>(next: Promise<Value>): Promise<Value>;
  /** Closes the connection if it is still open. */
  end(): void;
}

/** Makes the watch of one connection, which also ends when `outer` aborts. */
export function createStallWatch(ms: number, outer: AbortSignal): StallWatch {
  const stalled = new AbortController();
  const signal = AbortSignal.any([outer, stalled.signal]);
  return {
    signal,
    async over(next) {
      const timer = setTimeout(() => {
        stalled.abort(new Interruption(`nothing came for ${ms} ms`));
      }, ms);
      try {
        return await unlessAborted(next, signal);
      } finally {
        clearTimeout(timer);
      }
    },
    end() {
      stalled.abort();
    },
  };
}
