import { serveIsolated, type FetchEventLike } from '../../src/service-worker';

declare const self: { addEventListener(type: string, listener: (event: FetchEventLike) => void): void };

const isolate = serveIsolated();
self.addEventListener('fetch', (event) => void isolate(event));
