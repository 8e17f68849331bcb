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
  }
  const over = { done: true, value: undefined } as const;
  let loop: Loop | undefined;

  return {
    async give(result) {
      if (loop?.asked === undefined) return;
      const { asked } = loop;
      loop.asked = undefined;
      loop.done = createDeferred();
      asked.resolve({ done: false, value: result });
      await loop.done.promise;
    },
    end(error) {
      const { asked, done } = loop ?? {};
      loop = undefined;
      done?.resolve();
      if (error === undefined) asked?.resolve(over);
      else asked?.reject(error);
    },
    [Symbol.asyncIterator]() {
      if (loop !== undefined) {
        const reason = 'the stream is iterated already';
        throw new HayateError('bad-input', `A second loop cannot start: ${reason}.`, { reason });
      }
      const mine: Loop = (loop = { asked: undefined, done: undefined });
      return {
        next() {
          if (loop !== mine) return Promise.resolve(over);
          mine.done?.resolve();
          const asked = (mine.asked ??= createDeferred());
          start();
          return asked.promise;
        },
        return() {
          if (loop === mine) stop();
          return Promise.resolve(over);
        },
      };
    },
  };
}
