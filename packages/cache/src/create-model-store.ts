import { HayateError, isHayateError, unlessAborted, tell } from '@hayate/core';
import type { GetModelOptions, ModelStore, StoredModel } from '@hayate/core';
import { sha256Hex } from './digest';
import { corrupt, download } from './download';
import type { ModelStorage } from './model-storage';
import { cacheStorage } from './storages/cache-storage';
import { memoryStorage } from './storages/memory';

/** Options of {@link createModelStore}. */
export interface ModelStoreOptions {
  /** Where files are kept. By default the Cache API, or memory where there is none. */
  readonly storage?: ModelStorage;
  readonly fetch?: typeof fetch;
  /** Told when the platform refuses to keep a file; the bytes are still handed out. */
  readonly onStorageRefused?: (error: HayateError<'storage-refused'>) => void;
}

type OnProgress = NonNullable<GetModelOptions['onProgress']>;

/** One download that all who ask for the same file wait for. */
interface Flight {
  readonly promise: Promise<StoredModel>;
  readonly controller: AbortController;
  readonly listeners: Set<OnProgress>;
  waiting: number;
}

/**
 * Makes a model store: each file is fetched once, verified by its SHA-256 before it is used and
 * again when it is read back, and kept. It does nothing until it is asked for a file.
 */
export function createModelStore(options: ModelStoreOptions = {}): ModelStore {
  const { onStorageRefused } = options;
  const storage = options.storage ?? (hasCaches() ? cacheStorage() : memoryStorage());
  // What the storage refuses lives here, so that nobody downloads it twice on one page.
  const overflow = memoryStorage();
  const flights = new Map<string, Flight>();

  async function fromStorage(
    url: string,
    { sha256, bytes }: GetModelOptions,
  ): Promise<StoredModel | undefined> {
    for (const place of [overflow, storage]) {
      const file = await place.read(url).catch(refusal('read'));
      if (file === undefined) continue;
      const actual = await sha256Hex(file.data);
      // Bytes that changed at rest, or an older revision at the same address: fetch anew.
      const fits =
        actual === file.sha256 && actual === (sha256 ?? actual) && file.bytes === (bytes ?? file.bytes);
      if (fits) {
        return { bytes: file.data, sha256: actual, persisted: place.persistent, from: 'storage' };
      }
      await place.delete(url).catch(refusal('delete'));
    }
    return undefined;
  }

  async function fromNetwork(
    url: string,
    { sha256, bytes, onVerified }: GetModelOptions,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    const fetch = options.fetch ?? globalThis.fetch;
    const data = await download(url, { fetch, bytes, signal, onProgress });
    const actual = await sha256Hex(data);
    if (sha256 !== undefined && actual !== sha256)
      throw corrupt(url, `SHA-256 ${sha256}`, `SHA-256 ${actual}`);
    signal.throwIfAborted();
    const file = { url, data, bytes: data.length, sha256: actual, storedAt: Date.now() };
    if (onVerified) tell(onVerified, data);
    let { persistent: persisted } = storage;
    try {
      // What lies in the file system already is not kept a second time.
      if (!url.startsWith('file:')) await storage.write(file);
    } catch (cause) {
      refusal('store')(cause);
      persisted = false;
      await overflow.write(file);
    }
    return { bytes: data, sha256: actual, persisted, from: 'network' } as const;
  }

  function refusal(action: 'read' | 'store' | 'delete') {
    return (cause: unknown): undefined => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `The browser refused to ${action} the model: ${reason}`;
      onStorageRefused?.(new HayateError('storage-refused', message, { reason }, { cause }));
    };
  }

  async function fetchOrRead(
    url: string,
    request: GetModelOptions,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    if (!request.revalidate) {
      return (await fromStorage(url, request)) ?? fromNetwork(url, request, signal, onProgress);
    }
    try {
      return await fromNetwork(url, request, signal, onProgress);
    } catch (error) {
      if (!isHayateError(error) || error.code !== 'model-unreachable') throw error;
      const stored = await fromStorage(url, request);
      if (stored === undefined) throw error;
      return stored;
    }
  }

  function start(key: string, url: string, request: GetModelOptions): Flight {
    const controller = new AbortController();
    const listeners = new Set<OnProgress>();
    const tellAll: OnProgress = (progress) => {
      for (const listener of listeners) tell(listener, progress);
    };
    const promise = fetchOrRead(url, request, controller.signal, tellAll);
    const flight: Flight = { promise, controller, listeners, waiting: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    promise.then(land, land);
    return flight;
  }

  return {
    async getModel(address, request = {}) {
      const url = absolute(address);
      const { signal, onProgress } = request;
      signal?.throwIfAborted();
      const expected = { ...request, ...(request.sha256 && { sha256: request.sha256.toLowerCase() }) };
      const key = [url, expected.sha256, expected.bytes, expected.revalidate].join(' ');
      const joined = flights.get(key);
      const flight = joined ?? start(key, url, expected);
      flight.waiting += 1;
      if (onProgress) flight.listeners.add(onProgress);
      try {
        const model = await unlessAborted(flight.promise, signal);
        // Each caller's bytes are its own, to transfer or to change.
        return joined ? { ...model, bytes: model.bytes.slice() } : model;
      } finally {
        if (onProgress) flight.listeners.delete(onProgress);
        flight.waiting -= 1;
        if (flight.waiting === 0) {
          // Nobody waits any more. Forget it at once, so that the next call does not join what is ending.
          flight.controller.abort();
          if (flights.get(key) === flight) flights.delete(key);
        }
      }
    },

    async has(address) {
      const url = absolute(address);
      const entries = await Promise.all([storage.list(), overflow.list()]);
      return entries.flat().some((entry) => entry.url === url);
    },

    async delete(address) {
      const url = absolute(address);
      const deleted = await Promise.all([storage.delete(url), overflow.delete(url)]);
      return deleted.includes(true);
    },

    async clear() {
      for (const place of [storage, overflow]) {
        await Promise.all((await place.list()).map(({ url }) => place.delete(url)));
      }
    },

    async list() {
      return (await Promise.all([storage.list(), overflow.list()])).flat();
    },
  };
}

// Reading `caches` throws in a sandboxed page.
function hasCaches(): boolean {
  try {
    return typeof caches !== 'undefined';
  } catch {
    return false;
  }
}

function absolute(address: string | URL): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    return new URL(address, base).href;
  } catch (cause) {
    const reason = `"${String(address)}" is not an address`;
    throw new HayateError('bad-input', `The model cannot be fetched: ${reason}.`, { reason }, { cause });
  }
}
