import { serveModels } from '@hayate/cache/service-worker';
import { cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';

/** The parts of a service worker's scope that this file uses: in the page's types `self` is a window. */
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

// Models, ONNX Runtime and the kernels are kept by the model store, which verifies them; they are too large for `install`.
// The store's own hash function is precached with the pages, for the store cannot read anything without it.
const serve = serveModels({ match: ({ pathname }) => /\.(onnx|wasm)$/.test(pathname) && !isHash(pathname) });
self.addEventListener('fetch', (event) => void serve(event));

// The pages and their code, whatever the query: it is for the page alone.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });
// This version takes over once the pages of the version before are closed, or when the person asks for it.
cleanupOutdatedCaches();
self.addEventListener('message', ({ data }) => {
  if ((data as { readonly type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
