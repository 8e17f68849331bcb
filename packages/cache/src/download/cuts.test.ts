import { afterAll, expect, inject, test } from 'vitest';
import { createModelStore } from '../create-model-store';
import { createCuttingFetch, createLife, type Cut } from './cutting-fetch.test.helper';
import { sha256Hex } from '../digest';
import { modelBytes } from '../model-bytes.test.helper';
import { memoryStorage } from '../storages/memory';

const { cutEvery } = inject('store');
const URL = 'https://models.test/m.onnx';
const CHECKPOINT = 8192;
const model = modelBytes(65_536);
const sha256 = await sha256Hex(model);
const options = { checkpointBytes: CHECKPOINT, retry: { firstMs: 0 } };
const reached = { cases: 0, refetched: 0 };

/** Each file is asked for in another way: as bytes or as a Blob, with its digest or without. */
async function get(store: ReturnType<typeof createModelStore>, at: number, signal?: AbortSignal) {
  const request = { ...(at % 3 !== 0 && { sha256 }), ...(signal && { signal }) };
  if (at % 2 === 0) return (await store.getFile(URL, request)).bytes;
  return new Uint8Array(await (await store.openFile(URL, request)).blob.arrayBuffer());
}

const places = Array.from({ length: Math.ceil(65_537 / cutEvery) }, (_, index) => index * cutEvery);
const edges = [1, CHECKPOINT - 1, CHECKPOINT, CHECKPOINT + 1, 65_535, 65_536];
const positions = [...new Set([...places, ...edges])];

async function check(name: string, run: (at: number) => Promise<{ bytes: Uint8Array; refetched: number }>) {
  for (const at of positions) {
    const { bytes, refetched } = await run(at);
    if (Buffer.compare(bytes, model) !== 0) throw new Error(`${name} at ${at}: other bytes`);
    if (refetched > CHECKPOINT) throw new Error(`${name} at ${at}: ${refetched} bytes were fetched again`);
    reached.cases += 1;
    reached.refetched = Math.max(reached.refetched, refetched);
  }
}

test('a connection that breaks at any byte goes on there', { timeout: 1e9 }, async () => {
  await check('a connection', async (at) => {
    const { fetch, stats } = createCuttingFetch(model, [{ at }]);
    const bytes = await get(createModelStore({ ...options, fetch, storage: memoryStorage() }), at);
    expect(stats.refetched).toBe(0);
    return { bytes, refetched: stats.bytes - model.length };
  });
});

test.each([
  ['a page that is gone', true],
  ['an abort', false],
])('%s at any byte leaves what another goes on from', { timeout: 1e9 }, async (name, crash) => {
  await check(name, async (at) => {
    const storage = memoryStorage();
    const life = createLife(storage);
    const controller = new AbortController();
    const end: Cut = {
      at,
      reached() {
        if (crash) life.kill();
        controller.abort();
        return true;
      },
    };
    const { fetch, stats } = createCuttingFetch(model, [end]);
    const first = createModelStore({ ...options, fetch, storage: life.storage });
    // Not by `rejects`, which keeps every promise until the test has ended.
    const ended: unknown = await get(first, at, controller.signal).catch((error: unknown) => error);
    if (!(ended instanceof Error) || ended.name !== 'AbortError')
      throw new Error(`${name}: ${String(ended)}`);
    const second = createModelStore({ ...options, fetch, storage: createLife(storage).storage });
    const bytes = await get(second, at);
    return { bytes, refetched: stats.refetched };
  });
});

afterAll(() => {
  console.log(
    `store: cuts in Node: ${reached.cases}, 0 wrong or stuck, at most ${reached.refetched} bytes fetched again`,
  );
});
