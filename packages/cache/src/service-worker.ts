import { readByteRange } from './byte-range';
import type { PrecacheItem, PrecacheOptions } from './default-store';
import { createJournal, type Place } from './kept/journal';
import type { ModelStorage } from './storages/model-storage';
import { cacheStorage } from './storages/cache-storage';
import { opfsStorage } from './storages/opfs';

/** What these helpers use of a service worker's `FetchEvent`. */
export interface FetchEventLike {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

/** What these helpers use of a service worker's `ExtendableMessageEvent`. */
export interface MessageEventLike {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
}

/** Options of {@link serveModels}. */
export interface ServeModelsOptions {
  /** Which addresses may be models; all others are left alone at once. By default those that end as models do. */
  readonly match?: (url: URL) => boolean;
  /** Where files are kept. By default where `createModelStore()` keeps them: the file system and the Cache API. */
  readonly storages?: readonly ModelStorage[];
}

const MODEL_PATH = /\.(onnx|onnx_data|ort|wasm|bin|data|gguf|safetensors|tflite|task)$/i;

/**
 * Makes a listener of `fetch` that answers for the files which the model store has committed, with ranges, `HEAD` and
 * an ETag; what is not kept comes from the network. Answers `true` when it takes the event.
 *
 * Models are verified by the store when they are downloaded and when it reads them; here they are handed out as they are
 * kept.
 */
export function serveModels(options: ServeModelsOptions = {}): (event: FetchEventLike) => boolean {
  const { match = ({ pathname }) => MODEL_PATH.test(pathname) } = options;
  const journals = (options.storages ?? [opfsStorage(), cacheStorage()]).map(createJournal);
  /** Where a file lay when it was last looked for. */
  const known = new Map<string, Place>();

  async function find(url: string): Promise<Place | undefined> {
    const last = known.get(url);
    const record = await last?.journal.find(last.entry.key);
    if (last && record?.state === 'committed' && record.urls.includes(url)) {
      return { journal: last.journal, entry: { key: last.entry.key, record } };
    }
    known.delete(url);
    for (const journal of journals) {
      // One of the two may not be there.
      for (const entry of await journal.list().catch(() => [])) {
        if (entry.record.state !== 'committed' || !entry.record.urls.includes(url)) continue;
        const place = { journal, entry };
        known.set(url, place);
        return place;
      }
    }
    return undefined;
  }

  async function respond(request: Request): Promise<Response> {
    const found = await find(request.url).catch(() => undefined);
    const blob = await found?.journal.blob(found.entry.key, found.entry.record.parts);
    return blob === undefined ? fetch(request) : answer(request, blob, found?.entry.record.sha256 ?? '');
  }

  return (event) => {
    const { method, url, cache } = event.request;
    // Who will have it from the network, as the store itself when it downloads, is not served what is kept.
    if (cache === 'no-store' || cache === 'reload') return false;
    if ((method !== 'GET' && method !== 'HEAD') || !match(new URL(url))) return false;
    event.respondWith(respond(event.request));
    return true;
  };
}

function answer({ method, url, headers }: Request, blob: Blob, sha256: string): Response {
  const etag = `"${sha256}"`;
  const common = {
    etag,
    'accept-ranges': 'bytes',
    // Streaming compilation wants exactly this.
    'content-type': /\.wasm$/i.test(new URL(url).pathname) ? 'application/wasm' : 'application/octet-stream',
    'cross-origin-resource-policy': 'cross-origin',
  };
  if (headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers: common });
  const isCurrent = (headers.get('if-range') ?? etag) === etag;
  const range = readByteRange(isCurrent ? headers.get('range') : null, blob.size);
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...common, 'content-range': `bytes */${blob.size}` },
    });
  }
  const body = range === 'whole' ? blob : blob.slice(range.first, range.last + 1);
  const length = { 'content-length': String(body.size) };
  const content =
    range === 'whole' ? {} : { 'content-range': `bytes ${range.first}-${range.last}/${blob.size}` };
  return new Response(method === 'HEAD' ? null : body, {
    status: range === 'whole' ? 200 : 206,
    headers: { ...common, ...length, ...content },
  });
}

/** What a page asks a service worker for, see `precacheInServiceWorker`. */
export interface PrecacheMessage {
  readonly type: typeof PRECACHE_MESSAGE;
  readonly list: readonly PrecacheItem[];
}

/** The type of {@link PrecacheMessage}. */
export const PRECACHE_MESSAGE = 'hayate:precache';

/**
 * Makes a listener of `message` that fetches the models a page asks for. It holds the service worker awake; when the
 * browser ends it all the same, the next request goes on where this one was. Never part of `install`, which a browser
 * ends after some minutes, and which fails whole. Answers `true` when it takes the event.
 *
 * @param precache - Such as `(list, options) => precacheModels(list, options)`.
 */
export function precacheOnMessage(
  precache: (
    list: readonly PrecacheItem[],
    options: Pick<PrecacheOptions, 'signal' | 'onProgress'>,
  ) => Promise<void>,
): (event: MessageEventLike) => boolean {
  return (event) => {
    const { type, list } = (event.data ?? {}) as Partial<PrecacheMessage>;
    if (type !== PRECACHE_MESSAGE || list === undefined) return false;
    const [port] = event.ports;
    const controller = new AbortController();
    if (port) {
      port.onmessage = () => {
        controller.abort();
      };
    }
    const work = precache(list, {
      signal: controller.signal,
      onProgress: (progress) => port?.postMessage({ progress }),
    }).then(
      () => port?.postMessage({ done: true }),
      (error: unknown) => port?.postMessage({ error: describe(error) }),
    );
    event.waitUntil(work);
    return true;
  };
}

// An error's own fields do not survive the way as they are.
function describe(error: unknown) {
  const { name, message, code, details } = error as Record<string, unknown>;
  return { name, message, code, details };
}

/** Options of {@link isolate}. */
export interface IsolationOptions {
  /** `credentialless` lets pictures of other sites in without their leave, but not in Safari. @defaultValue 'require-corp' */
  readonly embedderPolicy?: 'require-corp' | 'credentialless';
}

/**
 * The response with the headers that isolate a page, for sites whose host cannot set them. A page has them from its
 * second visit on, when the service worker answers for it.
 */
export function isolate(
  response: Response,
  { embedderPolicy = 'require-corp' }: IsolationOptions = {},
): Response {
  // Redirects and errors are the browser's own.
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', embedderPolicy);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

const ISOLATED: ReadonlySet<string> = new Set(['document', 'iframe', 'worker', 'sharedworker']);

/**
 * Makes a listener of `fetch` that isolates pages and workers; all else is left alone, and what fails, fails. Answers
 * `true` when it takes the event.
 */
export function serveIsolated(options: IsolationOptions = {}): (event: FetchEventLike) => boolean {
  return (event) => {
    const { request } = event;
    if (request.mode !== 'navigate' && !ISOLATED.has(request.destination)) return false;
    event.respondWith(fetch(request).then((response) => isolate(response, options)));
    return true;
  };
}
