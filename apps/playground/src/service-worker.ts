import { serveModels } from '@hayate/cache/service-worker';
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';

/** What this file uses of a service worker's scope; the page's types know another `self`. */
interface Scope {
  readonly __WB_MANIFEST: (string | PrecacheEntry)[];
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: 'activate' | 'fetch' | 'message',
    listener: (
      event: Parameters<ReturnType<typeof serveModels>>[0] & {
        readonly data: unknown;
        waitUntil(work: Promise<unknown>): void;
      },
    ) => void,
  ): void;
}
declare const self: Scope;

const isHash = (pathname: string) => /\/sha256-[^/]*\.wasm$/.test(pathname);

// Models, ONNX Runtime and the kernels are the model store's: they are too large for `install`, and verified there.
// Only the store's own hash is with the pages: it has to be there before anything is read.
const serve = serveModels({ match: ({ pathname }) => /\.(onnx|wasm)$/.test(pathname) && !isHash(pathname) });
self.addEventListener('fetch', (event) => void serve(event));

// The pages and their code; what they are asked with stays on the page.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });
// Only once the pages of the version before are gone, or the person has asked for the new one.
cleanupOutdatedCaches();
self.addEventListener('message', ({ data }) => {
  if ((data as { readonly type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
