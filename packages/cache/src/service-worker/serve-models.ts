import { createJournal, type FileLocation } from '../journal/journal';
import { cacheStorage } from '../storages/cache-storage';
import type { ModelStorage } from '../storages/model-storage';
import { opfsStorage } from '../storages/opfs';
import { readByteRange } from './byte-range';
import type { FetchEventLike } from './events';

/** Options of {@link serveModels}. */
export interface ServeModelsOptions {
  /** Which addresses may be models; requests for others are ignored. By default the file extension decides. */
  readonly match?: (url: URL) => boolean;
  /** Where files are stored. By default where `createModelStore()` stores them: OPFS and the Cache API. */
  readonly storages?: readonly ModelStorage[];
}

const MODEL_PATH = /\.(onnx|onnx_data|ort|wasm|bin|data|gguf|safetensors|tflite|task)$/i;

/**
 * Makes a `fetch` listener that serves the files that the model store has committed, with ranges, `HEAD` and an ETag.
 * Files that are not stored come from the network. The listener returns true if it handles the event.
 *
 * The store verifies a file when it downloads it and when it reads it; this listener does not verify it again.
 */
export function serveModels(options: ServeModelsOptions = {}): (event: FetchEventLike) => boolean {
  const { match = ({ pathname }) => MODEL_PATH.test(pathname) } = options;
  const journals = (options.storages ?? [opfsStorage(), cacheStorage()]).map(createJournal);
  /** Where the last lookup of each address found its file. */
  const known = new Map<string, FileLocation>();

  async function find(url: string): Promise<FileLocation | undefined> {
    const last = known.get(url);
    const record = await last?.journal.find(last.entry.key);
    if (last && record?.state === 'committed' && record.urls.includes(url)) {
      return { journal: last.journal, entry: { key: last.entry.key, record } };
    }
    known.delete(url);
    for (const journal of journals) {
      // A browser may lack one of the two storages.
      for (const entry of await journal.list().catch(() => [])) {
        if (entry.record.state !== 'committed' || !entry.record.urls.includes(url)) continue;
        const location = { journal, entry };
        known.set(url, location);
        return location;
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
    // These modes ask for the network's file; the store's own downloads use `no-store`.
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
    // `WebAssembly.compileStreaming` accepts no other type.
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
