import { precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { precacheModels } from '../../src/index';
import {
  precacheOnMessage,
  serveModels,
  type FetchEventLike,
  type MessageEventLike,
} from '../../src/service-worker';

declare const self: {
  readonly __WB_MANIFEST: (string | PrecacheEntry)[];
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: string, listener: (event: FetchEventLike & MessageEventLike) => void): void;
};

const serve = serveModels();
self.addEventListener('fetch', (event) => void serve(event));
const precache = precacheOnMessage(precacheModels);
self.addEventListener('message', (event) => void precache(event));
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
precacheAndRoute(self.__WB_MANIFEST);
