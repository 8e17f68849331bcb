import { HayateError, notify } from '@hayate/core';
import type { PrecacheItem, PrecacheOptions } from './default-store';
import { PRECACHE_MESSAGE, type PrecacheMessage } from './service-worker';

/** What the service worker tells by the port it was given. */
interface Answer {
  readonly progress?: Parameters<NonNullable<PrecacheOptions['onProgress']>>[0];
  readonly done?: true;
  readonly error?: {
    readonly name: string;
    readonly message: string;
    readonly code?: ConstructorParameters<typeof HayateError>[0];
    readonly details?: ConstructorParameters<typeof HayateError>[2];
  };
}

/**
 * Lets the site's service worker fetch models, so that it goes on when this page is closed. The service worker has to
 * listen by `precacheOnMessage`. Resolves when all are kept.
 *
 * @throws HayateError `bad-input` where the site has no service worker; as `getFile`; `AbortError`.
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
      port1.onmessage = ({ data: { progress, done, error } }: MessageEvent<Answer>) => {
        if (progress && onProgress) notify(onProgress, progress);
        if (done) resolve();
        if (error) reject(rebuild(error));
      };
      signal?.addEventListener('abort', () => {
        port1.postMessage('end');
        reject(signal.reason as Error);
      });
      // Addresses mean the same there only when they are whole.
      const items = list.map((item) => withWholeUrls(item));
      active?.postMessage({ type: PRECACHE_MESSAGE, list: items } satisfies PrecacheMessage, [port2]);
    });
  } finally {
    port1.close();
  }
}

function withWholeUrls(item: PrecacheItem): PrecacheItem {
  const whole = (url: string | URL) => new URL(url, location.href).href;
  if (typeof item === 'string' || item instanceof URL) return whole(item);
  if ('files' in item) {
    const files = Object.entries(item.files).map(([name, { url, ...expected }]) => [
      name,
      { url: whole(url), ...expected },
    ]);
    return {
      ...(item.id !== undefined && { id: item.id }),
      files: Object.fromEntries(files) as typeof item.files,
    };
  }
  return { ...item, url: whole(item.url) };
}

function rebuild({ name, message, code, details }: NonNullable<Answer['error']>): Error {
  if (code !== undefined) return new HayateError(code, message, details as never);
  return name === 'AbortError'
    ? new DOMException(message, name)
    : Object.assign(new Error(message), { name });
}
