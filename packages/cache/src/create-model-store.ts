import {
  createSharedJobs,
  HayateError,
  type FileProgress,
  type FileStore,
  type GetFileOptions,
  type OpenedFile,
  type StoredFile,
} from '@hayate/core';
import type { RetryOptions } from './download/retry';
import type { FileForm, LoadedFile } from './file-request';
import { createInspection, type StoreInspection } from './inspect-store';
import {
  clearJournals,
  createJournals,
  findCommitted,
  removeUrl,
  type Journals,
  type WantedFile,
} from './journal/journals';
import { leaseFile } from './journal/lock';
import { createLoadFile } from './load-file';
import { createOpenFiles } from './open-files';
import type { ModelStorage } from './storages/model-storage';

/** Options of {@link createModelStore}. */
export interface ModelStoreOptions {
  /**
   * Where files are stored. By default the first of these that returns what was written to it: the origin private file
   * system, the Cache API, memory (as in Node).
   */
  readonly storage?: ModelStorage;
  readonly fetch?: typeof fetch;
  /**
   * Whether a file without a known digest is accepted. `first-use` accepts what the server sends and records its digest;
   * `digest-only` rejects such a request with `bad-input`. @defaultValue 'first-use'
   */
  readonly trust?: 'first-use' | 'digest-only';
  /**
   * The most bytes that are stored. To stay within it, the least recently used models are removed; models that are pinned,
   * or open in any tab, stay. A file that does not fit beside them is handed out from memory, with `persisted: false`.
   * By default the browser's quota is the only limit.
   */
  readonly budgetBytes?: number;
  readonly retry?: RetryOptions;
  /** A connection that delivers nothing for this long is closed and opened again. @defaultValue 30000 */
  readonly stallMs?: number;
  /**
   * The most bytes that are downloaded again after a crash. Files are stored in parts of half this size; two parts are in
   * memory during a download. @defaultValue 8388608
   */
  readonly checkpointBytes?: number;
  /** Called when the platform refuses to read, store or delete a file. The file is handed out all the same. */
  readonly onStorageRefused?: (error: HayateError<'storage-refused'>) => void;
}

/** A {@link FileStore} whose content can be listed, verified and managed. */
export interface ModelStore extends FileStore, StoreInspection {}

/**
 * Makes a model store: it downloads each file once, over as many connections as it takes, verifies its SHA-256 before use
 * and whenever it is read back, and stores it. It does nothing until the first call.
 */
export function createModelStore(options: ModelStoreOptions = {}): ModelStore {
  const { onStorageRefused, trust = 'first-use' } = options;
  const jobs = createSharedJobs<LoadedFile, FileProgress>({ copy: copyBytes });
  let opening: Promise<Journals> | undefined;
  const journals = () => (opening ??= createJournals(options.storage));
  const loadFile = createLoadFile({
    ...options,
    journals,
    onRefused(cause, action) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `The browser refused to ${action} the model: ${reason}`;
      onStorageRefused?.(new HayateError('storage-refused', message, { reason }, { cause }));
    },
  });

  /** Loads a file once for all callers that request the same at the same time. */
  async function load(address: string | URL, options: GetFileOptions, form: FileForm): Promise<LoadedFile> {
    const url = absolute(address);
    const { bytes, model, revalidate = false, signal, onProgress, onVerified } = options;
    const sha256 = digestOf(options);
    if (sha256 === undefined && trust === 'digest-only') {
      throw badRequest(`${url} has no digest, and this store takes no file without one`);
    }
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
      throw badRequest(`"${sha256}" is not a SHA-256, 64 hexadecimal digits`);
    }
    signal?.throwIfAborted();
    const request = { url, sha256, bytes, model, revalidate, form };
    const share = jobs.join(Object.values(request).join(' '), (jobSignal, onJobProgress) =>
      loadFile({ ...request, onVerified, signal: jobSignal, onProgress: onJobProgress }),
    );
    try {
      return await share.wait(signal, onProgress);
    } finally {
      void share.release();
    }
  }

  async function isStored(wanted: WantedFile): Promise<boolean> {
    return (await findCommitted(await journals(), wanted, ignore)).length > 0;
  }

  async function getFile(address: string | URL, options: GetFileOptions = {}): Promise<StoredFile> {
    const { blob: _, bytes = new Uint8Array(), ...rest } = await load(address, options, 'bytes');
    return { ...rest, bytes };
  }

  async function openFile(address: string | URL, options: GetFileOptions = {}): Promise<OpenedFile> {
    const known = digestOf(options);
    for (;;) {
      let endLease = known === undefined ? undefined : await leaseFile(known);
      try {
        const { bytes: _, blob = new Blob(), ...rest } = await load(address, options, 'blob');
        endLease ??= await leaseFile(rest.sha256);
        // Without a lease from the beginning, the file may have been removed in between.
        const isThere =
          known !== undefined ||
          !rest.persisted ||
          (await isStored({ url: absolute(address), sha256: rest.sha256 }));
        if (isThere) {
          const read = async () => new Uint8Array(await blob.arrayBuffer());
          return { ...rest, blob, bytes: blob.size, read, close: endLease };
        }
        endLease();
      } catch (error) {
        endLease?.();
        throw error;
      }
    }
  }

  /**
   * {@link getFile} as an opened file. Its lease keeps the stored file with the rest of its model; the bytes do not depend
   * on it, so it is not waited for.
   */
  async function takeIntoMemory(address: string | URL, options: GetFileOptions): Promise<OpenedFile> {
    const known = digestOf(options);
    const early = known === undefined ? undefined : leaseFile(known);
    try {
      const { bytes, ...rest } = await getFile(address, options);
      const lease = early ?? leaseFile(rest.sha256);
      return {
        ...rest,
        get blob() {
          return new Blob([bytes]);
        },
        bytes: bytes.length,
        read: () => Promise.resolve(bytes),
        close: () => void lease.then((end) => end()),
      };
    } catch (error) {
      void early?.then((end) => end());
      throw error;
    }
  }

  return {
    getFile,
    openFile,
    openFiles: createOpenFiles(openFile, takeIntoMemory),
    ...createInspection(journals, absolute),
    has: async (address) => isStored({ url: absolute(address), sha256: undefined }),
    delete: async (address) => removeUrl(await journals(), absolute(address)),
    clear: async () => clearJournals(await journals()),
  };
}

/** The file with bytes of its own, which its receiver may transfer or change. */
function copyBytes(file: LoadedFile): LoadedFile {
  return file.bytes ? { ...file, bytes: file.bytes.slice() } : file;
}

function digestOf({ sha256 }: GetFileOptions): string | undefined {
  return sha256?.toLowerCase();
}

function absolute(address: string | URL): string {
  const base = typeof location === 'undefined' ? undefined : location.href;
  try {
    return new URL(address, base).href;
  } catch (cause) {
    throw badRequest(`"${String(address)}" is not an address`, cause);
  }
}

function badRequest(reason: string, cause?: unknown): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The model cannot be fetched: ${reason}.`, { reason }, { cause });
}

function ignore(): void {
  // A storage that cannot be read counts as empty.
}
