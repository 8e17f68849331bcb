import { describeStorage } from '@hayate/testing';
import { afterAll, expect, test } from 'vitest';
import { cacheStorage } from './cache-storage';
import { FOREIGN_NAMES, useStore } from './foreign-files.test.helper';
import { memoryStorage } from './memory';
import { opfsStorage } from './opfs';
import { PROBE, probeStorages } from './probe-storages';
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
  const probes = async () => (await opfsStorage().names()).filter((name) => name.startsWith(PROBE));
  const before = await probes();
  const { writable, readable } = await probeStorages();
  expect(writable.name).toBe('opfs hayate');
  expect(readable.at(-1)?.persistent).toBe(false);
  expect(await probes()).toEqual(before);
});

test('a store leaves the files of others in its folder of the file system alone', async () => {
  const root = await navigator.storage.getDirectory();
  const shared = await root.getDirectoryHandle('hayate-test-shared', { create: true });
  await shared.getDirectoryHandle('drafts.d', { create: true });
  for (const name of FOREIGN_NAMES) {
    const stream = await (await shared.getFileHandle(name, { create: true })).createWritable();
    await stream.write(name);
    await stream.close();
  }
  await useStore(opfsStorage('hayate-test-shared'));
  const left: string[] = [];
  for await (const name of (shared as unknown as { keys(): AsyncIterable<string> }).keys()) left.push(name);
  expect(left.sort()).toEqual([...FOREIGN_NAMES, 'drafts.d'].sort());
  for (const name of FOREIGN_NAMES) {
    expect(await (await (await shared.getFileHandle(name)).getFile()).text()).toBe(name);
  }
  await root.removeEntry('hayate-test-shared', { recursive: true });
});

test('a store leaves the entries of others in its cache alone', async () => {
  const shared = await caches.open('hayate-test-shared');
  const addresses = [
    '/a.css',
    'https://other.test/notes',
    ...FOREIGN_NAMES.map((name) => `/${encodeURIComponent(name)}`),
  ];
  for (const address of addresses) await shared.put(address, new Response(address));
  await useStore(cacheStorage('hayate-test-shared'));
  expect(await shared.keys()).toHaveLength(addresses.length);
  for (const address of addresses) expect(await (await shared.match(address))?.text()).toBe(address);
  await caches.delete('hayate-test-shared');
});
