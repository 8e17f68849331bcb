import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createModelStore } from './create-model-store';
import { sha256Hex } from './digest';
import { memoryStorage } from './storages/memory';

const retry = { firstMs: 1 };
const MODEL = new Uint8Array(100_000).map((_, index) => index % 251);

describe('createModelStore', () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;
  let requests: number;
  let sha256: string;

  beforeEach(async () => {
    sha256 = await sha256Hex(MODEL);
    requests = 0;
    answer = (_, response) => response.end(MODEL);
    server = createServer((request, response) => {
      requests += 1;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.onnx`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('downloads once, then gives it from the storage, with progress in bytes', async () => {
    answer = (_, response) => response.setHeader('content-length', MODEL.length).end(MODEL);
    const store = createModelStore({ retry });
    const onProgress = vi.fn();
    const first = await store.getFile(url, { sha256, onProgress });
    expect(first).toMatchObject({ from: 'network', sha256 });
    expect(first.bytes).toEqual(MODEL);
    expect(onProgress).toHaveBeenLastCalledWith(
      expect.objectContaining({ phase: 'store', loadedBytes: MODEL.length, totalBytes: MODEL.length }),
    );
    expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'storage', persisted: false });
    expect(requests).toBe(1);
    expect(await store.list()).toMatchObject([{ url, bytes: MODEL.length, sha256 }]);
  });

  test('is asked twice at once and downloads once', async () => {
    const store = createModelStore({ retry });
    await Promise.all([store.getFile(url), store.getFile(url)]);
    expect(requests).toBe(1);
  });

  test('deletes and clears', async () => {
    const store = createModelStore({ retry });
    await store.getFile(url);
    expect(await store.has(url)).toBe(true);
    expect(await store.delete(url)).toBe(true);
    expect(await store.has(url)).toBe(false);
    await store.getFile(url);
    await store.clear();
    expect(await store.list()).toEqual([]);
  });

  const bad: [string, RequestListener, object][] = [
    ['a wrong digest', (_, response) => response.end('other'), { code: 'model-corrupt' }],
    [
      'a page of HTML',
      (_, response) => response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html>'),
      { code: 'model-corrupt', details: { actual: expect.stringContaining('HTML') } },
    ],
    [
      'a cut download',
      (_, response) => {
        response.setHeader('content-length', MODEL.length);
        response.write(MODEL.subarray(0, 1000), () => response.destroy());
      },
      { code: 'model-unreachable' },
    ],
    [
      'an HTTP error',
      (_, response) => response.writeHead(503).end(),
      { code: 'model-unreachable', details: { status: 503 } },
    ],
    [
      'no answer',
      (request) => request.socket.destroy(),
      { code: 'model-unreachable', details: { status: undefined } },
    ],
  ];
  test.each(bad)(
    '%s is a typed error, is not stored, and the next call tries again',
    async (_, listener, error) => {
      const store = createModelStore({ retry });
      const good = answer;
      answer = listener;
      await expect(store.getFile(url, { sha256 })).rejects.toMatchObject(error);
      expect(await store.list()).toEqual([]);
      answer = good;
      expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'network' });
    },
  );

  test('every caller’s bytes are its own, and a digest may be written in capitals', async () => {
    const store = createModelStore({ retry });
    const [one, two] = await Promise.all([store.getFile(url), store.getFile(url)]);
    one.bytes.fill(0);
    expect(two.bytes).toEqual(MODEL);
    await store.getFile(url, { sha256: sha256.toUpperCase() });
    await expect(store.getFile(url, { bytes: 3 })).rejects.toMatchObject({ code: 'model-corrupt' });
  });

  test('a listener that throws does not fail the download', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const onProgress = () => {
      throw new Error('a listener');
    };
    expect((await createModelStore({ retry }).getFile(url, { onProgress })).bytes).toEqual(MODEL);
    expect(report).toHaveBeenCalled();
    report.mockRestore();
  });

  test('what changes at its address stays until it is asked for anew, also when nobody answers then', async () => {
    const store = createModelStore({ retry });
    await store.getFile(url, { revalidate: true });
    answer = (_, response) => response.end('newer');
    expect((await store.getFile(url)).bytes).toEqual(MODEL);
    expect((await store.getFile(url, { revalidate: true })).bytes).toHaveLength(5);
    answer = (request) => request.socket.destroy();
    expect(await store.getFile(url, { revalidate: true })).toMatchObject({ from: 'storage' });
  });

  test('another length than the manifest says is model-corrupt', async () => {
    await expect(createModelStore({ retry }).getFile(url, { bytes: 5 })).rejects.toMatchObject({
      code: 'model-corrupt',
      details: { expected: '5 bytes', actual: 'more than 5 bytes' },
    });
    await expect(createModelStore({ retry }).getFile(url, { bytes: 200_000 })).rejects.toMatchObject({
      code: 'model-corrupt',
      details: { expected: '200000 bytes', actual: '100000 bytes' },
    });
  });

  test('bytes that changed at rest are found and fetched anew', async () => {
    const storage = memoryStorage();
    const store = createModelStore({ retry, storage });
    await store.getFile(url, { sha256 });
    const name = `${sha256}.0`;
    const stored = new Uint8Array(await (await storage.read(name))!.arrayBuffer());
    stored[7]! ^= 1;
    await storage.write(name, stored);
    expect(await store.getFile(url, { sha256 })).toMatchObject({ from: 'network', bytes: MODEL });
    expect(requests).toBe(2);
  });

  test('tells the bytes once they are verified, before they are stored', async () => {
    let stored: () => void = () => undefined;
    const slow = { ...memoryStorage(), write: () => new Promise<void>((resolve) => (stored = resolve)) };
    const store = createModelStore({ retry, storage: slow });
    let settled = false;
    let call: Promise<unknown> | undefined;
    const bytes = await new Promise((onVerified) => {
      call = store.getFile(url, { sha256, onVerified }).finally(() => (settled = true));
    });
    expect(bytes).toEqual(MODEL);
    expect(settled).toBe(false);
    await vi.waitFor(() => {
      stored();
      expect(settled).toBe(true);
    });
    expect(await call).toMatchObject({ bytes: MODEL, from: 'network' });
    const onVerified = vi.fn();
    await expect(store.getFile(url, { sha256: '0'.repeat(64), onVerified })).rejects.toMatchObject({
      code: 'model-corrupt',
    });
    expect(onVerified).not.toHaveBeenCalled();
  });

  test('a storage that refuses is a warning; the bytes stay in memory', async () => {
    const onStorageRefused = vi.fn();
    const full = {
      ...memoryStorage(),
      persistent: true,
      write: () => Promise.reject(new Error('QuotaExceededError')),
    };
    const store = createModelStore({ retry, storage: full, onStorageRefused });
    expect(await store.getFile(url)).toMatchObject({ persisted: false, from: 'network' });
    expect(onStorageRefused).toHaveBeenCalledWith(expect.objectContaining({ code: 'storage-refused' }));
    expect(await store.getFile(url)).toMatchObject({ persisted: false, from: 'storage' });
    expect(requests).toBe(1);
  });

  test('an abort settles one caller; when nobody waits the download ends', async () => {
    let closed: Promise<void> | undefined;
    answer = (request, response) => {
      closed = new Promise((resolve) => request.on('close', resolve));
      response.setHeader('content-length', MODEL.length).write(MODEL.subarray(0, 10));
    };
    const store = createModelStore({ retry });
    const controller = new AbortController();
    const call = store.getFile(url, {
      signal: controller.signal,
      onProgress: ({ loadedBytes }) => {
        if (loadedBytes > 0) controller.abort();
      },
    });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
    expect(await store.list()).toEqual([]);
  });

  test('reads file: addresses in Node, and says when there is no such file', async () => {
    const store = createModelStore({ retry });
    const self = import.meta.url;
    const { bytes } = await store.getFile(self);
    expect(Buffer.from(bytes).equals(await readFile(fileURLToPath(self)))).toBe(true);
    await expect(store.getFile(`${self}.no`)).rejects.toMatchObject({ code: 'model-unreachable' });
  });

  test('refuses what is no address', async () => {
    await expect(createModelStore({ retry }).getFile('no address')).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});
