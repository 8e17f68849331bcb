import { afterEach, describe, expect, test, vi } from 'vitest';
import { createModelStore, type ModelStoreOptions } from '../create-model-store';
import { createCuttingFetch } from '../download/cutting-fetch.test.helper';
import { sha256Hex } from '../digest';
import { createJournal } from './journal';
import { makeRoom, sweep } from './make-room';
import { modelBytes } from '../model-bytes.test.helper';
import { checkWritten, type ModelStorage } from '../storages/model-storage';
import { memoryStorage } from '../storages/memory';

const BYTES = 50_000;
const address = (name: string) => `https://models.test/${name}`;
/** Each address has a file of its own, as long as all others. */
const bytesOf = (name: string, length = BYTES) => modelBytes(length, name.charCodeAt(0));

function setUp(options: ModelStoreOptions = {}, length = BYTES) {
  const storage = options.storage ?? { ...memoryStorage(), persistent: true };
  const onStorageRefused = vi.fn();
  const fetch = ((url: string, init: RequestInit) =>
    createCuttingFetch(bytesOf(new URL(url).pathname.slice(1), length)).fetch(
      url,
      init,
    )) as typeof globalThis.fetch;
  const store = createModelStore({ checkpointBytes: 8192, fetch, onStorageRefused, ...options, storage });
  /** The names of the files that are kept, in the order of the alphabet. */
  const kept = async () =>
    [...new Set((await store.list()).filter(({ persisted }) => persisted).map(({ url }) => url.slice(-1)))]
      .sort()
      .join('');
  return { store, storage, onStorageRefused, kept };
}

/** A disk on which `limit` bytes have room. It is full in one of the ways that browsers have. */
function smallStorage(limit: number, how: 'throws' | 'writes less' | 'lies'): ModelStorage {
  const inner = memoryStorage();
  const sizes = new Map<string, number>();
  return {
    ...inner,
    name: 'small',
    persistent: true,
    async write(name, data) {
      sizes.delete(name);
      const free = limit - [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (data.length > free) {
        if (how === 'throws') throw new DOMException('the quota is exceeded', 'QuotaExceededError');
        // What Chromium's file system says when a disk is full, and what it says in private windows.
        checkWritten(how === 'writes less' ? free : 2 ** 32 - 8, data);
      }
      sizes.set(name, data.length);
      await inner.write(name, data);
    },
    delete(name) {
      sizes.delete(name);
      return inner.delete(name);
    },
  };
}

/** Each call a second later, so that the order of use is known. */
function tick(): void {
  vi.setSystemTime(Date.now() + 1000);
}

describe('a budget', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  afterEach(() => vi.setSystemTime(new Date('2026-01-01')));

  test('lets go of what was not used for longest, and hands out all the same', async () => {
    const { store, kept } = setUp({ budgetBytes: 3.5 * BYTES });
    for (const name of ['a', 'b', 'c']) {
      tick();
      await store.getFile(address(name));
    }
    tick();
    expect(await store.getFile(address('a'))).toMatchObject({ from: 'storage' });
    tick();
    expect(await store.getFile(address('d'))).toMatchObject({ persisted: true, from: 'network' });
    expect(await kept()).toBe('acd');
    tick();
    await store.openFile(address('e')).then(({ close }) => close());
    expect(await kept()).toBe('ade');
  });

  test('lets go of nothing for what is larger than all of it', async () => {
    const storage = { ...memoryStorage(), persistent: true };
    const { store, kept } = setUp({ storage });
    await store.getFile(address('a'));
    const large = setUp({ storage, budgetBytes: 1.5 * BYTES }, 2 * BYTES);
    for (const [name, known] of [
      ['x', {}],
      ['y', { bytes: 2 * BYTES }],
    ] as const) {
      const got = await large.store.getFile(address(name), known);
      expect(got).toMatchObject({ persisted: false, from: 'network', bytes: bytesOf(name, 2 * BYTES) });
    }
    expect(await kept()).toBe('a');
    expect(large.onStorageRefused).toHaveBeenCalledTimes(2);
    expect(large.onStorageRefused.mock.calls[0]?.[0]).toMatchObject({
      code: 'storage-refused',
      message: expect.stringContaining('budget') as string,
    });
  });

  test('keeps what is pinned', async () => {
    const { store, kept } = setUp({ budgetBytes: 2.5 * BYTES });
    await store.getFile(address('a'));
    expect(await store.pin(address('a'))).toBe(true);
    expect(await store.pin(address('z'))).toBe(false);
    for (const name of ['b', 'c', 'd']) {
      tick();
      await store.getFile(address(name));
    }
    expect(await kept()).toBe('ad');
    expect(await store.list()).toMatchObject([{ pinned: true }, { pinned: false }]);
    await store.pin(address('a'), false);
    tick();
    await store.getFile(address('e'));
    expect(await kept()).toBe('de');
  });

  test('keeps what is open until it is closed', async () => {
    const { store, kept } = setUp({ budgetBytes: 1.5 * BYTES });
    const sha256 = await sha256Hex(bytesOf('a'));
    const first = await store.openFile(address('a'), { sha256 });
    const second = await store.openFile(address('a'));
    expect(await store.getFile(address('b'))).toMatchObject({ persisted: false });
    first.close();
    first.close();
    expect(await store.getFile(address('c'))).toMatchObject({ persisted: false });
    expect(await sha256Hex(new Uint8Array(await second.blob.arrayBuffer()))).toBe(sha256);
    second.close();
    expect(await store.getFile(address('d'))).toMatchObject({ persisted: true });
    expect(await kept()).toBe('d');
  });

  test('keeps what is open though its address has another file now', async () => {
    const { store, storage } = setUp();
    const before = await store.openFile(address('a'));
    const newer = setUp({ storage }, 2 * BYTES);
    const after = await newer.store.openFile(address('a'), { revalidate: true });
    expect([before.blob.size, after.blob.size]).toEqual([BYTES, 2 * BYTES]);
    expect(new Uint8Array(await before.blob.arrayBuffer())).toEqual(bytesOf('a'));
    expect(await createJournal(storage).find(before.sha256)).toBeUndefined(); // its key is its own
    expect(await createJournal(storage).list()).toHaveLength(2);
    expect((await store.list()).map(({ bytes }) => bytes)).toEqual([2 * BYTES]);
    before.close();
    await makeRoom(createJournal(storage), 1, '');
    expect((await createJournal(storage).list()).map(({ record }) => record.sha256)).toEqual([after.sha256]);
    after.close();
  });

  test('keeps or drops a model as a whole, and what two models share while either is there', async () => {
    const { store, kept } = setUp({ budgetBytes: 4.5 * BYTES });
    const files = (names: string) =>
      Object.fromEntries([...names].map((name) => [name, { url: address(name) }]));
    const open = async (id: string, names: string) => {
      tick();
      (await store.openFiles({ id, files: files(names) })).close();
    };
    await open('one', 'ab');
    await open('two', 'bc');
    tick();
    await store.getFile(address('a'));
    await open('three', 'de');
    // The second model went, though only one file's room was wanted; the first one has its own two.
    expect(await kept()).toBe('abde');
    await open('four', 'fg');
    expect(await kept()).toBe('defg');
    expect((await store.list()).map(({ models }) => models.join())).toEqual([
      'three',
      'three',
      'four',
      'four',
    ]);
  });
});

