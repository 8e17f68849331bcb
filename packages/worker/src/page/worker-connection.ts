import { HayateError } from '@hayate/core';
import { wrap, type Remote } from 'comlink';
import { startDeadline } from '../engine/deadline';
import { PROTOCOL, type HostApi, type HostEvent, type InitOptions } from '../wire/protocol';
import { unpack, type Settled } from '../wire/settled';

/** Why a worker ended: it `died` by itself, or the page has `stopped` it. */
export type EndCause = 'died' | 'stopped';

/** How a call is aborted, and how its events are received. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Called on abort; by default the worker is told to end the call. The call settles when the worker has answered. */
  readonly onAbort?: (call: number) => void;
  /** Receives the call's events until its answer. */
  readonly onEvent?: (event: HostEvent) => void;
}

/** The connection to a running worker. */
export interface WorkerConnection {
  /** The worker's API, for calls whose answer is not awaited. */
  readonly host: Remote<HostApi>;
  /** Aborts, with the reason, when the worker is gone. */
  readonly ended: AbortSignal;
  /** The number of pending calls. */
  readonly waiting: number;
  /** Calls the worker. Rejects as soon as the worker is gone. */
  call<Value>(
    make: (host: Remote<HostApi>, call: number) => Promise<Settled<Value>>,
    options: CallOptions,
  ): Promise<Value>;
  /** Resolves as `promise` does, but rejects as soon as the worker is gone. */
  orEnd<Value>(promise: Promise<Value>): Promise<Value>;
  /** Ends the worker. All pending calls reject with `reason`. */
  end(reason: Error, cause: EndCause): void;
}

/** What the worker is told at its start, and how its life is limited and watched. */
export interface WorkerConnectionOptions extends Omit<InitOptions, 'protocol' | 'lock'> {
  readonly startDeadlineMs: number;
  /** An abort ends the worker, also while it starts, with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onEnd: (reason: Error, cause: EndCause) => void;
}

/**
 * Starts a worker and initialises it. Comlink alone leaves calls pending for ever when a worker dies; here a death is
 * noticed by error events, by the Web Lock that the worker holds for life, and at the start by a deadline.
 *
 * @throws HayateError `worker-unreachable` with the likely cause.
 */
export async function connectWorker(
  spawn: () => Worker,
  { startDeadlineMs, onEnd, signal, ...init }: WorkerConnectionOptions,
): Promise<WorkerConnection> {
  signal.throwIfAborted();
  if (!isSecureContext) {
    throw unreachable('the page is not secure. Serve it over https, or from localhost.');
  }
  const worker = spawnOrThrow(spawn);
  const host = wrap<HostApi>(worker);
  const life = new AbortController();
  const listeners = new Map<number, (event: HostEvent) => void>();
  let ready = false;
  let lastCall = 0;
  // Racing each call against one promise would keep every result in memory for as long as the worker runs.
  const waiting = new Set<(reason: Error) => void>();

  function orEnd<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (life.signal.aborted) {
        reject(life.signal.reason as Error);
        return;
      }
      waiting.add(reject);
      promise.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  async function call<Value>(
    make: (remote: Remote<HostApi>, number: number) => Promise<Settled<Value>>,
    { signal: stop, onAbort, onEvent }: CallOptions,
  ): Promise<Value> {
    stop.throwIfAborted();
    life.signal.throwIfAborted(); // a call to a dead worker would never settle
    const number = ++lastCall;
    if (onEvent) listeners.set(number, onEvent);
    const abort = () => {
      if (onAbort) onAbort(number);
      else void host.abort(number);
    };
    stop.addEventListener('abort', abort, { once: true });
    try {
      return unpack(await orEnd(make(host, number)));
    } catch (error) {
      throw toCallError(error);
    } finally {
      stop.removeEventListener('abort', abort);
      listeners.delete(number);
    }
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

  function watch(): void {
    const whileAlive = { signal: life.signal };
    const stop = () => {
      end(signal.reason as Error, 'stopped');
    };
    const onError = (event: ErrorEvent) => {
      event.preventDefault(); // pending calls reject with the error instead
      const reason = event.message || 'its script could not be loaded';
      end(ready ? workerCrashed(reason) : unreachable(`${reason}. ${LIKELY_CAUSES}`), 'died');
    };
    const onMessageError = () => {
      end(workerCrashed('a message could not be read'), 'died');
    };
    const onMessage = ({ data }: MessageEvent) => {
      const event = (data ?? {}) as Partial<HostEvent>;
      if (event.hayate !== undefined && event.call !== undefined)
        listeners.get(event.call)?.(event as HostEvent);
    };
    signal.addEventListener('abort', stop, whileAlive);
    worker.addEventListener('error', onError, whileAlive);
    worker.addEventListener('messageerror', onMessageError, whileAlive);
    worker.addEventListener('message', onMessage, whileAlive);
  }

  /** Resolves with the name of the Web Lock that the worker holds; undefined if it could not take the lock. */
  async function initialise(): Promise<string | undefined> {
    const deadline = startDeadline(startDeadlineMs, () => {
      end(unreachable(`it did not answer within ${startDeadlineMs} ms. ${LIKELY_CAUSES}`), 'died');
    });
    try {
      const lock = `hayate-worker-${crypto.randomUUID()}`;
      const { locked } = unpack(
        await orEnd<Settled<{ readonly locked: boolean }>>(host.init({ ...init, protocol: PROTOCOL, lock })),
      );
      return locked ? lock : undefined;
    } catch (error) {
      end(error as Error, 'died');
      throw error;
    } finally {
      deadline.stop();
    }
  }

  watch();
  const lock = await initialise();
  ready = true;
  if (lock !== undefined) {
    const onFree = () => {
      end(workerCrashed('it went away'), 'died');
    };
    // Rejects when the page itself has ended the worker.
    navigator.locks.request(lock, { signal: life.signal }, onFree).catch(() => undefined);
  }
  return {
    host,
    ended: life.signal,
    get waiting() {
      return waiting.size;
    },
    call,
    orEnd,
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

/** Converts the errors that Comlink and the browser throw for a value that cannot be sent. */
function toCallError(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'DataCloneError') {
    const reason =
      'a picture of another origin needs the "crossorigin" attribute, memory of WebAssembly cannot be given away, ' +
      'and a config and options must be plain data';
    const message = `It cannot be sent to the worker: ${reason}.`;
    return new HayateError('bad-input', message, { reason }, { cause: error });
  }
  if (error instanceof TypeError && error.message === 'Unserializable return value') {
    const reason = 'the pipeline gave a result that cannot be sent to the page; it must be plain data';
    return new HayateError('internal', `The result is lost: ${reason}.`, { reason }, { cause: error });
  }
  return error;
}
