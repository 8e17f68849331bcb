import { opfsStorage } from './opfs';
import type { StorageCall } from './remote-storage.test.helper';

const storage = opfsStorage('hayate-test');

addEventListener('message', ({ data: { id, method, parameters } }: MessageEvent<StorageCall>) => {
  const call = storage[method] as (...parameters: readonly unknown[]) => Promise<unknown>;
  call(...parameters).then(
    (value) => postMessage({ id, value }),
    (error: unknown) => postMessage({ id, error }),
  );
});
