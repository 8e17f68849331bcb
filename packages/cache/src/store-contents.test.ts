import { describe, expect, test, vi } from 'vitest';
import { createModelStore } from './create-model-store';
import { createCuttingFetch } from './download/cutting-fetch.test.helper';
import { sha256Hex } from './digest';
import { modelBytes } from './model-bytes.test.helper';
import { memoryStorage } from './storages/memory';
import { PROBE } from './storages/probe-storages';

const model = modelBytes(50_000);
const other = modelBytes(40_000, 2);
const sha256 = await sha256Hex(model);
const url = 'https://models.test/m.onnx';
const mirror = 'https://mirror.test/m.onnx';
const options = { checkpointBytes: 8192, retry: { firstMs: 0 } };

function setUp(more: object = {}) {
  const storage = { ...memoryStorage(), persistent: true };
  const { fetch, stats } = createCuttingFetch(model);
  return { storage, stats, store: createModelStore({ ...options, fetch, storage, ...more }) };
}

test('clear() removes what a probe has left, and not what an app keeps beside it', async () => {
  const { store, storage } = setUp();
  await storage.write(`${PROBE}.123`, Uint8Array.of(7));
  await storage.write('probe.1', Uint8Array.of(7));
  await store.clear();
  expect(await storage.names()).toEqual(['probe.1']);
});

describe('a digest is an identity', () => {
  test('the same file at two addresses is fetched and kept once', async () => {
    const { store, storage, stats } = setUp();
    await store.getFile(url, { sha256 });
    const parts = async () => (await storage.names()).filter((name) => /\.\d+$/.test(name));
    const values = await parts();
    expect(await store.getFile(mirror, { sha256 })).toMatchObject({ from: 'storage', bytes: model });
    expect(stats.requests).toBe(1);
    expect(await parts()).toEqual(values);
    expect((await store.list()).map((entry) => entry.url)).toEqual([url, mirror]);
    expect(await store.delete(url)).toBe(true);
    expect(await store.getFile(mirror)).toMatchObject({ from: 'storage' });
    expect(await store.delete(mirror)).toBe(true);
    expect(await storage.names()).toEqual([]);
  });

  test('what came without a digest serves those who know it', async () => {
    const { store, stats } = setUp();
    expect(await store.getFile(url)).toMatchObject({ sha256, from: 'network' });
    expect(await store.getFile(mirror, { sha256 })).toMatchObject({ sha256, from: 'storage' });
    expect(stats.requests).toBe(1);
  });

  test('another digest at an address takes the place of the one before', async () => {
    const { store, storage } = setUp();
    await store.getFile(url, { sha256 });
    const newer = createModelStore({ ...options, storage, fetch: createCuttingFetch(other).fetch });
    const digest = await sha256Hex(other);
    expect(await newer.getFile(url, { sha256: digest })).toMatchObject({ from: 'network' });
    expect(await newer.list()).toMatchObject([{ url, sha256: digest }]);
    expect((await storage.names()).some((name) => name.startsWith(sha256))).toBe(false);
  });

  test('a wrong length does not cost the file of that digest', async () => {
    const { store } = setUp();
    await store.getFile(url, { sha256 });
    await expect(store.getFile(url, { sha256, bytes: 5 })).rejects.toMatchObject({ code: 'model-corrupt' });
    expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'storage' });
  });

  test('files without a digest can be refused', async () => {
    const { store, stats } = setUp({ trust: 'digest-only' });
    await expect(store.getFile(url)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(store.getFile(url, { sha256: 'abc' })).rejects.toMatchObject({ code: 'bad-input' });
    expect(stats.requests).toBe(0);
    expect(await store.getFile(url, { sha256 })).toMatchObject({ sha256 });
  });
});

describe('openFile', () => {
  test('gives a Blob of what is kept, and fetches it once', async () => {
    const { store, stats } = setUp();
    for (const from of ['network', 'storage']) {
      const { blob, bytes, read, close, ...rest } = await store.openFile(url, { sha256 });
      close();
      expect(bytes).toBe(model.length);
      expect(await read()).toEqual(model);
      expect(rest).toEqual({ sha256, from, persisted: true });
      expect(await sha256Hex(new Uint8Array(await blob.arrayBuffer()))).toBe(sha256);
      expect(new Uint8Array(await blob.slice(4000, 4200).arrayBuffer())).toEqual(model.slice(4000, 4200));
    }
    expect(stats.requests).toBe(1);
  });
});

describe('a storage that refuses', () => {
  test('to read for a while loses nothing', async () => {
    const storage = { ...memoryStorage(), persistent: true };
    const { fetch } = createCuttingFetch(model);
    await createModelStore({ ...options, storage, fetch }).getFile(url, { sha256 });
    let refuses = true;
    const refusing = {
      ...storage,
      read: (name: string) =>
        refuses && name.endsWith('.0')
          ? Promise.reject(new DOMException('the disk is asleep', 'NotReadableError'))
          : storage.read(name),
    };
    const onStorageRefused = vi.fn();
    const offline = () => Promise.reject(new TypeError('no network'));
    const store = createModelStore({
      ...options,
      retry: { tries: 1 },
      storage: refusing,
      fetch: offline,
      onStorageRefused,
    });
    await expect(store.getFile(url, { sha256 })).rejects.toMatchObject({ code: 'model-unreachable' });
    expect(onStorageRefused).toHaveBeenCalled();
    refuses = false;
    expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'storage', bytes: model });
  });

  test.each([1, 2, 3, 5, 8, 15, 25, 30])(
    'at its write %i: memory takes over, nothing is fetched again',
    async (last) => {
      const onStorageRefused = vi.fn();
      const storage = { ...memoryStorage(), persistent: true };
      const { fetch, stats } = createCuttingFetch(model);
      const write = storage.write.bind(storage);
      let writes = 0;
      storage.write = (name, data) =>
        (writes += 1) >= last ? Promise.reject(new Error('QuotaExceededError')) : write(name, data);
      const refusing = createModelStore({
        ...options,
        storage,
        fetch,
        onStorageRefused,
      });
      const got = await refusing.getFile(url, { sha256 });
      expect(await sha256Hex(got.bytes)).toBe(sha256);
      const refused = writes >= last;
      expect(got.persisted).toBe(!refused);
      expect(onStorageRefused).toHaveBeenCalledTimes(refused ? 1 : 0);
      expect((await storage.names()).length > 0).toBe(!refused);
      expect(await refusing.getFile(url, { sha256 })).toMatchObject({
        from: 'storage',
        persisted: !refused,
      });
      expect(stats.bytes).toBe(model.length);
    },
  );
});

describe('answers that cannot be read', () => {
  test('are model-unreachable, and not tried again', async () => {
    const fetch = vi.fn(() =>
      Promise.resolve(Object.defineProperty(new Response(), 'type', { value: 'opaque' })),
    );
    const { store } = setUp({ fetch });
    await expect(store.getFile(url)).rejects.toMatchObject({
      code: 'model-unreachable',
      message: expect.stringContaining('CORS') as string,
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
