import type { FileProgress } from '@hayate/core';
import { describe, expect, test, vi } from 'vitest';
import { createModelStore, type ModelStoreOptions } from './create-model-store';
import { createCuttingFetch } from './download/cutting-fetch.test.helper';
import { sha256Hex } from './digest';
import { createJournal } from './journal/journal';
import { makeRoom } from './journal/make-room';
import { precacheModels } from './precache-models';
import { modelBytes } from './model-bytes.test.helper';
import { memoryStorage } from './storages/memory';

const sizes: Record<string, number> = {
  'm.onnx': 40_000,
  'm.onnx_data': 90_000,
  'tokenizer.json': 5000,
};
const bytesOf = (name: string) => modelBytes(sizes[name] ?? 0, name.length);
const url = (name: string) => `https://models.test/${name}`;
const files = Object.fromEntries(
  await Promise.all(
    Object.keys(sizes).map(async (name) => [
      name,
      { url: url(name), bytes: sizes[name] as number, sha256: await sha256Hex(bytesOf(name)) },
    ]),
  ),
) as Record<string, { url: string; bytes: number; sha256: string }>;
const model = { id: 'llm', files };

function setUp(missing: readonly string[] = [], options: ModelStoreOptions = {}) {
  const gone = new Set(missing);
  const requests: string[] = [];
  const served: { readonly bytes: number }[] = [];
  const fetch = ((address: string, init: RequestInit) => {
    const name = new URL(address).pathname.slice(1);
    requests.push(name);
    if (gone.has(name)) return Promise.resolve(new Response(null, { status: 404 }));
    const cutting = createCuttingFetch(bytesOf(name));
    served.push(cutting.stats);
    return cutting.fetch(address, init);
  }) as typeof globalThis.fetch;
  const storage = { ...memoryStorage(), persistent: true };
  const open = () =>
    createModelStore({ storage, fetch, checkpointBytes: 8192, retry: { tries: 1 }, ...options });
  const store = open();
  return {
    store,
    /** Another store of the same storage, as in another tab. */
    open,
    storage,
    gone,
    requests,
    transferred: () => served.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

describe('openFiles', () => {
  test('gives and closes a file of any name', async () => {
    const { store, storage } = setUp();
    const odd = { files: Object.fromEntries([['__proto__', files['m.onnx']!]]) };
    const opened = await store.openFiles(odd);
    expect(Object.keys(opened.files)).toEqual(['__proto__']);
    expect(opened.files['__proto__']?.bytes).toBe(40_000);
    opened.close();
    await vi.waitFor(async () => {
      expect(await makeRoom(createJournal(storage), 1, '')).toBe(true);
    });
  });

  test('gives all files of a model, once from the network', async () => {
    const { store, requests } = setUp();
    for (const from of ['network', 'storage']) {
      const opened = await store.openFiles(model);
      expect(opened.persisted).toBe(true);
      for (const [name, file] of Object.entries(opened.files)) {
        expect(file).toMatchObject({ from, sha256: files[name]?.sha256 });
        // `toEqual` takes seconds for arrays of this length.
        expect(Buffer.from(await file.blob.arrayBuffer()).equals(bytesOf(name))).toBe(true);
      }
      opened.close();
    }
    expect(requests.sort()).toEqual(Object.keys(sizes).sort());
    expect((await store.list()).map(({ models }) => models)).toEqual([['llm'], ['llm'], ['llm']]);
  });

  test('adds up the progress, which never goes back', async () => {
    const { store } = setUp();
    const told: FileProgress[] = [];
    const onProgress = (progress: FileProgress) => void told.push(progress);
    (await store.openFiles(model, { onProgress })).close();
    const loaded = told.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...loaded].sort((one, other) => one - other));
    expect(new Set(told.map(({ totalBytes }) => totalBytes))).toEqual(new Set([135_000]));
    expect(told[0]).toMatchObject({ phase: 'connect', loadedBytes: 0 });
    expect(told.at(-1)).toMatchObject({ phase: 'store', loadedBytes: 135_000 });
  });

  test('gives nothing when one file cannot be had, and the next try fetches only what lacks', async () => {
    const { store, gone, transferred } = setUp(['tokenizer.json']);
    await expect(store.openFiles(model)).rejects.toMatchObject({
      code: 'model-unreachable',
      details: { status: 404, url: url('tokenizer.json') },
    });
    gone.clear();
    (await store.openFiles(model)).close();
    // Each of the two that were ended lost the chunk of 10,000 bytes that was on its way.
    expect(transferred()).toBeLessThanOrEqual(135_000 + 2 * 10_000);
  });

  test('ends with its signal', async () => {
    const { store } = setUp();
    const controller = new AbortController();
    const call = store.openFiles(model, {
      signal: controller.signal,
      onProgress({ loadedBytes }) {
        if (loadedBytes > 0) controller.abort();
      },
    });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    (await store.openFiles(model)).close();
  });
});

