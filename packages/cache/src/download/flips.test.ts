import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRandom } from '@hayate/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createModelStore } from '../create-model-store';
import { createCuttingFetch, createLife } from './cutting-fetch.test.helper';
import { sha256Hex } from '../digest';
import { modelBytes } from '../model-bytes.test.helper';
import type { ModelStorage } from '../storages/model-storage';
import { folderStorage } from '../storages/folder';
import { memoryStorage } from '../storages/memory';

const { flips, seed } = inject('store');
const url = 'https://models.test/m.onnx';
const model = modelBytes(40_000);
const sha256 = await sha256Hex(model);
const options = { checkpointBytes: 8192, retry: { firstMs: 0 } };
const found = { transit: 0, rest: 0, partial: 0 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hayate-flips-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  console.log(
    `store: bit flips from seed ${seed}: ${found.transit} in transit refused, ` +
      `${found.rest} at rest and ${found.partial} in unfinished files healed, 0 wrong`,
  );
});
const storages: [string, () => ModelStorage][] = [
  ['memory', memoryStorage],
  ['a folder', () => folderStorage(pathToFileURL(folder))],
];

function flip(bytes: Uint8Array, bit: number): Uint8Array<ArrayBuffer> {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

/** Flips a bit of anything that is stored: a part or a record. */
async function flipStored(storage: ModelStorage, random: ReturnType<typeof createRandom>) {
  const name = random.oneOf([...(await storage.names())].sort());
  const bytes = new Uint8Array(await (await storage.read(name))!.arrayBuffer());
  await storage.write(name, flip(bytes, random.below(bytes.length * 8)));
}

test('a bit that flips on the way is refused, and fetched anew', { timeout: 1e9 }, async () => {
  const random = createRandom(seed);
  for (let run = 0; run < flips; run += 1) {
    const bit = random.below(model.length * 8);
    const always = random.rarely(4);
    const storage = memoryStorage();
    const { fetch } = createCuttingFetch(model, [], (bytes, request) =>
      always || request === 1 ? flip(bytes, bit) : bytes,
    );
    const store = createModelStore({ ...options, fetch, storage });
    const got = await store.getFile(url, { sha256 }).catch((error: unknown) => error);
    if (always) {
      expect(got).toMatchObject({ code: 'model-corrupt' });
      expect(await store.list()).toEqual([]);
    } else {
      expect(await sha256Hex((got as { bytes: Uint8Array<ArrayBuffer> }).bytes)).toBe(sha256);
    }
    found.transit += 1;
  }
});

test.each(storages)(
  'a bit that flips at rest, in %s, is found and healed',
  { timeout: 1e9 },
  async (_, make) => {
    const random = createRandom(seed + 1);
    for (let run = 0; run < flips / 2; run += 1) {
      const storage = make();
      const { fetch } = createCuttingFetch(model);
      const store = createModelStore({ ...options, fetch, storage });
      await store.clear();
      const request = random.rarely(3) ? {} : { sha256 };
      await store.getFile(url, request);
      await flipStored(storage, random);
      for (const again of [1, 2]) {
        const { bytes, from } = await createModelStore({ ...options, fetch, storage }).getFile(url, request);
        expect(await sha256Hex(bytes)).toBe(sha256);
        if (again === 2) expect(from).toBe('storage');
      }
      found.rest += 1;
    }
  },
);

test.each(storages)(
  'a bit that flips in an unfinished file, in %s, is found when it goes on',
  { timeout: 1e9 },
  async (_, make) => {
    const random = createRandom(seed + 2);
    for (let run = 0; run < flips / 2; run += 1) {
      const storage = make();
      const life = createLife(storage);
      const controller = new AbortController();
      const reached = () => {
        life.kill();
        controller.abort();
        return true;
      };
      const at = 8192 + random.below(model.length - 8192);
      const { fetch } = createCuttingFetch(model, [{ at, reached }]);
      const first = createModelStore({ ...options, fetch, storage: life.storage });
      await first.clear();
      const request = random.rarely(3) ? {} : { sha256 };
      const call = first.getFile(url, { ...request, signal: controller.signal });
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
      await flipStored(storage, random);
      const second = createModelStore({ ...options, fetch, storage });
      const got =
        run % 2 === 0
          ? (await second.getFile(url, request)).bytes
          : new Uint8Array(await (await second.openFile(url, request)).blob.arrayBuffer());
      expect(await sha256Hex(got)).toBe(sha256);
      found.partial += 1;
    }
  },
);
