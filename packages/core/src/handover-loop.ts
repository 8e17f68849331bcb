import { createDeferred, type Deferred } from './async';
import { HayateError } from './errors';

/** An iterable that hands values, one by one, to one `for await` loop at a time. */
export interface HandoverLoop<Value> extends AsyncIterable<Value> {
  /** Gives a value to the loop. Resolves when the loop asks for the next value or has ended; at once if there is no loop. */
  give(value: Value): Promise<void>;
  /** Ends the loop. With an error, the loop throws it. */
  end(error?: Error): void;
}

interface Loop<Value> {
  /** Resolved with the value that the loop waits for. */
  asked: Deferred<IteratorResult<Value, undefined>> | undefined;
  /** Resolved when the loop's body is done with the last value. */
  done: Deferred<void> | undefined;
  /** What ended the loop while its body was busy; the next step throws it. */
  error: Error | undefined;
}

const OVER = { done: true, value: undefined } as const;

/** Creates a {@link HandoverLoop}. Each step of a loop calls `start`, which must be idempotent; leaving the loop calls `stop`. */
export function createHandoverLoop<Value>(start: () => void, stop: () => void): HandoverLoop<Value> {
  let loop: Loop<Value> | undefined;

  function end(error?: Error): void {
    if (loop === undefined) return;
    const ended = loop;
    loop = undefined;
    ended.done?.resolve();
    if (error === undefined) ended.asked?.resolve(OVER);
    else if (ended.asked === undefined) ended.error = error;
    else ended.asked.reject(error);
  }

  return {
    async give(value) {
      if (loop?.asked === undefined) return;
      const { asked } = loop;
      loop.asked = undefined;
      loop.done = createDeferred();
      asked.resolve({ done: false, value });
      await loop.done.promise;
    },
    end,
    [Symbol.asyncIterator]() {
      if (loop !== undefined) {
        const reason = 'it is iterated already';
        throw new HayateError('bad-input', `A second loop cannot start: ${reason}.`, { reason });
      }
      const mine: Loop<Value> = (loop = { asked: undefined, done: undefined, error: undefined });
      return {
        next() {
          if (loop !== mine) {
            const { error } = mine;
            mine.error = undefined;
            return error === undefined ? Promise.resolve(OVER) : Promise.reject(error);
          }
          mine.done?.resolve();
          const asked = (mine.asked ??= createDeferred());
          start();
          return asked.promise;
        },
        return() {
          if (loop === mine) {
            end(); // `stop` does nothing before the first step
            stop();
          }
          return Promise.resolve(OVER);
        },
      };
    },
  };
}
