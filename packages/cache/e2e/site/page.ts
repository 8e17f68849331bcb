import { precacheInServiceWorker } from '../../src/index';
import { runCall, type StoreAnswer, type StoreCall } from './run-call';

// The worker lives as long as the page, as an app's does.
const worker = new Worker('/app/worker.js', { type: 'module' });

function inWorker(call: StoreCall): Promise<StoreAnswer> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<StoreAnswer>) => {
      resolve(data);
    };
    worker.postMessage(call, [port2]);
  });
}

/** Lets the service worker fetch models; resolves with how far each report was. */
async function precache(list: Parameters<typeof precacheInServiceWorker>[0]): Promise<readonly number[]> {
  const loaded: number[] = [];
  await precacheInServiceWorker(list, { onProgress: ({ loadedBytes }) => void loaded.push(loadedBytes) });
  return loaded;
}

Object.assign(globalThis, { runCall, inWorker, precache, isReady: true });
