import { createDeferred, type Deferred } from '@hayate/core';

/** The ends of an iteration that is fed from callbacks. */
export interface Pushing<Value> {
  /** A value that nobody has taken when the next comes is let go. */
  push(value: Value): void;
  end(): void;
  fail(error: Error): void;
}

/**
 * An iterable over what callbacks push, of which only the newest is kept. Each iteration calls `begin`, and what that
 * returned at its end, also when nobody waits for a value; `drop` is given each value that nobody takes.
 */
export function pushIterable<Value>(
  begin: (pushing: Pushing<Value>) => () => void,
  drop: (value: Value) => void,
): AsyncIterable<Value> {
  return {
    [Symbol.asyncIterator]() {
      const over = { done: true, value: undefined } as const;
      let waiting: Deferred<IteratorResult<Value, undefined>> | undefined;
      let newest: { readonly value: Value } | undefined;
      let outcome: { readonly error: Error | undefined } | undefined;
      let stop: (() => void) | undefined;

      function finish(error?: Error): void {
        if (outcome !== undefined) return;
        outcome = { error };
        stop?.();
        if (waiting === undefined) return;
        if (error === undefined) waiting.resolve(over);
        else waiting.reject(error);
      }

      function push(value: Value): void {
        if (newest !== undefined) drop(newest.value);
        newest = undefined;
        if (outcome !== undefined) drop(value);
        else if (waiting === undefined) newest = { value };
        else waiting.resolve({ done: false, value });
        waiting = undefined;
      }

      return {
        async next() {
          if (stop === undefined && outcome === undefined) {
            const ended = begin({
              push,
              end: () => {
                finish();
              },
              fail: finish,
            });
            stop = ended;
            if (outcome !== undefined) ended(); // it ended while it began
          }
          if (newest !== undefined) {
            const { value } = newest;
            newest = undefined;
            return { done: false, value };
          }
          if (outcome?.error) throw outcome.error;
          if (outcome !== undefined) return over;
          waiting ??= createDeferred();
          return waiting.promise;
        },
        return() {
          finish();
          if (newest !== undefined) drop(newest.value);
          newest = undefined;
          return Promise.resolve(over);
        },
      };
    },
  };
}
