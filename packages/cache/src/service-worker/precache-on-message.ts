import { encodeError } from '@hayate/core';
import type { PrecacheItem, PrecacheOptions } from '../precache-models';
import type { MessageEventLike } from './events';
import { PRECACHE_MESSAGE, type PrecacheAnswer, type PrecacheMessage } from './precache-messages';

/**
 * Makes a `message` listener that downloads the models that a page requests by `precacheInServiceWorker`. It keeps the
 * service worker alive as long as the browser allows; if the browser ends it, the next request resumes the download.
 * Do not use it in `install`, which browsers end after some minutes and which fails as a whole. The listener returns
 * true if it handles the event.
 *
 * @param precache - Usually `precacheModels`.
 */
export function precacheOnMessage(
  precache: (
    list: readonly PrecacheItem[],
    options: Pick<PrecacheOptions, 'signal' | 'onProgress'>,
  ) => Promise<void>,
): (event: MessageEventLike) => boolean {
  return (event) => {
    const { type, list } = (event.data ?? {}) as Partial<PrecacheMessage>;
    if (type !== PRECACHE_MESSAGE || list === undefined) return false;
    const [port] = event.ports;
    const answer = (message: PrecacheAnswer) => port?.postMessage(message);
    const controller = new AbortController();
    if (port) {
      port.onmessage = () => {
        controller.abort();
      };
    }
    const work = precache(list, {
      signal: controller.signal,
      onProgress: (progress) => answer({ progress }),
    }).then(
      () => answer({ done: true }),
      (error: unknown) => answer({ error: encodeError(error) }),
    );
    event.waitUntil(work);
    return true;
  };
}
