import { unreachable } from './download/fetch-errors';
import type { Fetched, FetchFileOptions, FetchRequest } from './fetch-request';
import { createKeptFiles } from './kept/kept-files';

/** Makes what gets a file from where it is kept, or else from the network. */
export function createFetchFile(options: FetchFileOptions) {
  const keptFiles = createKeptFiles(options.onRefused);

  return async (request: FetchRequest): Promise<Fetched> => {
    const places = await options.places();
    // What has a digest does not change.
    const revalidate = request.revalidate && request.sha256 === undefined;
    const skip = revalidate || !/^https?:/.test(request.url);
    const kept = skip ? undefined : await keptFiles.fromStorage(places, request);
    if (kept) return kept;
    const { downloadFile } = await loadDownloader(request.url);
    return downloadFile(request, { ...options, places, revalidate, keptFiles });
  };
}

/** Pages whose models are kept do without the half that downloads. */
async function loadDownloader(url: string) {
  try {
    return await import('./download/download-file');
  } catch (cause) {
    const reason = 'the code that downloads did not load; after an update of the site, reload the page';
    throw unreachable(url, undefined, reason, cause);
  }
}
