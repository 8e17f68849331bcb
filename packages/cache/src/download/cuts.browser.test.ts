import type { FileProgress } from '@hayate/core';
import { createRandom } from '@hayate/testing';
import { afterAll, expect, inject, test } from 'vitest';
import { createModelStore } from '../create-model-store';
import { createLife } from './cutting-fetch.test.helper';
import { sha256Hex } from '../digest';
import { modelBytes } from '../model-bytes.test.helper';
import { cacheStorage } from '../storages/cache-storage';
import { opfsStorage } from '../storages/opfs';
import { remoteStorage } from '../storages/remote-storage.test.helper';
import type { StoreCall } from './store.test.worker';

const { cuts, seed } = inject('store');
const server = inject('faultServer');
const MIB = 2 ** 20;
const BYTES = 32 * MIB;
const CHECKPOINT = 8 * MIB;
const CUTS_A_MODEL = 10;
const FOLDER = 'hayate-test-cuts';
const sha256 = await sha256Hex(modelBytes(BYTES));
// The row of the table that serves as one should, and can cut.
const address = (run: string) => `${server}/0/${run}-${Date.now()}/${BYTES}`;

const worker = new Worker(new URL('../storages/opfs.test.worker.ts', import.meta.url), { type: 'module' });
afterAll(async () => {
  worker.terminate();
  await createModelStore({ storage: cacheStorage('hayate-test') }).clear();
  await createModelStore({ storage: opfsStorage('hayate-test') }).clear();
  await createModelStore({ storage: opfsStorage(FOLDER) }).clear();
});

test.each([
  ['OPFS in a worker', () => remoteStorage(worker, 'opfs hayate-test')],
  ['the Cache API', () => cacheStorage('hayate-test')],
])('32 MiB into %s, cut again and again', { timeout: 1e9 }, async (name, makeStorage) => {
  const random = createRandom(seed);
  const storage = makeStorage();
  const reached = { cuts: 0, refetched: 0 };
  for (let run = 0; reached.cuts < cuts; run += 1) {
    await createModelStore({ storage }).clear();
    const url = address(`cuts-${run}`);
    const places = Array.from({ length: CUTS_A_MODEL }, () => random.below(BYTES)).sort((a, b) => a - b);
    let position = 0;
    /** Ends the page at this byte. */
    let die: { readonly at: number; now(): void } | undefined;

    const fetch: typeof globalThis.fetch = async (input, init) => {
      const from = Number(/\d+/.exec((init?.headers as Record<string, string>)['range'] ?? '')?.[0] ?? 0);
      reached.refetched = Math.max(reached.refetched, position - from);
      position = from;
      const at =
        die === undefined && places[0] !== undefined && places[0] >= from ? places.shift() : undefined;
      if (at !== undefined) reached.cuts += 1;
      const response = await globalThis.fetch(
        at === undefined ? input : `${input as string}?cut=${at}`,
        init,
      );
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      let chunk = new Uint8Array();
      // Firefox gives chunks of many megabytes. Nothing is counted before it is asked for.
      const pull = async (stream: ReadableStreamDefaultController<Uint8Array>) => {
        while (chunk.length === 0) {
          const { done, value } = await reader.read();
          if (done) {
            stream.close();
            return;
          }
          chunk = Uint8Array.from(value);
        }
        const piece = chunk.subarray(0, 65_536);
        chunk = chunk.subarray(piece.length);
        position += piece.length;
        if (die && position >= die.at) die.now();
        stream.enqueue(piece);
      };
      const cancel = (reason: unknown) => reader.cancel(reason);
      const { status, headers } = response;
      return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), { status, headers });
    };

    for (;;) {
      const life = createLife(storage);
      const controller = new AbortController();
      const ends = places.length > 0 && random.rarely(2);
      const crash = random.rarely(2);
      die = ends
        ? {
            at: places.shift() ?? 0,
            now() {
              if (crash) life.kill();
              controller.abort();
            },
          }
        : undefined;
      if (ends) reached.cuts += 1;
      const store = createModelStore({
        storage: life.storage,
        fetch,
        checkpointBytes: CHECKPOINT,
        retry: { firstMs: 1, tries: 20 },
      });
      const got = await store
        .getFile(url, { sha256, signal: controller.signal })
        .catch((error: unknown) => error as Error);
      if (got instanceof Error) {
        expect(got.name).toBe('AbortError');
        continue;
      }
      expect(await sha256Hex(got.bytes)).toBe(sha256);
      expect(got.persisted).toBe(true);
      break;
    }
    expect(reached.refetched).toBeLessThanOrEqual(CHECKPOINT);
  }
  console.log(
    `store: cuts of 32 MiB into ${name}, seed ${seed}: ${reached.cuts}, 0 wrong or stuck, ` +
      `at most ${(reached.refetched / MIB).toFixed(1)} MiB fetched again`,
  );
});

/** Gets the file in a worker of its own, which is ended when it has so many bytes; resolves with the bytes it began with. */
async function inWorker(call: StoreCall, endAt = Infinity): Promise<number> {
  const mortal = new Worker(new URL('./store.test.worker.ts', import.meta.url), { type: 'module' });
  let began: number | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      mortal.onmessage = ({ data }: MessageEvent) => {
        const { progress, error } = data as { progress?: FileProgress; error?: string };
        if (error !== undefined) reject(new Error(error));
        else if (progress === undefined) resolve();
        else {
          began ??= progress.loadedBytes;
          if (progress.loadedBytes >= endAt) resolve();
        }
      };
      mortal.postMessage(call);
    });
  } finally {
    mortal.terminate();
  }
  return began ?? 0;
}

test('a worker that is ended leaves what the next goes on from', { timeout: 1e9 }, async () => {
  const random = createRandom(seed);
  const kills = Math.max(2, Math.round(cuts / 20));
  let lost = 0;
  for (let run = 0; run < kills; run += 1) {
    const storage = opfsStorage(FOLDER);
    await createModelStore({ storage }).clear();
    const call = { url: address(`kill-${run}`), sha256, folder: FOLDER };
    const at = random.below(BYTES - MIB);
    await inWorker(call, at);
    const began = await inWorker(call);
    lost = Math.max(lost, at - began);
    const { blob, from } = await createModelStore({ storage }).openFile(call.url, { sha256 });
    expect([blob.size, from]).toEqual([BYTES, 'storage']);
  }
  expect(lost).toBeLessThanOrEqual(CHECKPOINT);
  console.log(
    `store: workers ended in a download of 32 MiB: ${kills}, 0 wrong or stuck, ` +
      `at most ${(lost / MIB).toFixed(1)} MiB fetched again`,
  );
});
