import {
  HayateError,
  type GetFileOptions,
  type FileStore,
  type OpenedFile,
  type StoredFile,
} from '@hayate/core';
import { createFetchFile } from './fetch-file';
import type { Fetched, Form } from './fetch-request';
import { createFlights } from './flights';
import { createInspection, type StoreInspection } from './inspect-store';
import { holdFile } from './kept/lock';
import type { ModelStorage } from './storages/model-storage';
import { createOpenFiles } from './open-files';
import { clearPlaces, createPlaces, dropUrl, findCommitted, type Places } from './kept/places';
import type { RetryOptions } from './download/retry';

/** Options of {@link createModelStore}. */
export interface ModelStoreOptions {
  /**
   * Where files are kept. By default the first that keeps what it is given: the origin private file system, the Cache
   * API, or memory, as in Node.
   */
  readonly storage?: ModelStorage;
  readonly fetch?: typeof fetch;
  /**
   * `first-use` takes a file without a known digest as it comes, and holds it to that from then on; `digest-only`
   * refuses it, as `bad-input`. @defaultValue 'first-use'
   */
  readonly trust?: 'first-use' | 'digest-only';
  /**
   * How many bytes are kept at most. Before more are, the models that were not used for longest go. Those that are
   * pinned, or open in any tab, stay; what does not fit beside them is handed out from memory, with `persisted: false`.
   * By default as much as the browser lets.
   */
  readonly budgetBytes?: number;
  readonly retry?: RetryOptions;
  /** A connection on which nothing comes for so long is given up and made anew. @defaultValue 30000 */
  readonly stallMs?: number;
  /**
   * The most bytes that are fetched again after a crash; files are kept in parts of half of it, two of which are in
   * memory during a download. @defaultValue 8388608
   */
  readonly checkpointBytes?: number;
  /** Told when the platform refuses to keep a file; the bytes are still handed out. */
  readonly onStorageRefused?: (error: HayateError<'storage-refused'>) => void;
}

/** A {@link FileStore} that also tells and tends what it keeps, and gets the files of a model together. */
export interface ModelStore extends FileStore, StoreInspection {}

/**
 * Makes a model store: each file is fetched once, over as many connections as it takes, verified by its SHA-256 before
 * it is used and again when it is read back, and kept. It does nothing until it is asked for a file.
 */
export function createModelStore(options: ModelStoreOptions = {}): ModelStore {
  const { onStorageRefused, trust = 'first-use' } = options;
  const flights = createFlights<Fetched>();
  let probed: Promise<Places> | undefined;
  const places = () => (probed ??= createPlaces(options.storage));
  const fetchFile = createFetchFile({
    ...options,
    places,
    onRefused(cause, action) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `The browser refused to ${action} the model: ${reason}`;
      onStorageRefused?.(new HayateError('storage-refused', message, { reason }, { cause }));
    },
  });

  async function get(address: string | URL, request: GetFileOptions, form: Form) {
    const url = absolute(address);
    const { bytes, model, revalidate = false, signal, onProgress, onVerified } = request;
    const sha256 = digestOf(request);
    if (sha256 === undefined && trust === 'digest-only') {
      throw refused(`${url} has no digest, and this store takes no file without one`);
    }
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
      throw refused(`"${sha256}" is not a SHA-256, 64 hexadecimal digits`);
    }
    const key = [form, url, sha256, bytes, model, revalidate].join(' ');
    return flights.join(
      key,
      (shared, tellAll) =>
        fetchFile({
          ...{ url, sha256, bytes, model, revalidate, form, onVerified },
          signal: shared,
          onProgress: tellAll,
        }),
      { signal, onProgress },
    );
  }

  async function openFile(address: string | URL, request: GetFileOptions = {}): Promise<OpenedFile> {
    const known = digestOf(request);
    for (;;) {
      let close = known === undefined ? undefined : await holdFile(known);
      try {
        const { result } = await get(address, request, 'blob');
        const { bytes: _, blob = new Blob(), ...rest } = result;
        close ??= await holdFile(rest.sha256);
        // What was not held from the beginning may be gone.
        const wanted = { url: absolute(address), sha256: rest.sha256 };
        const isThere =
          known !== undefined ||
          !rest.persisted ||
          (await findCommitted(await places(), wanted, ignore)).length > 0;
        if (isThere) return { ...rest, ...readable(blob), close };
        close();
      } catch (error) {
        close?.();
        throw error;
      }
    }
  }

  async function getFile(address: string | URL, request: GetFileOptions = {}): Promise<StoredFile> {
    const { result, joined } = await get(address, request, 'bytes');
    const { blob: _, bytes = new Uint8Array(), ...rest } = result;
    // Each caller's bytes are its own, to transfer or to change.
    return { ...rest, bytes: joined ? bytes.slice() : bytes };
  }

  /** The same as {@link getFile}, in the form of an opened file. */
  async function takeIntoMemory(address: string | URL, request: GetFileOptions): Promise<OpenedFile> {
    const { bytes, ...rest } = await getFile(address, request);
    return {
      ...rest,
      get blob() {
        return new Blob([bytes]);
      },
      bytes: bytes.length,
      read: () => Promise.resolve(bytes),
      close: () => undefined,
    };
  }

  return {
    getFile,
    openFile,
    openFiles: createOpenFiles(openFile, takeIntoMemory),
    ...createInspection(places, absolute),

    async has(address) {
      const wanted = { url: absolute(address), sha256: undefined };
      return (await findCommitted(await places(), wanted, ignore)).length > 0;
    },

    async delete(address) {
      return dropUrl(await places(), absolute(address));
    },

    async clear() {
      await clearPlaces(await places());
    },
  };
}

function readable(blob: Blob): Pick<OpenedFile, 'blob' | 'bytes' | 'read'> {
  return { blob, bytes: blob.size, read: async () => new Uint8Array(await blob.arrayBuffer()) };
}

function digestOf({ sha256 }: GetFileOptions): string | undefined {
  return sha256?.toLowerCase();
}

function absolute(address: string | URL): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    return new URL(address, base).href;
  } catch (cause) {
    throw refused(`"${String(address)}" is not an address`, cause);
  }
}

function refused(reason: string, cause?: unknown): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The model cannot be fetched: ${reason}.`, { reason }, { cause });
}

function ignore(): void {
  // A storage that cannot be read has nothing.
}
