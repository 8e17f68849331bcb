import { isHayateError } from '@hayate/core';
import type { FileLoaderOptions, FileRequest, LoadedFile } from '../file-request';
import { findCommitted, type Journals } from '../journal/journals';
import { withLock } from '../journal/lock';
import { sweep } from '../journal/make-room';
import type { StoredFileReader } from '../journal/stored-file-reader';
import { readUnstored } from './read-unstored';
import { receiveFile } from './receive-file';
import type { RetryOptions } from './retry';
import { shareProgress } from './share-progress';

/** The options of the store, and what has been made from them. */
export interface DownloadOptions extends Omit<FileLoaderOptions, 'journals'> {
  readonly journals: Journals;
  /** Ask the network even if the file is stored. */
  readonly revalidate: boolean;
  readonly reader: StoredFileReader;
}

/** The journals that this realm has swept. */
const swept = new WeakSet<Journals>();

/**
 * Downloads a file and stores it, in one tab or worker of this site at a time. The others receive its progress, and then
 * read the stored file, or resume the download if its tab is gone.
 */
export async function downloadFile(request: FileRequest, options: DownloadOptions): Promise<LoadedFile> {
  const { url, sha256, signal } = request;
  const { journals, reader, retry = {}, fetch = globalThis.fetch } = options;
  if (!/^https?:/.test(url)) return readUnstored(request, fetch);
  const id = sha256 ?? url;
  const { persistent } = journals.writable.storage;
  const otherTabs = persistent ? shareProgress(journals.name, id, request.onProgress) : undefined;
  const own: FileRequest = {
    ...request,
    onProgress(progress) {
      request.onProgress(progress);
      otherTabs?.post(progress);
    },
  };
  try {
    return await withLock(`${journals.name} ${id}`, { shared: persistent, signal }, async () => {
      otherTabs?.lead();
      if (options.revalidate) return revalidateFile(own, options);
      // The tab that had the lock before may have stored the file.
      return (await reader.find(journals, own)) ?? receiveFile(own, options, retry);
    });
  } finally {
    otherTabs?.close();
    if (!swept.has(journals)) {
      swept.add(journals);
      void sweep(journals.writable).catch(() => undefined);
    }
  }
}

/** The network's file, or the stored one if the network does not answer. */
async function revalidateFile(request: FileRequest, options: DownloadOptions): Promise<LoadedFile> {
  const { journals, reader, retry = {} } = options;
  const onFault = (cause: unknown) => {
    options.onRefused(cause, 'read');
  };
  const isStored = (await findCommitted(journals, request, onFault)).length > 0;
  try {
    // A stored file is not delayed by retries.
    const quickly: RetryOptions = { ...retry, tries: 1 };
    return await receiveFile(request, options, isStored ? quickly : retry);
  } catch (error) {
    if (!isStored || !isHayateError(error) || error.code !== 'model-unreachable') throw error;
    const stored = await reader.find(journals, request);
    if (stored === undefined) throw error;
    return stored;
  }
}
