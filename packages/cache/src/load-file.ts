import { fileUnreachable } from '@hayate/core';
import type { FileLoaderOptions, FileRequest, LoadedFile } from './file-request';
import { createStoredFileReader } from './journal/stored-file-reader';

/** Makes the function that reads a file from the storage, or else downloads it. */
export function createLoadFile(options: FileLoaderOptions) {
  const reader = createStoredFileReader(options.onRefused);

  return async (request: FileRequest): Promise<LoadedFile> => {
    const journals = await options.journals();
    // A file with a digest cannot change.
    const revalidate = request.revalidate && request.sha256 === undefined;
    const skipsStorage = revalidate || !/^https?:/.test(request.url);
    // Without the lock: reading needs none. `downloadFile` looks again once it has the lock, because another tab may
    // have stored the file in the meantime.
    const stored = skipsStorage ? undefined : await reader.find(journals, request);
    if (stored) return stored;
    const { downloadFile } = await importDownloader(request.url);
    return downloadFile(request, { ...options, journals, revalidate, reader });
  };
}

/** A page whose models are stored never loads the code that downloads. */
async function importDownloader(url: string) {
  try {
    return await import('./download/download-file');
  } catch (cause) {
    const reason = 'the code that downloads did not load; after an update of the site, reload the page';
    throw fileUnreachable(url, undefined, reason, cause);
  }
}
