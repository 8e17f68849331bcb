import { HayateError } from '@hayate/core';
import { wrap, type Remote } from 'comlink';
import { startDeadline } from './deadline';
import { PROTOCOL, toHostEvent, type Greeting, type HostApi, type HostEvent } from './protocol';
import { unpack, type Settled } from './wire';

/** Why a worker ended: `died` by itself, or `stopped` by us. */
export type EndCause = 'died' | 'stopped';

/** A living worker. */
export interface Lifeline {
  readonly host: Remote<HostApi>;
  /** Aborts when the worker is gone, with the reason. */
  readonly ended: AbortSignal;
  /** How many calls wait for it. */
  readonly waiting: number;
  /** `call`, or a rejection as soon as the worker is gone. */
  survive<Value>(call: Promise<Value>): Promise<Value>;
  /** Hears what the worker tells of a call before it answers; the returned function ends it. */
  listen(call: number, listener: (event: HostEvent) => void): () => void;
  /** Ends the worker; every call that waits rejects with `reason`. */
  end(reason: Error, cause: EndCause): void;
}

/** Options of {@link startLifeline}. */
export interface LifelineOptions extends Omit<Greeting, 'protocol' | 'lock'> {
  readonly startDeadlineMs: number;
  /** Ends the worker, also while it starts, with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onEnd: (reason: Error, cause: EndCause) => void;
}

/**
 * Starts a worker and greets it. Comlink alone leaves calls pending for ever when a worker dies; here a death is
 * noticed by error events, by the Web Lock that the worker holds for life, and at the start by a deadline.
 *
 * @throws HayateError `worker-unreachable` with the likely cause.
 */
export async function startLifeline(spawn: () => Worker, options: LifelineOptions): Promise<Lifeline> {
  const { startDeadlineMs, onEnd, signal, ...greeting } = options;
  signal.throwIfAborted();
  if (!isSecureContext) {
    throw unreachable('the page is not secure. Serve it over https, or from localhost.');
  }
  const worker = spawnOrThrow(spawn);
  const host = wrap<HostApi>(worker);
  const life = new AbortController();
  const listeners = new Map<number, (event: HostEvent) => void>();
  let ready = false;
  // Not one promise that all race with: it would keep every result for as long as the worker lives.
  const waiting = new Set<(reason: Error) => void>();

  function survive<Value>(call: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (life.signal.aborted) {
        reject(life.signal.reason as Error);
        return;
      }
      waiting.add(reject);
      call.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  function end(reason: Error, cause: EndCause): void {
    if (life.signal.aborted) return;
    worker.terminate();
    onEnd(reason, cause);
    for (const reject of waiting) reject(reason);
    waiting.clear();
    listeners.clear();
    life.abort(reason);
  }

  const whileAlive = { signal: life.signal };
  const stop = () => {
    end(signal.reason as Error, 'stopped');
  };
  signal.addEventListener('abort', stop, whileAlive);
  worker.addEventListener(
    'error',
    (event) => {
      event.preventDefault(); // it is reported to whoever waits
      const reason = event.message || 'its script could not be loaded';
      end(ready ? workerCrashed(reason) : unreachable(`${reason}. ${LIKELY_CAUSES}`), 'died');
    },
    whileAlive,
  );
  worker.addEventListener(
    'messageerror',
    () => {
      end(workerCrashed('a message could not be read'), 'died');
    },
    whileAlive,
  );
  worker.addEventListener(
    'message',
    ({ data }) => {
      const event = toHostEvent(data);
      if (event !== undefined) listeners.get(event.call)?.(event);
    },
    whileAlive,
  );
  const stopDeadline = startDeadline(startDeadlineMs, () => {
    end(unreachable(`it did not answer within ${startDeadlineMs} ms. ${LIKELY_CAUSES}`), 'died');
  });

  let lock: string | undefined;
  try {
    const name = `hayate-worker-${crypto.randomUUID()}`;
    const hello: Promise<Settled<{ readonly locked: boolean }>> = host.hello({
      ...greeting,
      protocol: PROTOCOL,
      lock: name,
    });
    const { locked } = unpack(await survive(hello));
    if (locked) lock = name;
  } catch (error) {
    end(error as Error, 'died');
    throw error;
  } finally {
    stopDeadline();
  }
  ready = true;
  if (lock !== undefined) {
    const onFree = () => {
      end(workerCrashed('it went away'), 'died');
    };
    // Rejects when it is aborted: then we have ended the worker ourselves.
    navigator.locks.request(lock, { signal: life.signal }, onFree).catch(() => undefined);
  }
  return {
    host,
    ended: life.signal,
    get waiting() {
      return waiting.size;
    },
    survive,
    listen(call, listener) {
      listeners.set(call, listener);
      return () => listeners.delete(call);
    },
    end,
  };
}

const LIKELY_CAUSES =
  'Is the address right, its MIME type JavaScript, does the page’s CSP allow it (worker-src), ' +
  'and does its file call serveEngine?';

function spawnOrThrow(spawn: () => Worker): Worker {
  try {
    return spawn();
  } catch (cause) {
    throw unreachable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The error for a worker that is gone. */
export function workerCrashed(reason: string): HayateError<'worker-crashed'> {
  return new HayateError('worker-crashed', `The worker died: ${reason}. The next call starts a new one.`, {
    reason,
  });
}

function unreachable(reason: string, cause?: unknown): HayateError<'worker-unreachable'> {
  return new HayateError(
    'worker-unreachable',
    `The worker could not be started: ${reason}`,
    { reason },
    { cause },
  );
}
