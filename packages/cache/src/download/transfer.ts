import { fileCorrupt, fileUnreachable, isHayateError } from '@hayate/core';
import { Interruption } from './interruption';
import type { IncomingFile } from './incoming-file';
import type { ReportProgress } from './progress';
import { isSameOrigin, requestRange, type RangeAnswer } from './request-range';
import { backOffMs, pause, type RetryOptions } from './retry';
import { createStallWatch, type StallWatch } from './stall-watch';

/** Options of {@link transfer}. */
export interface TransferOptions {
  readonly fetch: typeof fetch;
  /** The length the file must have, if it is known. */
  readonly bytes: number | undefined;
  readonly digestKnown: boolean;
  /** Begin with a request without a range. */
  readonly withoutRange: boolean;
  readonly retry: RetryOptions;
  /** After this many bytes, the tries are counted from the beginning again. */
  readonly progressBytes: number;
  /** A connection that delivers nothing for this long is closed. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

type Body = Extract<RangeAnswer, { readonly kind: 'body' }>;

/** The most times that a transfer starts again because a server's answers contradict each other. */
const RESTARTS = 3;

/**
 * Downloads the bytes that `file` lacks, over as many connections as it takes.
 *
 * @throws HayateError `model-unreachable` (no answer, an HTTP error, a connection that breaks or stalls again and again),
 * `model-corrupt` (a page of HTML, or more bytes than promised); the reason of `signal`.
 */
export async function transfer(url: string, file: IncomingFile, options: TransferOptions): Promise<void> {
  const { retry, signal, report } = options;
  let { withoutRange } = options;
  let unanswered = 0;
  let failures = 0;
  let restarts = 0;
  let mark = file.receivedBytes;

  /**
   * In old browsers, a range header to another origin needs a CORS preflight; if that preflight is refused, `fetch`
   * rejects. So every second request after a failure has no range.
   */
  const mayBeRefused = () => unanswered % 2 === 1 && file.receivedBytes === 0 && !isSameOrigin(url);

  /** Uses one connection. Resolves with whether the file is complete. */
  async function attempt(watch: StallWatch): Promise<boolean> {
    report('connect', file.receivedBytes, options.bytes ?? file.totalBytes);
    const request = requestRange(url, {
      fetch: options.fetch,
      signal: watch.signal,
      from: file.receivedBytes,
      withoutRange: withoutRange || !url.startsWith('http') || mayBeRefused(),
      validator: file.validator,
      totalBytes: file.totalBytes,
      digestKnown: options.digestKnown,
    });
    const answer = await watch.over(request);
    if (answer.kind === 'complete') return true;
    if (answer.kind === 'restart') {
      if ((restarts += 1) > RESTARTS) {
        throw fileUnreachable(url, undefined, 'the answers of its server contradict each other');
      }
      withoutRange ||= answer.withoutRange;
      await file.reset();
      mark = 0;
      return false;
    }
    return readBody(url, file, answer, options, watch);
  }

  for (;;) {
    const watch = createStallWatch(options.stallMs, signal);
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
        throw fileUnreachable(url, status, (error as Error).message, cause);
      }
      if (status === undefined) unanswered += 1;
      await pause(waitMs, signal);
    } finally {
      watch.end();
    }
  }
}

/** Appends an answer's body to the file. Resolves with whether the file is complete. */
async function readBody(
  url: string,
  file: IncomingFile,
  { body, start, totalBytes, endsFile, validator }: Body,
  { bytes, report }: TransferOptions,
  watch: StallWatch,
): Promise<boolean> {
  // Take the reader before the first `await`: if nobody reads the body and its Response is garbage-collected, Node ends
  // the body early, as if it were complete.
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
        throw fileCorrupt(url, `${bytes} bytes`, `more than ${bytes} bytes`);
      }
      report('download', file.receivedBytes, bytes ?? totalBytes);
    }
  } catch (cause) {
    void reader.cancel().catch(() => undefined);
    if (isHayateError(cause) || cause instanceof Interruption) throw cause;
    throw new Interruption(`the connection broke after ${file.receivedBytes} bytes`, undefined, { cause });
  }
  const rest = totalBytes === undefined ? Infinity : totalBytes - file.receivedBytes;
  if (endsFile || rest <= 0) return true;
  // A server may send less than the range that was requested; the next request asks for the rest.
  if (file.receivedBytes === before) throw new Interruption('the answer was empty');
  return false;
}
