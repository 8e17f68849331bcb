import { createDeferred, type Deferred } from '@hayate/core';

/** The functions that give an iteration its values, and end it. */
export interface Pushing<Value> {
  /** Gives a value. It is dropped if the next value arrives before it is taken. */
  push(value: Value): void;
  end(): void;
  fail(error: Error): void;
}

/**
 * An iterable over the values that callbacks push; only the newest is kept. Each iteration calls `begin`, and at its end
 * the function that `begin` returned. `drop` receives each value that is not taken.
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
            if (outcome !== undefined) ended(); // the iteration has ended during `begin`
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
