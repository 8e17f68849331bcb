import { createDeferred, type Deferred } from './deferred';
import { HayateError } from './errors';

/** The results of a stream for one `for await` loop. */
export interface StreamLoop<Result> extends AsyncIterable<Result> {
  /** Hands a result over; resolves when the loop asks for the next, or has ended. At once where nobody iterates. */
  give(result: Result): Promise<void>;
  /** Ends the loop; with an error it throws. */
  end(error?: Error): void;
}

/** Makes the loop of a stream that starts with its first step and stops with its last. */
export function createStreamLoop<Result>(start: () => void, stop: () => void): StreamLoop<Result> {
  interface Loop {
    /** What the loop waits for. */
    asked: Deferred<IteratorResult<Result, undefined>> | undefined;
    /** Told when the body is done with the last result. */
    done: Deferred<void> | undefined;
    /** What ended it while its body was busy; the next step throws it. */
    error: Error | undefined;
  }
  const over = { done: true, value: undefined } as const;
  let loop: Loop | undefined;

  function end(error?: Error): void {
    if (loop === undefined) return;
    const ended = loop;
    loop = undefined;
    ended.done?.resolve();
    if (error === undefined) ended.asked?.resolve(over);
    else if (ended.asked === undefined) ended.error = error;
    else ended.asked.reject(error);
  }

  return {
    async give(result) {
      if (loop?.asked === undefined) return;
      const { asked } = loop;
      loop.asked = undefined;
      loop.done = createDeferred();
      asked.resolve({ done: false, value: result });
      await loop.done.promise;
    },
    end,
    [Symbol.asyncIterator]() {
      if (loop !== undefined) {
        const reason = 'the stream is iterated already';
        throw new HayateError('bad-input', `A second loop cannot start: ${reason}.`, { reason });
      }
      const mine: Loop = (loop = { asked: undefined, done: undefined, error: undefined });
      return {
        next() {
          if (loop !== mine) {
            const { error } = mine;
            mine.error = undefined;
            return error === undefined ? Promise.resolve(over) : Promise.reject(error);
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
          return Promise.resolve(over);
        },
      };
    },
  };
}
