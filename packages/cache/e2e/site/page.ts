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

Object.assign(globalThis, { runCall, inWorker, isReady: true });
