import { HayateError } from '@hayate/core';
import { wrap, type Remote } from 'comlink';
import { PROTOCOL, type HostApi, type RemoteOptions } from './protocol';
import { unpack, type Settled } from './wire';

/** A living worker. */
export interface Lifeline {
  readonly host: Remote<HostApi>;
  /** `call`, or a rejection as soon as the worker is gone. */
  survive<Value>(call: Promise<Value>): Promise<Value>;
  /** Ends the worker; every call that waits rejects with `reason`. */
  end(reason: Error): void;
}

/** Options of {@link startLifeline}. */
export interface LifelineOptions extends RemoteOptions {
  readonly startDeadlineMs: number;
  /** Ends the worker, also while it starts, with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/**
 * Starts a worker and greets it. Comlink alone leaves calls pending for ever when a worker dies; here a death is
 * noticed by error events, by the Web Lock that the worker holds for life, and at the start by a deadline.
 *
 * @throws HayateError `worker-unreachable` with the likely cause.
 */
export async function startLifeline(spawn: () => Worker, options: LifelineOptions): Promise<Lifeline> {
  const { startDeadlineMs, onEnd, signal, ...remote } = options;
  const worker = spawnOrThrow(spawn);
  const host = wrap<HostApi>(worker);
  let ready = false;
  let lost: Error | undefined;
  // Not one promise that all race with: it would keep every result for as long as the worker lives.
  const waiting = new Set<(reason: Error) => void>();

  function survive<Value>(call: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (lost !== undefined) reject(lost);
      waiting.add(reject);
      call.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  const watching = new AbortController();
  function end(reason: Error): void {
    if (lost !== undefined) return;
    lost = reason;
    for (const reject of waiting) reject(reason);
    waiting.clear();
    watching.abort();
    worker.terminate();
    onEnd();
  }

  signal.addEventListener(
    'abort',
    () => {
      end(signal.reason as Error);
    },
    { signal: watching.signal },
  );
  worker.addEventListener('error', (event) => {
    event.preventDefault(); // it is reported to whoever waits
    const reason = event.message || 'its script could not be loaded';
    end(
      ready
        ? crashed(reason)
        : unreachable(
            `${reason}. Is the address right, its MIME type JavaScript, and does the page's CSP allow it (worker-src)?`,
          ),
    );
  });
  worker.addEventListener('messageerror', () => {
    end(crashed('a message could not be read'));
  });
  const timer = setTimeout(() => {
    end(unreachable(`it did not answer within ${startDeadlineMs} ms. Does its file call serveEngine?`));
  }, startDeadlineMs);

  let lock: string | undefined;
  try {
    if (!isSecureContext)
      throw unreachable('the page is not secure. Serve it over https, or from localhost.');
    const name = `hayate-worker-${crypto.randomUUID()}`;
    const hello: Promise<Settled<{ readonly locked: boolean }>> = host.hello(PROTOCOL, remote, name);
    const { locked } = unpack(await survive(hello));
    if (locked) lock = name;
  } catch (error) {
    end(error as Error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  ready = true;
  const onFree = () => {
    end(crashed('it went away'));
  };
  // Rejects when it is aborted: then we have ended the worker ourselves.
  if (lock !== undefined)
    navigator.locks.request(lock, { signal: watching.signal }, onFree).catch(() => undefined);
  return { host, end, survive };
}

function spawnOrThrow(spawn: () => Worker): Worker {
  try {
    return spawn();
  } catch (cause) {
    throw unreachable(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function crashed(reason: string): HayateError<'worker-crashed'> {
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
