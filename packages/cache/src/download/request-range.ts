import { fileCorrupt, fileUnreachable } from '@hayate/core';
import { Interruption } from './interruption';
import { readRetryAfterMs } from './retry';

/** Options of {@link requestRange}. */
export interface RangeRequest {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** The first byte to request. */
  readonly from: number;
  /** Request the whole file, without a range. */
  readonly withoutRange: boolean;
  /** The validator of the answer that delivered the bytes before `from`. */
  readonly validator: string | undefined;
  readonly totalBytes: number | undefined;
  /** Whether a digest will be compared, so that an answer need not tell its range. */
  readonly digestKnown: boolean;
}

/** The meaning of a server's answer. */
export type RangeAnswer =
  /** Bytes from byte `start` on. `endsFile`: the body's end is the file's, whatever length was announced. */
  | {
      readonly kind: 'body';
      readonly body: ReadableStream<Uint8Array>;
      readonly start: number;
      readonly totalBytes: number | undefined;
      readonly endsFile: boolean;
      readonly validator: string | undefined;
    }
  /** The file has all its bytes already. */
  | { readonly kind: 'complete' }
  /** The received bytes do not match the server's file: start again, `withoutRange` or not. */
  | { readonly kind: 'restart'; readonly withoutRange: boolean };

const RETRIED: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Requests a file from byte `from` on. Sends a range even from 0: browsers then ask for no compression, and the answer
 * tells the true length (https://github.com/whatwg/fetch/issues/751).
 *
 * @throws `Interruption` for failures that may pass; HayateError `model-unreachable`, `model-corrupt`.
 */
export async function requestRange(url: string, request: RangeRequest): Promise<RangeAnswer> {
  const response = await send(url, request);
  let answer: RangeAnswer | undefined;
  try {
    return (answer = interpret(url, response, request));
  } finally {
    if (answer?.kind !== 'body') await response.body?.cancel().catch(() => undefined);
  }
}

async function send(url: string, request: RangeRequest): Promise<Response> {
  const { fetch, signal, from, withoutRange, validator } = request;
  const headers: Record<string, string> = {};
  if (!withoutRange) headers['range'] = `bytes=${from}-`;
  // `If-Range` is not CORS-safelisted: to other origins it would need a preflight, which some servers refuse.
  if (!withoutRange && from > 0 && validator !== undefined && isSameOrigin(url))
    headers['if-range'] = validator;
  try {
    // With its HTTP cache, Firefox fails on bodies that are too large for it: https://github.com/hybridgroup/yzma/issues/317
    return await fetch(url, { signal, headers, cache: 'no-store' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Interruption('there was no answer', undefined, { cause });
  }
}

function interpret(url: string, response: Response, request: RangeRequest): RangeAnswer {
  const { status, headers, type } = response;
  if (type === 'opaque' || type === 'opaqueredirect' || status === 0) {
    throw fileUnreachable(url, undefined, 'the answer cannot be read; its server has to allow it by CORS');
  }
  if (status === 416 && !request.withoutRange) return readUnsatisfied(headers, request);
  if (RETRIED.has(status)) {
    throw new Interruption(`the server answered ${status}`, status, undefined, readRetryAfterMs(headers));
  }
  if (status !== 200 && status !== 206) throw fileUnreachable(url, status, `the server answered ${status}`);
  const contentType = headers.get('content-type') ?? '';
  if (/^text\/html\b/i.test(contentType)) {
    throw fileCorrupt(url, 'a model', 'a page of HTML; is the address right?');
  }
  const body = response.body ?? new Blob([]).stream();
  const validator = readValidator(headers);
  const encoded = headers.has('content-encoding');
  const length = encoded ? undefined : readNumber(headers.get('content-length'));
  const again = { kind: 'restart', withoutRange: true } as const;
  if (status === 200) {
    // With a range, Chromium asks for no encoding and does not decode one. Other origins may hide `content-encoding`.
    const mayBeEncoded = encoded || (!request.digestKnown && !isSameOrigin(url));
    if (mayBeEncoded && !request.withoutRange) return again;
    return { kind: 'body', body, start: 0, totalBytes: length, endsFile: true, validator };
  }

  if (request.withoutRange)
    throw fileUnreachable(url, status, 'the server answers a range that nobody asked for');
  if (encoded || /^multipart\//i.test(contentType)) return again;
  const known = request.validator !== undefined && validator !== undefined;
  const changed = known ? validator !== request.validator : request.from > 0 && !request.digestKnown;
  if (changed) return { kind: 'restart', withoutRange: false };
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(headers.get('content-range')?.trim() ?? '');
  if (range === null) {
    // Other origins seldom expose `content-range`. Only a digest can then tell that the range is the requested one.
    if (headers.has('content-range') || !request.digestKnown) return again;
    const totalBytes = length && request.from + length;
    return { kind: 'body', body, start: request.from, totalBytes, endsFile: true, validator };
  }
  const [start, end, totalBytes] = [Number(range[1]), Number(range[2]), readNumber(range[3] ?? null)];
  if (start > request.from || end < start || (totalBytes !== undefined && end >= totalBytes)) return again;
  const otherTotal = (totalBytes ?? request.totalBytes) !== (request.totalBytes ?? totalBytes);
  if (request.from > 0 && otherTotal) return { kind: 'restart', withoutRange: false };
  return { kind: 'body', body, start, totalBytes, endsFile: false, validator };
}

/** 416 is also the answer to a request past the last byte, and for the first byte of an empty file. */
function readUnsatisfied(headers: Headers, { from }: RangeRequest): RangeAnswer {
  const length = /^bytes \*\/(\d+)$/i.exec(headers.get('content-range')?.trim() ?? '')?.[1];
  if (length !== undefined && Number(length) === from) return { kind: 'complete' };
  return { kind: 'restart', withoutRange: true };
}

/** A strong ETag, or else `last-modified`, which scripts may also read from other origins. */
function readValidator(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  return (etag?.startsWith('"') ? etag : undefined) ?? headers.get('last-modified') ?? undefined;
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether headers can be sent without a CORS preflight: to the same origin, or outside of a browser. */
export function isSameOrigin(url: string): boolean {
  return typeof location === 'undefined' || new URL(url).origin === location.origin;
}
