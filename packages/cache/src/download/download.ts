import { isHayateError, unlessAborted } from '@hayate/core';
import { corrupt, Interruption, unreachable } from './fetch-errors';
import type { IncomingFile } from './incoming-file';
import type { ReportProgress } from './progress';
import { isOwn, requestRange, type RangeAnswer } from './request-range';
import { backOffMs, pause, type RetryOptions } from './retry';

/** What a download needs beside its address. */
export interface DownloadOptions {
  readonly fetch: typeof fetch;
  /** The length the file must have, when it is known. */
  readonly bytes: number | undefined;
  readonly digestKnown: boolean;
  /** Begin with a request without a range. */
  readonly plain: boolean;
  readonly retry: RetryOptions;
  /** So much makes the tries count from the beginning again. */
  readonly progressBytes: number;
  /** Without a byte for so long, a connection is given up. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

type Body = Extract<RangeAnswer, { readonly kind: 'body' }>;

/** A server whose answers contradict each other more often is given up. */
const RESTARTS = 3;

/**
 * Fetches what `file` lacks of `url`, over as many connections as it takes.
 *
 * @throws HayateError `model-unreachable` (no answer, an HTTP error, a connection that breaks or stalls again and again),
 * `model-corrupt` (a page of HTML, or more bytes than promised); the reason of `signal`.
 */
export async function download(url: string, file: IncomingFile, options: DownloadOptions): Promise<void> {
  const { retry, signal, report } = options;
  let { plain } = options;
  let unanswered = 0;
  let failures = 0;
  let restarts = 0;
  let mark = file.receivedBytes;

  /** To another site, old browsers ask before they send a range; who is refused that gets no answer. */
  const mayRefuseRanges = () => unanswered % 2 === 1 && file.receivedBytes === 0 && !isOwn(url);

  async function attempt(watch: Watch): Promise<boolean> {
    report('connect', file.receivedBytes, options.bytes ?? file.totalBytes);
    const asked = requestRange(url, {
      fetch: options.fetch,
      signal: watch.signal,
      from: file.receivedBytes,
      plain: plain || !url.startsWith('http') || mayRefuseRanges(),
      validator: file.validator,
      totalBytes: file.totalBytes,
      digestKnown: options.digestKnown,
    });
    const answer = await watch.over(asked);
    if (answer.kind === 'complete') return true;
    if (answer.kind === 'restart') {
      if ((restarts += 1) > RESTARTS) {
        throw unreachable(url, undefined, 'the answers of its server contradict each other');
      }
      plain ||= answer.plain;
      await file.reset();
      mark = 0;
      return false;
    }
    return receive(url, file, answer, options, watch);
  }

  for (;;) {
    const watch = createWatch(options.stallMs, signal);
    try {
      if (await attempt(watch)) return;
    } catch (error) {
      signal.throwIfAborted();
      if (isHayateError(error)) throw error;
      await file.recover();
      if (file.receivedBytes < mark || file.receivedBytes - mark >= options.progressBytes) {
        failures = 0;
        mark = file.receivedBytes;
      }
      failures += 1;
      const { status, retryAfterMs, cause = error } = error as Partial<Interruption>;
      const waitMs = retryAfterMs ?? backOffMs(failures, retry);
      if (failures >= (retry.tries ?? 5) || waitMs > (retry.longestMs ?? 30_000)) {
        throw unreachable(url, status, (error as Error).message, cause);
      }
      if (status === undefined) unanswered += 1;
      await pause(waitMs, signal);
    } finally {
      watch.end();
    }
  }
}

/** Reads an answer into the file. Resolves with whether that was the end of it. */
async function receive(
  url: string,
  file: IncomingFile,
  { body, start, totalBytes, wholeEnd, validator }: Body,
  { bytes, report }: DownloadOptions,
  watch: Watch,
): Promise<boolean> {
  // Before anything is awaited: Node ends a body that nobody reads, as if it were whole, when its Response is collected.
  const reader = body.getReader();
  if (start === 0 && file.receivedBytes > 0) await file.reset();
  file.begin(bytes ?? totalBytes, validator);
  const before = file.receivedBytes;
  let skip = before - start;
  try {
    for (;;) {
      const { done, value } = await watch.over(reader.read());
      if (done) break;
      const fresh = value.subarray(skip);
      skip -= value.length - fresh.length;
      await file.append(fresh);
      if (bytes !== undefined && file.receivedBytes > bytes) {
        await file.reset();
        throw corrupt(url, `${bytes} bytes`, `more than ${bytes} bytes`);
      }
      report('download', file.receivedBytes, bytes ?? totalBytes);
    }
  } catch (cause) {
    void reader.cancel().catch(() => undefined);
    if (isHayateError(cause) || cause instanceof Interruption) throw cause;
    throw new Interruption(`the connection broke after ${file.receivedBytes} bytes`, undefined, { cause });
  }
  const rest = totalBytes === undefined ? Infinity : totalBytes - file.receivedBytes;
  if (wholeEnd || rest <= 0) return true;
  // A server may send less than it was asked for, and be asked for the rest.
  if (file.receivedBytes === before) throw new Interruption('the answer was empty');
  return false;
}

type Watch = ReturnType<typeof createWatch>;

/** Watches over a connection: waits for what comes on it, and gives it up when that takes longer than `ms`. */
function createWatch(ms: number, outer: AbortSignal) {
  const stalled = new AbortController();
  const signal = AbortSignal.any([outer, stalled.signal]);
  return {
    signal,
    /** `next`, or a rejection when it does not come. Only the network is timed, and not a slow storage in between. */
    async over<Next>(next: Promise<Next>): Promise<Next> {
      const timer = setTimeout(() => {
        stalled.abort(new Interruption(`nothing came for ${ms} ms`));
      }, ms);
      try {
        return await unlessAborted(next, signal);
      } finally {
        clearTimeout(timer);
      }
    },
    /** Ends what is still open. */
    end() {
      stalled.abort();
    },
  };
}