describe('openFiles with files in memory', () => {
  const inMemory = (name: string) => name !== 'm.onnx_data';
  const only = (...names: readonly string[]) => ({
    id: 'llm',
    files: Object.fromEntries(names.map((name) => [name, files[name]!])),
  });

  test('gives them beside opened ones, and tells their bytes by name', async () => {
    const { store, requests } = setUp();
    for (const from of ['network', 'storage']) {
      const onVerified = vi.fn();
      const opened = await store.openFiles(model, { inMemory, onVerified });
      expect(opened.persisted).toBe(true);
      for (const [name, file] of Object.entries(opened.files)) {
        expect(file).toMatchObject({
          from,
          bytes: sizes[name],
          persisted: true,
          sha256: files[name]?.sha256,
        });
        expect(await sha256Hex(await file.read())).toBe(files[name]?.sha256);
        expect(await sha256Hex(new Uint8Array(await file.blob.arrayBuffer()))).toBe(files[name]?.sha256);
      }
      const told = new Map(onVerified.mock.calls as [string, Uint8Array<ArrayBuffer>][]);
      // Files from the storage, and opened ones, are not told.
      const expected = from === 'network' ? ['m.onnx', 'tokenizer.json'] : [];
      expect([...told.keys()].sort()).toEqual(expected);
      for (const [name, bytes] of told) expect(await sha256Hex(bytes)).toBe(files[name]?.sha256);
      opened.close();
    }
    expect(requests.sort()).toEqual(Object.keys(sizes).sort());
  });

  test('a file is told before it is stored, is not copied, and is not read back', async () => {
    const { storage, open } = setUp();
    const write = storage.write.bind(storage);
    const held: (() => void)[] = [];
    let isSlow = true;
    storage.write = async (name, data) => {
      if (isSlow) await new Promise<void>((resolve) => held.push(resolve));
      await write(name, data);
    };
    const read = vi.spyOn(storage, 'read');
    let settled = false;
    let call: ReturnType<ReturnType<typeof open>['openFiles']> | undefined;
    // Less than a part, so that nothing needs to be written before it is verified.
    const bytes = await new Promise<Uint8Array>((resolve) => {
      call = open().openFiles(only('tokenizer.json'), {
        inMemory,
        onVerified: (_, verified) => {
          resolve(verified);
        },
      });
      void call.finally(() => (settled = true));
    });
    expect(bytes).toEqual(bytesOf('tokenizer.json'));
    await vi.waitFor(() => {
      expect(held).toHaveLength(1);
    });
    expect(settled).toBe(false);
    isSlow = false;
    held[0]?.();
    const file = (await call!).files['tokenizer.json']!;
    expect(await file.read()).toBe(bytes);
    expect(await file.read()).toBe(bytes);
    expect(read.mock.calls.filter(([name]) => /\.\d+$/.test(name))).toEqual([]);
    file.close();
  });

  test('two calls at once share a download, and each has bytes of its own', async () => {
    const { store, requests } = setUp();
    const [one, other] = await Promise.all([
      store.openFiles(model, { inMemory }),
      store.openFiles(model, { inMemory, signal: new AbortController().signal }),
    ]);
    expect(requests).toHaveLength(3);
    (await one.files['m.onnx']!.read()).fill(0);
    expect(await sha256Hex(await other.files['m.onnx']!.read())).toBe(files['m.onnx']?.sha256);
    one.close();
    other.close();
  });

  test('adds their progress to that of the others', async () => {
    const { store } = setUp();
    const onProgress = vi.fn<(progress: FileProgress) => void>();
    for (const phases of [
      ['connect', 'download', 'store'],
      ['connect', 'store'],
    ]) {
      onProgress.mockClear();
      (await store.openFiles(model, { inMemory, onProgress })).close();
      const told = onProgress.mock.calls.map(([progress]) => progress);
      expect(told.map(({ loadedBytes }) => loadedBytes)).toEqual(
        told.map(({ loadedBytes }) => loadedBytes).sort((left, right) => left - right),
      );
      expect([...new Set(told.map(({ phase }) => phase))]).toEqual(expect.arrayContaining(phases));
      expect(told.at(-1)).toMatchObject({ phase: 'store', loadedBytes: 135_000, totalBytes: 135_000 });
    }
  });

  test('one that cannot be had ends the others, and nothing stays leased', async () => {
    const { store, storage, gone } = setUp(['m.onnx']);
    const call = store.openFiles(model, { inMemory });
    await expect(call).rejects.toMatchObject({ details: { status: 404, url: url('m.onnx') } });
    gone.clear();
    const controller = new AbortController();
    const aborted = store.openFiles(model, {
      inMemory,
      signal: controller.signal,
      onVerified: () => {
        controller.abort();
      },
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    const opened = await store.openFiles(model, { inMemory });
    const journal = createJournal(storage);
    expect(await makeRoom(journal, 1, '')).toBe(false);
    opened.close();
    await vi.waitFor(async () => {
      expect(await makeRoom(journal, 1, '')).toBe(true);
    });
    expect(await storage.names()).toEqual([]);
  });

  test('no file of a model makes room by removing another that was taken into memory before', async () => {
    const { open, requests, storage } = setUp([], { budgetBytes: 42_000 });
    const both = only('m.onnx', 'tokenizer.json');
    for (let load = 0; load < 3; load += 1) {
      const opened = await open().openFiles(both, { inMemory });
      expect(opened.persisted).toBe(false);
      opened.close();
    }
    expect(requests.filter((name) => name === 'tokenizer.json')).toHaveLength(1);
    expect((await createJournal(storage).list()).map(({ key }) => key)).toEqual([
      files['tokenizer.json']?.sha256,
    ]);
  });

  test('nor another whose turn has not come', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) sizes[name] = 20_000 + name.charCodeAt(0);
    const entries = names.map(async (name) => [
      name,
      { url: url(name), bytes: sizes[name]!, sha256: await sha256Hex(bytesOf(name)) },
    ]);
    const five = { id: 'five', files: Object.fromEntries(await Promise.all(entries)) as typeof files };
    const { open, requests } = setUp([], { budgetBytes: 30_000 });
    await open().getFile(url('e'), { ...five.files['e']!, model: 'five' });
    (await open().openFiles(five, { inMemory: () => true })).close();
    expect(requests.filter((name) => name === 'e')).toHaveLength(1);
  });
});

describe('precacheModels', () => {
  test('fetches what lacks, of addresses, files and models', async () => {
    const { store, requests } = setUp();
    await store.getFile(url('tokenizer.json'));
    const onProgress = vi.fn();
    await precacheModels([url('tokenizer.json'), files['m.onnx']!, model], { store, onProgress });
    expect(requests).toEqual(['tokenizer.json', 'm.onnx', 'm.onnx_data']);
    expect(onProgress).toHaveBeenLastCalledWith(
      expect.objectContaining({ item: 2, items: 3, loadedBytes: 135_000, totalBytes: 135_000 }),
    );
    expect((await store.list()).map(({ models }) => models)).toEqual([['llm'], ['llm'], ['llm']]);
  });

  test('names what cannot be had, and keeps what came before', async () => {
    const { store } = setUp(['m.onnx_data']);
    const call = precacheModels([url('tokenizer.json'), url('m.onnx_data'), url('m.onnx')], { store });
    await expect(call).rejects.toMatchObject({ details: { url: url('m.onnx_data') } });
    expect(await store.has(url('tokenizer.json'))).toBe(true);
    expect(await store.has(url('m.onnx'))).toBe(false);
  });
});
