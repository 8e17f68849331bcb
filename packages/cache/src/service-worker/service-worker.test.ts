import { HayateError } from '@hayate/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createModelStore } from '../create-model-store';
import { createCuttingFetch } from '../download/cutting-fetch.test.helper';
import { sha256Hex } from '../digest';
import { modelBytes } from '../model-bytes.test.helper';
import {
  isolate,
  precacheOnMessage,
  serveIsolated,
  serveModels,
  type FetchEventLike,
  type ServeModelsOptions,
} from '../service-worker';
import { memoryStorage } from '../storages/memory';

const model = modelBytes(50_000);
const sha256 = await sha256Hex(model);
const url = 'https://models.test/m.onnx';

async function setUp(options: ServeModelsOptions = {}) {
  const storage = { ...memoryStorage(), persistent: true };
  const store = createModelStore({ storage, fetch: createCuttingFetch(model).fetch, checkpointBytes: 8192 });
  await store.getFile(url);
  return { store, serve: serveModels({ storages: [storage], ...options }) };
}

/** What a listener answers, if it does. */
async function ask(
  listener: (event: FetchEventLike) => boolean,
  address: string,
  init: Omit<RequestInit, 'mode'> & { readonly destination?: string; readonly mode?: string } = {},
): Promise<Response | undefined> {
  let response: Promise<Response> | undefined;
  const { mode, destination, ...rest } = init;
  const request = new Request(address, rest);
  const asked = Object.create(request, {
    url: { value: address },
    method: { value: request.method },
    headers: { value: request.headers },
    cache: { value: init.cache ?? 'default' },
    mode: { value: mode ?? 'cors' },
    destination: { value: destination ?? '' },
  }) as Request;
  const taken = listener({ request: asked, respondWith: (answer) => void (response = answer) });
  expect(taken).toBe(response !== undefined);
  return response;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('serveModels', () => {
  test('answers for what is kept, whole and in ranges', async () => {
    const { serve } = await setUp();
    const whole = await ask(serve, url);
    expect(whole?.status).toBe(200);
    expect(Object.fromEntries(whole!.headers)).toMatchObject({
      etag: `"${sha256}"`,
      'accept-ranges': 'bytes',
      'content-length': '50000',
      'content-type': 'application/octet-stream',
    });
    expect(new Uint8Array(await whole!.arrayBuffer())).toEqual(model);
    // Across the border of two parts.
    const slice = await ask(serve, url, { headers: { range: 'bytes=4000-4199' } });
    expect([slice?.status, slice?.headers.get('content-range')]).toEqual([206, 'bytes 4000-4199/50000']);
    expect(new Uint8Array(await slice!.arrayBuffer())).toEqual(model.slice(4000, 4200));
    const beyond = await ask(serve, url, { headers: { range: 'bytes=50000-' } });
    expect([beyond?.status, beyond?.headers.get('content-range')]).toEqual([416, 'bytes */50000']);
  });

  test('answers HEAD and conditions', async () => {
    const { serve } = await setUp();
    const head = await ask(serve, url, { method: 'HEAD' });
    expect([head?.status, head?.headers.get('content-length'), head?.body]).toEqual([200, '50000', null]);
    const etag = `"${sha256}"`;
    expect((await ask(serve, url, { headers: { 'if-none-match': etag } }))?.status).toBe(304);
    const range = 'bytes=0-9';
    expect((await ask(serve, url, { headers: { range, 'if-range': etag } }))?.status).toBe(206);
    expect((await ask(serve, url, { headers: { range, 'if-range': '"other"' } }))?.status).toBe(200);
  });

  test('lets the network answer for what is not kept, or not any more', async () => {
    const { serve, store } = await setUp();
    const network = vi.fn(() => Promise.resolve(new Response('from the network')));
    vi.stubGlobal('fetch', network);
    expect(await (await ask(serve, 'https://models.test/other.onnx'))?.text()).toBe('from the network');
    expect((await ask(serve, url))?.headers.get('etag')).toBe(`"${sha256}"`);
    await store.delete(url);
    expect(await (await ask(serve, url))?.text()).toBe('from the network');
    network.mockRejectedValue(new TypeError('offline'));
    await expect(ask(serve, url)).rejects.toThrow('offline');
  });

  test('leaves alone what cannot be a model', async () => {
    const { serve } = await setUp();
    expect(await ask(serve, 'https://models.test/')).toBeUndefined();
    expect(await ask(serve, 'https://models.test/app.js?model.onnx')).toBeUndefined();
    expect(await ask(serve, url, { method: 'POST', body: 'x' })).toBeUndefined();
    // As the store asks.
    expect(await ask(serve, url, { cache: 'no-store' })).toBeUndefined();
    const { serve: all } = await setUp({ match: ({ hostname }) => hostname === 'models.test' });
    expect((await ask(all, url))?.status).toBe(200);
  });
});

describe('precacheOnMessage', () => {
  async function request(precache: Parameters<typeof precacheOnMessage>[0], data: unknown) {
    const { port1, port2 } = new MessageChannel();
    const told: unknown[] = [];
    port1.onmessage = ({ data: message }) => void told.push(message);
    let work: Promise<unknown> | undefined;
    const taken = precacheOnMessage(precache)({
      data,
      ports: [port2],
      waitUntil: (promise) => void (work = promise),
    });
    return { taken, told, port1, work, close: () => port1.close() };
  }

  test('fetches, tells how far it is, and when it is done', async () => {
    const { store } = await setUp();
    await store.clear();
    const list = [{ url, sha256 }];
    const { precacheModels } = await import('../precache-models');
    const precache = vi.fn((items: Parameters<typeof precacheModels>[0], options: object) =>
      precacheModels(items, { ...options, store }),
    );
    const { taken, told, work, close } = await request(precache, { type: 'hayate:precache', list });
    expect(taken).toBe(true);
    await work;
    await vi.waitFor(() => {
      expect(told.at(-1)).toEqual({ done: true });
    });
    expect(told[0]).toMatchObject({ progress: { item: 0, items: 1 } });
    expect(await store.has(url)).toBe(true);
    close();
  });

  test('tells errors with their code, ends on demand, and takes no other message', async () => {
    const details = { url, status: 404 };
    const error = new HayateError('model-unreachable', 'no', details, { cause: new TypeError('deeper') });
    const failing = () => Promise.reject(error);
    const failed = await request(failing, { type: 'hayate:precache', list: [url] });
    await failed.work;
    await vi.waitFor(() => {
      expect(failed.told).toEqual([
        {
          error: {
            ...{ name: 'HayateError', message: 'no', code: 'model-unreachable', details },
            stack: error.stack,
            cause: expect.objectContaining({ name: 'TypeError', message: 'deeper' }) as unknown,
          },
        },
      ]);
    });
    failed.close();
    const until: Parameters<typeof precacheOnMessage>[0] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      });
    const ended = await request(until, { type: 'hayate:precache', list: [url] });
    ended.port1.postMessage('end');
    await ended.work;
    await vi.waitFor(() => {
      expect(ended.told).toMatchObject([{ error: { name: 'AbortError' } }]);
    });
    ended.close();
    for (const data of [undefined, 'text', { type: 'other' }, { type: 'hayate:precache' }]) {
      const other = await request(failing, data);
      expect([other.taken, other.work]).toEqual([false, undefined]);
      other.close();
    }
  });
});

describe('isolation', () => {
  test('adds the headers and changes nothing else', async () => {
    const response = new Response('page', { status: 203, headers: { 'content-type': 'text/html', a: 'b' } });
    const isolated = isolate(response, { embedderPolicy: 'credentialless' });
    expect([isolated.status, await isolated.text()]).toEqual([203, 'page']);
    expect(Object.fromEntries(isolated.headers)).toEqual({
      'content-type': 'text/html',
      a: 'b',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'credentialless',
    });
    const error = Response.error();
    expect(isolate(error)).toBe(error);
  });

  test('is for pages and workers alone, and lets failures through', async () => {
    const listener = serveIsolated();
    const network = vi.fn(() => Promise.resolve(new Response('page')));
    vi.stubGlobal('fetch', network);
    for (const init of [{ mode: 'navigate', destination: 'document' }, { destination: 'worker' }]) {
      const response = await ask(listener, 'https://site.test/', init);
      expect(response?.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    }
    expect(await ask(listener, 'https://site.test/a.png', { destination: 'image' })).toBeUndefined();
    network.mockRejectedValue(new TypeError('offline'));
    await expect(ask(listener, 'https://site.test/', { mode: 'navigate' })).rejects.toThrow('offline');
  });
});
