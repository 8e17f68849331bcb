import { unlessAborted } from '@hayate/core';
import type { Violations } from './watch-violations';

/** The deadline, signal and violations that every check receives. */
export interface Place {
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
  readonly violations: Violations;
}

/** Waits for `job` until the deadline. Then the job's signal aborts, and the call rejects with a `TimeoutError`. */
export async function within<Value>(
  { deadlineMs, signal }: Place,
  job: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const abort = () => {
    ending.abort(signal?.reason);
  };
  signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => {
    ending.abort(new DOMException(`there was no answer within ${deadlineMs} ms`, 'TimeoutError'));
  }, deadlineMs);
  try {
    return await unlessAborted(job(ending.signal), ending.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Whether the error is the `TimeoutError` of {@link within}. */
export function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
