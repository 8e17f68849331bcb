/** A promise with its `resolve` and `reject`, as `Promise.withResolvers` gives; Node 20 and older browsers lack that. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(reason: unknown): void;
}

/** Creates a promise and the functions that settle it. */
export function createDeferred<Value = void>(): Deferred<Value> {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Runs jobs one at a time, in order. A job that fails does not stop those after it. */
export function createSerial(): <Value>(job: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next;
  };
}

/** Resolves as `promise` does, but rejects with the signal's reason as soon as the signal aborts. */
export function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

/** Calls a listener. If it throws, the error goes to `reportError`, and the caller goes on. */
export function notify<Parameters extends readonly unknown[]>(
  listener: (...parameters: Parameters) => void,
  ...parameters: Parameters
): void {
  try {
    listener(...parameters);
  } catch (error) {
    reportThrown(error);
  }
}

/** Reports what a listener has thrown, as the browser does for its own listeners. */
export function reportThrown(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}
