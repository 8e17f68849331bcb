import { HayateError, readLocalFile, type GetModelOptions } from '@hayate/core';

type Progress = NonNullable<GetModelOptions['onProgress']>;

/** What a download needs beside its address. */
export interface DownloadOptions {
  readonly fetch: typeof fetch;
  /** The length the file must have, when it is known. */
  readonly bytes: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: Progress;
}

/**
 * Downloads `url` whole, in Node also from `file:` addresses.
 *
 * @throws HayateError `model-unreachable` (no answer, an HTTP error, or a connection that broke),
 * `model-corrupt` (a page of HTML, or another length than promised); `AbortError`.
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, signal, onProgress } = options;
  if (url.startsWith('file:')) return downloadLocally(url, options);
  const response = await request(url, options);
  if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    throw corrupt(url, 'a model', 'a page of HTML; is the address right?');
  }
  // The announced length only serves the progress: of a compressed answer it is another, and the
  // browser itself fails an answer that ends too soon.
  const totalBytes = bytes ?? readLength(response.headers);
  const data = await readBody(url, response, totalBytes, signal, onProgress);
  if (bytes !== undefined && data.length !== bytes)
    throw corrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  return data;
}

async function request(url: string, { fetch, signal }: DownloadOptions): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable(url, undefined, 'there was no answer', cause);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw unreachable(url, response.status, `the server answered ${response.status}`);
  }
  return response;
}

async function readBody(
  url: string,
  response: Response,
  totalBytes: number | undefined,
  signal: AbortSignal,
  onProgress: Progress,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  onProgress({ loadedBytes, totalBytes });
  const reader = (response.body ?? new Blob([]).stream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      loadedBytes += value.length;
      onProgress({ loadedBytes, totalBytes });
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw unreachable(url, response.status, `the connection broke after ${loadedBytes} bytes`, cause);
  }
  const data = new Uint8Array(loadedBytes);
  let offset = 0;
  for (const chunk of chunks) {
    data.set(chunk, offset);
    offset += chunk.length;
  }
  return data;
}

function readLength(headers: Headers): number | undefined {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return Number.isInteger(length) && !headers.has('content-encoding') ? length : undefined;
}

async function downloadLocally(url: string, { signal, bytes, onProgress }: DownloadOptions) {
  const data = await readLocalFile(url, signal).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw unreachable(url, undefined, 'the file could not be read', cause);
  });
  onProgress({ loadedBytes: data.length, totalBytes: data.length });
  if (bytes !== undefined && data.length !== bytes)
    throw corrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  return data;
}

function unreachable(url: string, status: number | undefined, reason: string, cause?: unknown) {
  return new HayateError(
    'model-unreachable',
    `${url} could not be fetched: ${reason}.`,
    { url, status },
    { cause },
  );
}

/** The error for bytes that are not the promised ones. */
export function corrupt(url: string, expected: string, actual: string): HayateError<'model-corrupt'> {
  return new HayateError(
    'model-corrupt',
    `${url} is not what was expected: ${expected}, but got ${actual}.`,
    {
      url,
      expected,
      actual,
    },
  );
}
