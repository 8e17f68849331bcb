import { corrupt, Interruption, unreachable } from './fetch-errors';
import { readRetryAfterMs } from './retry';

/** What to ask a server for. */
export interface RangeRequest {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  /** The first byte that is wanted. */
  readonly from: number;
  /** Ask for the whole file, without a range. */
  readonly plain: boolean;
  /** What the server said of the bytes before `from`. */
  readonly validator: string | undefined;
  readonly totalBytes: number | undefined;
  /** Whether a digest will decide, so that an answer may hide where it begins. */
  readonly digestKnown: boolean;
}

/** What to make of a server's answer. */
export type RangeAnswer =
  /** Bytes, the first of which is number `start`. `wholeEnd`: they end the file, whatever was announced. */
  | {
      readonly kind: 'body';
      readonly body: ReadableStream<Uint8Array>;
      readonly start: number;
      readonly totalBytes: number | undefined;
      readonly wholeEnd: boolean;
      readonly validator: string | undefined;
    }
  /** All bytes are there already. */
  | { readonly kind: 'complete' }
  /** What is there does not fit what the server has: begin anew, and perhaps without a range. */
  | { readonly kind: 'restart'; readonly plain: boolean };

const RETRIED: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks for a file from a byte on. Begins with a range even from 0: browsers then ask for no compression, and the answer
 * tells the true length (https://github.com/whatwg/fetch/issues/751).
 *
 * Throws `Interruption` for what may pass, HayateError `model-unreachable`, `model-corrupt`.
 */
export async function requestRange(url: string, request: RangeRequest): Promise<RangeAnswer> {
  const response = await ask(url, request);
  let answer: RangeAnswer | undefined;
  try {
    return (answer = read(url, response, request));
  } finally {
    if (answer?.kind !== 'body') await response.body?.cancel().catch(() => undefined);
  }
}

async function ask(url: string, request: RangeRequest): Promise<Response> {
  const { fetch, signal, from, plain, validator } = request;
  const headers: Record<string, string> = {};
  if (!plain) headers['range'] = `bytes=${from}-`;
  // `If-Range` is not safelisted: to other sites it would need a preflight, which some refuse.
  if (!plain && from > 0 && validator !== undefined && isOwn(url)) headers['if-range'] = validator;
  try {
    // Firefox fails large bodies that outgrow its HTTP cache: https://github.com/hybridgroup/yzma/issues/317
    return await fetch(url, { signal, headers, cache: 'no-store' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Interruption('there was no answer', undefined, { cause });
  }
}

function read(url: string, response: Response, request: RangeRequest): RangeAnswer {
  const { status, headers, type } = response;
  if (type === 'opaque' || type === 'opaqueredirect' || status === 0) {
    throw unreachable(url, undefined, 'the answer cannot be read; its server has to allow it by CORS');
  }
  if (status === 416 && !request.plain) return readUnsatisfied(headers, request);
  if (RETRIED.has(status)) {
    throw new Interruption(`the server answered ${status}`, status, undefined, readRetryAfterMs(headers));
  }
  if (status !== 200 && status !== 206) throw unreachable(url, status, `the server answered ${status}`);
  const contentType = headers.get('content-type') ?? '';
  if (/^text\/html\b/i.test(contentType)) {
    throw corrupt(url, 'a model', 'a page of HTML; is the address right?');
  }
  const body = response.body ?? new Blob([]).stream();
  const validator = readValidator(headers);
  const encoded = headers.has('content-encoding');
  const length = encoded ? undefined : readNumber(headers.get('content-length'));
  const again = { kind: 'restart', plain: true } as const;
  if (status === 200) {
    // Chromium does not decode what it did not ask for, and with a range it asks for no encoding. Other sites may hide it.
    const mayBeEncoded = encoded || (!request.digestKnown && !isOwn(url));
    if (mayBeEncoded && !request.plain) return again;
    return { kind: 'body', body, start: 0, totalBytes: length, wholeEnd: true, validator };
  }

  if (request.plain) throw unreachable(url, status, 'the server answers a range that nobody asked for');
  if (encoded || /^multipart\//i.test(contentType)) return again;
  const known = request.validator !== undefined && validator !== undefined;
  const changed = known ? validator !== request.validator : request.from > 0 && !request.digestKnown;
  if (changed) return { kind: 'restart', plain: false };
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(headers.get('content-range')?.trim() ?? '');
  if (range === null) {
    // Servers of other sites seldom let it be read. Only a digest can tell then that the range is the one asked for.
    if (headers.has('content-range') || !request.digestKnown) return again;
    const totalBytes = length && request.from + length;
    return { kind: 'body', body, start: request.from, totalBytes, wholeEnd: true, validator };
  }
  const [start, end, totalBytes] = [Number(range[1]), Number(range[2]), readNumber(range[3] ?? null)];
  if (start > request.from || end < start || (totalBytes !== undefined && end >= totalBytes)) return again;
  const otherTotal = (totalBytes ?? request.totalBytes) !== (request.totalBytes ?? totalBytes);
  if (request.from > 0 && otherTotal) return { kind: 'restart', plain: false };
  return { kind: 'body', body, start, totalBytes, wholeEnd: false, validator };
}

/** 416 also answers those who have all bytes, and those who ask for the first byte of an empty file. */
function readUnsatisfied(headers: Headers, { from }: RangeRequest): RangeAnswer {
  const length = /^bytes \*\/(\d+)$/i.exec(headers.get('content-range')?.trim() ?? '')?.[1];
  if (length !== undefined && Number(length) === from) return { kind: 'complete' };
  return { kind: 'restart', plain: true };
}

/** Strong ETags, or else the time of the last change, which answers of other sites may show too. */
function readValidator(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  return (etag?.startsWith('"') ? etag : undefined) ?? headers.get('last-modified') ?? undefined;
}

function readNumber(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Whether headers can be sent without a preflight: to one's own site, and from where there is none. */
export function isOwn(url: string): boolean {
  return typeof location === 'undefined' || new URL(url).origin === location.origin;
}
