import { isHayateError, readLocalFile, notify } from '@hayate/core';
import { sha256Hex } from '../digest';
import { download } from './download';
import { corrupt, unreachable } from './fetch-errors';
import type { Fetched, FetchFileOptions, FetchRequest } from '../fetch-request';
import { createIncomingFile, type IncomingFile } from './incoming-file';
import type { KeptFiles } from '../kept/kept-files';
import { holdFile, withLock } from '../kept/lock';
import { keepBudget, makeRoom, sweep } from '../kept/make-room';
import { createPartWriter } from './part-writer';
import { dropUrl, findCommitted, findPartial, type Places } from '../kept/places';
import { createProgress } from './progress';
import type { RetryOptions } from './retry';
import { shareProgress } from './share-progress';

const CHECKPOINT_BYTES = 8 * 2 ** 20;

/** What differs between the tries of one download. */
interface ReceiveOptions {
  readonly retry: RetryOptions;
  readonly withinBudget: (bytes: number) => Promise<void>;
  /** Begin with a request without a range. */
  readonly plain: boolean;
}

/** What the downloader is handed. */
export interface DownloadModelOptions extends Omit<FetchFileOptions, 'places'> {
  readonly places: Places;
  /** Ask the network even for what is kept. */
  readonly revalidate: boolean;
  readonly keptFiles: KeptFiles;
}

/** Stores that were swept by this realm. */
const swept = new WeakSet<Places>();

/**
 * Gets a file from the network, one tab or worker of this site at a time; the others hear how far it is, and read what
 * it has kept, or go on from there if it is gone.
 */
export async function downloadFile(request: FetchRequest, options: DownloadModelOptions): Promise<Fetched> {
  const { url, sha256, signal } = request;
  const { places, keptFiles, revalidate, retry = {}, fetch = globalThis.fetch } = options;
  if (!/^https?:/.test(url)) return fetchUnkept(request, fetch);
  const id = sha256 ?? url;
  const { persistent } = places.writable.storage;
  const others = persistent ? shareProgress(places.name, id, request.onProgress) : undefined;
  const onProgress: FetchRequest['onProgress'] = (progress) => {
    request.onProgress(progress);
    others?.post(progress);
  };
  try {
    return await withLock(`${places.name} ${id}`, { shared: persistent, signal }, async () => {
      others?.lead();
      const own = { ...request, onProgress };
      if (!revalidate)
        return (await keptFiles.fromStorage(places, own)) ?? (await fromNetwork(own, options, retry));
      return await newest(own, options);
    });
  } finally {
    others?.close();
    if (!swept.has(places)) {
      swept.add(places);
      void sweep(places.writable).catch(() => undefined);
    }
  }
}

/** What the network has, or what is kept where that does not answer. */
async function newest(request: FetchRequest, options: DownloadModelOptions): Promise<Fetched> {
  const { places, keptFiles, retry = {} } = options;
  const known = (await findCommitted(places, request, readRefused(options))).length > 0;
  try {
    // Nobody is kept waiting for what is at hand.
    return await fromNetwork(request, options, known ? { ...retry, tries: 1 } : retry);
  } catch (error) {
    if (!known || !isHayateError(error) || error.code !== 'model-unreachable') throw error;
    const stored = await keptFiles.fromStorage(places, request);
    if (stored === undefined) throw error;
    return stored;
  }
}

async function fromNetwork(
  request: FetchRequest,
  options: DownloadModelOptions,
  retry: RetryOptions,
): Promise<Fetched> {
  const { url, sha256, bytes, model, form } = request;
  const { places, onRefused, budgetBytes, checkpointBytes = CHECKPOINT_BYTES } = options;
  const left = await findPartial(places.writable, request).catch(readRefused(options));
  const key = sha256 ?? left?.key ?? randomKey();
  const letGo = await holdFile(key);
  const { writable: journal, memory: fallback } = places;
  const writer = createPartWriter({
    key,
    journal,
    fallback,
    async makeRoom(writtenBytes) {
      const total = bytes ?? file.totalBytes;
      return total !== undefined && makeRoom(journal, total - writtenBytes, key);
    },
    onRefused(cause) {
      onRefused(cause, 'store');
    },
  });
  const file = await createIncomingFile(
    {
      urls: [...new Set([...(left?.record.urls ?? []), url])],
      models: [...new Set([...(left?.record.models ?? []), ...(model === undefined ? [] : [model])])],
      sha256,
      writer,
      partLength: Math.max(1, Math.ceil(checkpointBytes / 2)),
      gather: form === 'bytes',
    },
    left?.record,
  );

  /** Sees to it that `size` bytes more are within the budget; what is not stays in memory. */
  async function withinBudget(size: number): Promise<void> {
    if (budgetBytes === undefined || (await keepBudget(journal, budgetBytes, size, key))) return;
    await writer.leave(new Error(`${size} bytes are not within the budget of ${budgetBytes}`));
  }

  try {
    if (bytes !== undefined) await withinBudget(bytes);
    const first = await receive(file, request, options, { retry, withinBudget, plain: false });
    if (typeof first !== 'string') return first;
    // Damaged on the way, or where its beginning was kept: once more, whole.
    await file.reset();
    const second = await receive(file, request, options, { retry, withinBudget, plain: true });
    if (typeof second !== 'string') return second;
    await file.reset();
    throw corrupt(url, sha256 === undefined ? 'what was received' : `SHA-256 ${sha256}`, second);
  } catch (error) {
    await file.suspend();
    throw error;
  } finally {
    letGo();
  }
}

/** One whole download. Resolves with what it is instead when it is not what it has to be. */
async function receive(
  file: IncomingFile,
  request: FetchRequest,
  options: DownloadModelOptions,
  { retry, withinBudget, plain }: ReceiveOptions,
): Promise<Fetched | string> {
  const { url, sha256, form, signal } = request;
  const { places, keptFiles, onRefused, checkpointBytes = CHECKPOINT_BYTES, stallMs = 30_000 } = options;
  const report = createProgress(request.onProgress);
  await download(url, file, {
    fetch: options.fetch ?? globalThis.fetch,
    bytes: request.bytes,
    digestKnown: sha256 !== undefined,
    plain,
    retry,
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
  await withinBudget(size);
  const place = await file.commit(digest);
  const stored = bytes
    ? { bytes, sha256: digest, persisted: place.journal.storage.persistent }
    : // The hash of a resumed file went on from its saved state, and has not seen what was kept since.
      await keptFiles.open(place, form, !file.resumed).catch(readRefused(options));
  if (stored === undefined) return 'what the storage lost or changed';
  await dropUrl(places, url, place).catch((cause: unknown) => {
    onRefused(cause, 'delete');
  });
  if (stored.bytes && !bytes) tellVerified(request, stored.bytes);
  return { ...stored, from: 'network' };
}

function readRefused({ onRefused }: DownloadModelOptions) {
  return (cause: unknown): undefined => {
    if (isHayateError(cause)) throw cause; // of the caller's concern
    onRefused(cause, 'read');
  };
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

function tellVerified({ onVerified }: FetchRequest, bytes: Uint8Array<ArrayBuffer>): void {
  if (onVerified) notify(onVerified, bytes);
}

/** A key for a file whose digest is not known before it is there. */
function randomKey(): string {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(words, (word) => word.toString(36).padStart(7, '0')).join('');
}
