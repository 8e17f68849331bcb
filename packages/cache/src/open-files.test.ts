import type { FileProgress } from '@hayate/core';
import { describe, expect, test, vi } from 'vitest';
import { createModelStore } from './create-model-store';
import { createCuttingFetch } from './download/cutting-fetch.test.helper';
import { sha256Hex } from './digest';
import { precacheModels } from './precache-models';
import { modelBytes } from './model-bytes.test.helper';
import { memoryStorage } from './storages/memory';

const sizes: Readonly<Record<string, number>> = {
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

function setUp(missing: readonly string[] = []) {
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
  const store = createModelStore({ storage, fetch, checkpointBytes: 8192, retry: { tries: 1 } });
  return {
    store,
    storage,
    gone,
    requests,
    transferred: () => served.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

describe('openFiles', () => {
  test('gives all files of a model, once from the network', async () => {
    const { store, requests } = setUp();
    for (const from of ['network', 'storage']) {
      const opened = await store.openFiles(model);
      expect(opened.persisted).toBe(true);
      for (const [name, file] of Object.entries(opened.files)) {
        expect(file).toMatchObject({ from, sha256: files[name]?.sha256 });
        expect(new Uint8Array(await file.blob.arrayBuffer())).toEqual(bytesOf(name));
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
