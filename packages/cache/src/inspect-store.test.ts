import { describe, expect, test, vi } from 'vitest';
import { createModelStore } from './create-model-store';
import { createCuttingFetch } from './download/cutting-fetch.test.helper';
import { sha256Hex } from './digest';
import { clearCache, getFile } from './default-store';
import { modelBytes } from './model-bytes.test.helper';
import { persistStorage } from './persist-storage';
import { memoryStorage } from './storages/memory';

const model = modelBytes(50_000);
const sha256 = await sha256Hex(model);
const url = 'https://models.test/m.onnx';
const other = 'https://models.test/other.onnx';

async function setUp() {
  const storage = { ...memoryStorage(), persistent: true };
  const { fetch, stats } = createCuttingFetch(model);
  const store = createModelStore({ storage, fetch, checkpointBytes: 8192 });
  await store.getFile(url);
  await store.getFile(other, { sha256 });
  return { storage, store, stats };
}

describe('verify', () => {
  test('tells of each file that it is intact, with progress', async () => {
    const { store } = await setUp();
    const onProgress = vi.fn();
    const intact = { sha256, bytes: 50_000, isIntact: true };
    expect(await store.verify(undefined, { onProgress })).toEqual([
      { url, ...intact },
      { url: other, ...intact },
    ]);
    expect(onProgress).toHaveBeenLastCalledWith({ loadedBytes: 50_000, totalBytes: 50_000 });
    expect(await store.verify('https://models.test/none')).toEqual([]);
  });

  test('removes what changed or lacks a part, which the next call fetches anew', async () => {
    const { store, storage, stats } = await setUp();
    const part = async () => (await storage.names()).find((name) => name.endsWith('.2')) as string;
    const change = async () => {
      const name = await part();
      const bytes = new Uint8Array(await (await storage.read(name))!.arrayBuffer());
      bytes[5]! ^= 1;
      await storage.write(name, bytes);
    };
    for (const damage of [change, async () => storage.delete(await part())]) {
      await damage();
      expect(await store.verify(other)).toMatchObject([{ isIntact: false }, { isIntact: false }]);
      expect(await store.has(url)).toBe(false);
      expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'network', bytes: model });
      await store.getFile(other, { sha256 });
    }
    expect(stats.requests).toBe(3);
  });

  test('what was pinned is so again once it is fetched anew', async () => {
    const storage = { ...memoryStorage(), persistent: true };
    const { fetch } = createCuttingFetch(model);
    const store = createModelStore({ storage, fetch, checkpointBytes: 8192 });
    await store.getFile(url, { sha256 });
    await store.pin(url);
    await storage.delete(`${sha256}.1`);
    expect(await store.verify()).toMatchObject([{ isIntact: false }]);
    expect(await store.list()).toEqual([]);
    await store.getFile(url, { sha256 });
    expect(await store.list()).toMatchObject([{ pinned: true }]);
    await storage.delete(`${sha256}.1`);
    expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'network' });
    expect(await store.list()).toMatchObject([{ pinned: true }]);
    await store.delete(url);
    await store.getFile(url, { sha256 });
    expect(await store.list()).toMatchObject([{ pinned: false }]);
  });

  test('ends with its signal', async () => {
    const { store } = await setUp();
    await expect(store.verify(url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(await store.verify(url)).toMatchObject([{ isIntact: true }, { isIntact: true }]);
  });
});

test('tells what is kept, since when, and when it was used', async () => {
  const { store } = await setUp();
  const before = Date.now();
  await store.getFile(url, { model: 'one' });
  const entries = await store.list();
  for (const entry of entries) {
    expect(entry).toMatchObject({ sha256, bytes: 50_000, pinned: false, models: ['one'], persisted: true });
    expect(entry.usedAt).toBeGreaterThanOrEqual(before);
  }
  expect(await store.usage()).toEqual({
    modelBytes: 50_000,
    partialBytes: 0,
    site: undefined,
    isPersistent: false,
  });
});

test('a note that comes after its file was removed is no file', async () => {
  const { store, storage } = await setUp();
  await store.clear();
  await storage.write(`${sha256}.used`, Uint8Array.of(1));
  expect(await store.list()).toEqual([]);
  expect(await store.has(url)).toBe(false);
});

test('the plain calls share a store, which persists only where there is something to ask', async () => {
  const self = import.meta.url;
  const { persisted, bytes } = await getFile(self);
  expect([persisted, bytes.length > 1000]).toEqual([false, true]);
  await clearCache();
  expect(await persistStorage()).toBe(false);
});

test('progress reaches those that wait for another’s download', async () => {
  const storage = { ...memoryStorage(), persistent: true };
  const large = modelBytes(400_000);
  const heard = [vi.fn(), vi.fn(), vi.fn()];
  let requests = 0;
  const fetch = () => {
    requests += 1;
    const halves = [large.slice(0, 200_000), large.slice(200_000)];
    const pull = async (stream: ReadableStreamDefaultController<Uint8Array>) => {
      const half = halves.shift();
      // The rest comes once all know of the beginning.
      if (halves.length === 0) {
        const some = expect.objectContaining({ phase: 'download', totalBytes: 400_000 }) as object;
        await vi.waitFor(() => heard.forEach((onProgress) => expect(onProgress).toHaveBeenCalledWith(some)));
      }
      if (half) stream.enqueue(half);
      else stream.close();
    };
    const headers = { 'content-range': 'bytes 0-399999/400000', etag: '"a"' };
    return Promise.resolve(
      new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), { status: 206, headers }),
    );
  };
  const calls = heard.map((onProgress) =>
    createModelStore({ storage, fetch, checkpointBytes: 8192 }).getFile(url, { onProgress }),
  );
  expect((await Promise.all(calls)).map(({ from }) => from)).toEqual(['network', 'storage', 'storage']);
  expect(requests).toBe(1);
});
