import { opfsStorage } from './opfs';
import type { StorageCall } from './remote-storage.test.helper';

const storage = opfsStorage('hayate-test');
const { gc } = globalThis as { readonly gc?: (options: { readonly execution: 'async' }) => Promise<void> };
let calls = 0;

/** Collects garbage for as long as calls are under way: none of it may take an answer along. */
async function collect(): Promise<void> {
  while (gc && calls > 0) await gc({ execution: 'async' });
}

addEventListener('message', ({ data: { id, method, parameters } }: MessageEvent<StorageCall>) => {
  const call = storage[method] as (...parameters: readonly unknown[]) => Promise<unknown>;
  if ((calls += 1) === 1) void collect();
  call(...parameters)
    .then(
      (value) => {
        postMessage({ id, value });
      },
      (error: unknown) => {
        postMessage({ id, error });
      },
    )
    .finally(() => (calls -= 1));
});
