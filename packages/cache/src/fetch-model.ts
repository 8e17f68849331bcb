import {
  HayateError,
  isHayateError,
  readLocalFile,
  tell,
  type GetModelOptions,
  type StoredModel,
} from '@hayate/core';
import { readBlob, sha256Hex, sha256OfBlob } from './digest';
import { download } from './download';
import { corrupt, unreachable } from './fetch-errors';
import { createIncomingFile, type IncomingFile } from './incoming-file';
import { bytesOf } from './journal';
import { withLock } from './lock';
import { createPartWriter, type Place } from './part-writer';
import { dropUrl, findCommitted, findPartial, noteUrl, type Places } from './places';
import { createProgress, type OnProgress } from './progress';
import type { RetryOptions } from './retry';

/** How a file is handed out. */
export type Form = 'bytes' | 'blob';

/** A file in the form that was asked for. */
export interface Fetched extends Omit<StoredModel, 'bytes'> {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly blob?: Blob;
}

/** What is asked for, with nothing left open. */
export interface FetchRequest {
  readonly url: string;
  readonly sha256: string | undefined;
  readonly bytes: number | undefined;
  readonly revalidate: boolean;
  readonly form: Form;
  readonly onVerified: GetModelOptions['onVerified'] | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

interface FetchModelOptions {
  readonly places: () => Promise<Places>;
  readonly fetch?: typeof fetch;
  readonly retry?: RetryOptions;
  readonly stallMs?: number;
  readonly checkpointBytes?: number;
  readonly onRefused: (cause: unknown, action: 'read' | 'store' | 'delete') => void;
}

/** Makes what gets a file from where it is kept, or else from the network. */
export function createFetchModel(options: FetchModelOptions) {
  const { onRefused, retry = {}, stallMs = 30_000, checkpointBytes = 8 * 2 ** 20 } = options;
  const onReadRefused = (cause: unknown) => {
    onRefused(cause, 'read');
  };

  /** What is kept, verified. What is found damaged is removed. */
  async function fromStorage(places: Places, request: FetchRequest): Promise<Fetched | undefined> {
    for (const place of await findCommitted(places, request, onReadRefused)) {
      const size = bytesOf(place.entry.record);
      if (request.bytes !== undefined && request.bytes !== size) {
        // The file at this address may be another by now; the one of this digest is not.
        if (request.sha256 === undefined) continue;
        throw corrupt(request.url, `${request.bytes} bytes`, `${size} bytes`);
      }
      const kept = await open(place, request.form);
      if (kept) {
        await noteUrl(places, place, request.url).catch(onReadRefused);
        return { ...kept, from: 'storage' };
      }
      await place.journal.remove(place.entry.key).catch((cause: unknown) => {
        onRefused(cause, 'delete');
      });
    }
    return undefined;
  }

  /** A kept file, verified unless `trusted`. Undefined where it is not what its record says. */
  async function open(
    { journal, entry }: Place,
    form: Form,
    trusted = false,
  ): Promise<Omit<Fetched, 'from'> | undefined> {
    const { sha256 } = entry.record;
    const room = form === 'bytes' ? allocate(bytesOf(entry.record)) : undefined;
    try {
      const blob = await journal.blob(entry.key, entry.record.parts);
      if (blob === undefined || sha256 === undefined) return undefined;
      const about = { sha256, persisted: journal.storage.persistent };
      if (room) await readBlob(blob, room);
      const actual = trusted ? sha256 : await (room ? sha256Hex(room) : sha256OfBlob(blob));
      return actual === sha256 ? { ...about, ...(room ? { bytes: room } : { blob }) } : undefined;
    } catch (cause) {
      onReadRefused(cause);
      return undefined;
    }
  }

  async function fromNetwork(places: Places, request: FetchRequest, tries: RetryOptions): Promise<Fetched> {
    const { url, sha256 } = request;
    const left = await findPartial(places.writable, request).catch(onReadRefused);
    const key = sha256 ?? left?.key ?? randomKey();
    const writer = createPartWriter(key, places.writable, places.memory, (cause) => {
      onRefused(cause, 'store');
    });
    const urls = [...new Set([...(left?.record.urls ?? []), url])];
    const gather = request.form === 'bytes';
    const partLength = Math.max(1, Math.ceil(checkpointBytes / 2));
    const file = await createIncomingFile({ urls, sha256, writer, partLength, gather }, left?.record);
    try {
      const first = await receive(places, file, request, tries, false);
      if (typeof first !== 'string') return first;
      // Damaged on the way, or where its beginning was kept: once more, whole.
      await file.reset();
      const second = await receive(places, file, request, tries, true);
      if (typeof second !== 'string') return second;
      await file.reset();
      throw corrupt(url, sha256 === undefined ? 'what was received' : `SHA-256 ${sha256}`, second);
    } catch (error) {
      await file.suspend();
      throw error;
    }
  }

  /** One whole download. Resolves with what it is instead when it is not what it has to be. */
  async function receive(
    places: Places,
    file: IncomingFile,
    request: FetchRequest,
    tries: RetryOptions,
    plain: boolean,
  ): Promise<Fetched | string> {
    const { url, sha256, form, signal } = request;
    const report = createProgress(request.onProgress);
    await download(url, file, {
      fetch: options.fetch ?? globalThis.fetch,
      bytes: request.bytes,
      digestKnown: sha256 !== undefined,
      plain,
      retry: tries,
      progressBytes: Math.min(2 ** 20, checkpointBytes),
      stallMs,
      signal,
      report,
    });
    const size = file.receivedBytes;
    report('verify', size, size);
    const digest = await file.digest();
    if (request.bytes !== undefined && size !== request.bytes) {
      await file.reset();
      throw corrupt(url, `${request.bytes} bytes`, `${size} bytes`);
    }
    if (sha256 !== undefined && digest !== sha256) return `SHA-256 ${digest}`;
    const bytes = file.gathered();
    signal.throwIfAborted();
    if (bytes) tellVerified(request, bytes);
    report('store', size, size);
    const place = await file.commit(digest);
    const kept = bytes
      ? { bytes, sha256: digest, persisted: place.journal.storage.persistent }
      : // The hash of a resumed file went on from its saved state, and has not seen what was kept since.
        await open(place, form, !file.resumed);
    if (kept === undefined) return 'what the storage lost or changed';
    await dropUrl(places, url, place).catch((cause: unknown) => {
      onRefused(cause, 'delete');
    });
    if (kept.bytes && !bytes) tellVerified(request, kept.bytes);
    return { ...kept, from: 'network' };
  }

  async function fetchOrRead(request: FetchRequest): Promise<Fetched> {
    const { url, sha256, signal } = request;
    if (!/^https?:/.test(url)) return fetchUnkept(request, options.fetch ?? globalThis.fetch);
    const places = await options.places();
    // What has a digest does not change.
    const revalidate = request.revalidate && sha256 === undefined;
    const kept = revalidate ? undefined : await fromStorage(places, request);
    if (kept) return kept;
    const { name, persistent } = places.writable.storage;
    return withLock(`${name} ${sha256 ?? url}`, { shared: persistent, signal }, async () => {
      if (!revalidate) return (await fromStorage(places, request)) ?? fromNetwork(places, request, retry);
      const known = (await findCommitted(places, request, onReadRefused)).length > 0;
      try {
        // Nobody is kept waiting for what is at hand.
        return await fromNetwork(places, request, known ? { ...retry, tries: 1 } : retry);
      } catch (error) {
        if (!known || !isHayateError(error) || error.code !== 'model-unreachable') throw error;
        const stored = await fromStorage(places, request);
        if (stored === undefined) throw error;
        return stored;
      }
    });
  }

  return fetchOrRead;
}

/** Files of the disk, in Node, and of this page's memory: they are read whole, verified, and kept by nobody else. */
async function fetchUnkept(request: FetchRequest, fetch: typeof globalThis.fetch): Promise<Fetched> {
  const { url, sha256, bytes, form, signal, onProgress } = request;
  const report = createProgress(onProgress);
  const read = async () => {
    if (url.startsWith('file:')) return readLocalFile(url, signal);
    return new Uint8Array(await (await fetch(url, { signal })).arrayBuffer());
  };
  const data = await read().catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw unreachable(url, undefined, 'it could not be read', cause);
  });
  if (bytes !== undefined && data.length !== bytes)
    throw corrupt(url, `${bytes} bytes`, `${data.length} bytes`);
  report('verify', data.length, data.length);
  const digest = await sha256Hex(data);
  if (sha256 !== undefined && digest !== sha256) throw corrupt(url, `SHA-256 ${sha256}`, `SHA-256 ${digest}`);
  tellVerified(request, data);
  const about = { sha256: digest, persisted: false, from: 'network' } as const;
  return form === 'bytes' ? { ...about, bytes: data } : { ...about, blob: new Blob([data]) };
}

/** Room for a whole file. A file that does not fit is no damaged one: it stays where it is. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const reason = `there is no room for ${bytes} bytes in memory; openModel reads them piece by piece`;
    throw new HayateError('bad-input', `The model cannot be read: ${reason}.`, { reason }, { cause });
  }
}

function tellVerified({ onVerified }: FetchRequest, bytes: Uint8Array<ArrayBuffer>): void {
  if (onVerified) tell(onVerified, bytes);
}

/** A key for a file whose digest is not known before it is there. */
function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(36).padStart(7, '0')).join('');
}