describe.each(['throws', 'writes less', 'lies'] as const)('a disk that is full and %s', (how) => {
  const old = 30_000;

  // Beside the old file, part by part, to where both have room.
  test.each(Array.from({ length: 20 }, (_, index) => old + 3000 + index * 3000))(
    'at %i bytes keeps whole files only, and the old one unless the new one needs its room',
    async (limit) => {
      const storage = smallStorage(limit, how);
      const before = setUp({ storage }, old);
      await before.store.getFile(address('a'));
      const { store, onStorageRefused } = setUp({ storage });
      const got = await store.getFile(address('b'));
      expect(got.bytes).toEqual(bytesOf('b'));
      const listed = (await store.list()).filter(({ persisted }) => persisted);
      // The records need some room too.
      const [alone, both] = [limit > BYTES + 2000, limit > BYTES + old + 3000];
      if (limit < BYTES) expect(got.persisted).toBe(false);
      if (alone) expect(got.persisted).toBe(true);
      expect(onStorageRefused).toHaveBeenCalledTimes(got.persisted ? 0 : 1);
      expect(listed.map(({ url }) => url.slice(-1)).sort()).toEqual([
        ...(both || !got.persisted ? ['a'] : []),
        ...(got.persisted ? ['b'] : []),
      ]);
      for (const { isIntact } of await store.verify()) expect(isIntact).toBe(true);
      // Nothing else lies there.
      const keys = new Set((await storage.names()).map((name) => name.slice(0, name.indexOf('.'))));
      expect(keys.size).toBe(listed.length);
    },
  );

  test('keeps a pinned or an open file however little room there is', async () => {
    for (const hold of ['pinned', 'open']) {
      const storage = smallStorage(BYTES + 5000, how); // enough for the new one alone
      const before = setUp({ storage }, old);
      const { close } = await before.store.openFile(address('a'));
      if (hold === 'pinned') {
        close();
        await before.store.pin(address('a'));
      }
      const { store } = setUp({ storage });
      expect(await store.getFile(address('b'))).toMatchObject({ persisted: false });
      expect(await store.verify(address('a'))).toMatchObject([{ isIntact: true }]);
      close();
    }
  });
});

describe('what nobody goes on with', () => {
  test('is removed after a week, or on demand', async () => {
    const storage = { ...memoryStorage(), persistent: true };
    const store = createModelStore({
      storage,
      checkpointBytes: 8192,
      retry: { tries: 1 },
      fetch: createCuttingFetch(bytesOf('a'), [{ at: 30_000 }, { at: 45_000 }]).fetch,
    });
    for (const ageMs of [8 * 24 * 3600e3, 0]) {
      await expect(store.getFile(address('a'))).rejects.toMatchObject({ code: 'model-unreachable' });
      expect((await store.usage()).partialBytes).toBeGreaterThan(20_000);
      await sweep(createJournal(storage));
      expect((await store.usage()).partialBytes).toBeGreaterThan(20_000);
      if (ageMs > 0) await sweep(createJournal(storage), Date.now() + ageMs);
      else expect(await store.deletePartials()).toBeGreaterThan(20_000);
      expect(await storage.names()).toEqual([]);
    }
  });

  test('goes before models do', async () => {
    const storage = { ...memoryStorage(), persistent: true };
    const { fetch } = createCuttingFetch(bytesOf('a'), [{ at: 30_000 }]);
    const cut = createModelStore({ storage, checkpointBytes: 8192, retry: { tries: 1 }, fetch });
    const { store, kept } = setUp({ storage });
    await store.getFile(address('b'));
    await expect(cut.getFile(address('a'))).rejects.toMatchObject({ code: 'model-unreachable' });
    expect(await makeRoom(createJournal(storage), 10_000, '')).toBe(true);
    expect(await kept()).toBe('b');
    expect((await store.usage()).partialBytes).toBe(0);
    expect(await makeRoom(createJournal(storage), 10_000, '')).toBe(true);
    expect(await kept()).toBe('');
    expect(await makeRoom(createJournal(storage), 1, '')).toBe(false);
  });
});
