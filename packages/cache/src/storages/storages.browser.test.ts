import { describeStorage } from '@hayate/testing';
import { afterAll, expect, test } from 'vitest';
import { cacheStorage } from './cache-storage';
import { memoryStorage } from './memory';
import { opfsStorage } from './opfs';
import { probeStorages } from './probe-storages';
import { remoteStorage } from './remote-storage.test.helper';

const worker = new Worker(new URL('./opfs.test.worker.ts', import.meta.url), { type: 'module' });
afterAll(() => {
  worker.terminate();
});

describeStorage('OPFS in a worker', () => remoteStorage(worker, 'opfs hayate-test'));
describeStorage('OPFS on a page', () => opfsStorage('hayate-test-page'));
describeStorage('the Cache API', () => cacheStorage('hayate-test'));
describeStorage('memory', memoryStorage);

test('the page reads what its worker wrote', async () => {
  await remoteStorage(worker, 'opfs hayate-test').write('ab12.0', Uint8Array.of(5));
  expect(await (await opfsStorage('hayate-test').read('ab12.0'))?.arrayBuffer()).toEqual(
    Uint8Array.of(5).buffer,
  );
});

test('the file system is chosen where it keeps what it is given', async () => {
  // Workers of other tests that were ended in their probe may have left something.
  const probes = async () => (await opfsStorage().names()).filter((name) => name.startsWith('probe'));
  const before = await probes();
  const { writable, readable } = await probeStorages();
  expect(writable.name).toBe('opfs hayate');
  expect(readable.at(-1)?.persistent).toBe(false);
  expect(await probes()).toEqual(before);
});
