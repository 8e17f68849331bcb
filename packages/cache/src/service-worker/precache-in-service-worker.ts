import { decodeError, HayateError, notify } from '@hayate/core';
import type { PrecacheItem, PrecacheOptions } from '../precache-models';
import { PRECACHE_MESSAGE, type PrecacheAnswer, type PrecacheMessage } from './precache-messages';

/**
 * Asks the site's service worker to download models, so that the download continues when this page is closed. The
 * service worker must have a `precacheOnMessage` listener. Resolves when all models are stored.
 *
 * @throws HayateError `bad-input` if the site has no service worker; otherwise as `getFile`; `AbortError`.
 */
export async function precacheInServiceWorker(
  list: readonly PrecacheItem[],
  { signal, onProgress }: Pick<PrecacheOptions, 'signal' | 'onProgress'> = {},
): Promise<void> {
  signal?.throwIfAborted();
  const container = (globalThis.navigator as { readonly serviceWorker?: ServiceWorkerContainer } | undefined)
    ?.serviceWorker;
  const registration = await container?.getRegistration();
  if (registration === undefined || container === undefined) {
    const reason = 'this site has no service worker, or it is not registered yet';
    throw new HayateError('bad-input', `The models cannot be fetched in advance: ${reason}.`, { reason });
  }
  const { active } = await container.ready;
  const { port1, port2 } = new MessageChannel();
  try {
    await new Promise<void>((resolve, reject) => {
      port1.onmessage = ({ data: { progress, done, error } }: MessageEvent<PrecacheAnswer>) => {
        if (progress && onProgress) notify(onProgress, progress);
        if (done) resolve();
        if (error) reject(decodeError(error));
      };
      signal?.addEventListener('abort', () => {
        port1.postMessage('abort');
        reject(signal.reason as Error);
      });
      // Relative addresses would be resolved against the service worker's own address.
      const items = list.map((item) => withAbsoluteUrls(item));
      active?.postMessage({ type: PRECACHE_MESSAGE, list: items } satisfies PrecacheMessage, [port2]);
    });
  } finally {
    port1.close();
  }
}

function withAbsoluteUrls(item: PrecacheItem): PrecacheItem {
  const absolute = (url: string | URL) => new URL(url, location.href).href;
  if (typeof item === 'string' || item instanceof URL) return absolute(item);
  if (!('files' in item)) return { ...item, url: absolute(item.url) };
  const files = Object.entries(item.files).map(([name, { url, ...expected }]) => [
    name,
    { ...expected, url: absolute(url) },
  ]);
  return {
    ...(item.id !== undefined && { id: item.id }),
    files: Object.fromEntries(files) as typeof item.files,
  };
}
