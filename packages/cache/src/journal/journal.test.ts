import { describe, expect, test } from 'vitest';
import { createJournal, type FileRecord } from './journal';
import { memoryStorage } from '../storages/memory';

const record = (more: Partial<FileRecord> = {}): FileRecord => ({
  state: 'partial',
  urls: ['https://models.test/m.onnx'],
  models: [],
  sha256: undefined,
  parts: [3, 2],
  validator: '"a"',
  hashState: '00',
  storedAt: 1,
  ...more,
});

/** Keys are digests, or as long; `ABC` begins as `AB` does. */
const AB = 'ab'.repeat(16);
const ABC = `${AB}c`;
const CD = 'cd'.repeat(32);

describe('createJournal', () => {
  test('keeps the newest record of each file', async () => {
    const journal = createJournal(memoryStorage());
    expect(await journal.find(AB)).toBeUndefined();
    for (let storedAt = 1; storedAt <= 5; storedAt += 1) await journal.write(AB, record({ storedAt }));
    await journal.write(CD, record());
    expect(await journal.find(AB)).toEqual({ ...record({ storedAt: 5 }), sha256: undefined });
    expect((await journal.list()).map(({ key }) => key).sort()).toEqual([AB, CD]);
  });

  test.each([0, 1, 20, 100])('a record that is torn after %i bytes leaves the one before', async (torn) => {
    const storage = memoryStorage();
    const journal = createJournal(storage);
    await journal.write(AB, record({ storedAt: 1 }));
    await journal.write(AB, record({ storedAt: 2 }));
    const tearing = {
      ...storage,
      write: (name: string, data: Uint8Array<ArrayBuffer>) => storage.write(name, data.slice(0, torn)),
    };
    await createJournal(tearing).write(AB, record({ storedAt: 3 }));
    expect(await journal.find(AB)).toMatchObject({ storedAt: 2 });
    await journal.write(AB, record({ storedAt: 4 }));
    expect(await journal.find(AB)).toMatchObject({ storedAt: 4 });
  });

  const { parts: _, ...withoutParts } = record();
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['no fields', {}],
    ['no parts', withoutParts],
    ['parts of another kind', record({ parts: [{}] as never })],
    ['addresses of another kind', record({ urls: 'https://models.test/' as never })],
    ['another state', record({ state: 'sealed' as never })],
    ['no time', record({ storedAt: null as never })],
  ])('a record of another version, with %s, counts as absent', async (_, other) => {
    const storage = memoryStorage();
    const journal = createJournal(storage);
    await journal.writePart(AB, 0, Uint8Array.of(1, 2, 3));
    await journal.write(AB, other as FileRecord);
    expect(await journal.find(AB)).toBeUndefined();
    expect(await journal.list()).toEqual([]);
    await journal.tidy(AB, await storage.names());
    expect(await storage.names()).toEqual([]);
  });

  test('joins parts, and not those that are missing or have another length', async () => {
    const journal = createJournal(memoryStorage());
    await journal.writePart(AB, 0, Uint8Array.of(1, 2, 3));
    expect(await journal.blob(AB, [3, 2])).toBeUndefined();
    await journal.writePart(AB, 1, Uint8Array.of(4, 5));
    expect(new Uint8Array(await (await journal.blob(AB, [3, 2]))!.arrayBuffer())).toEqual(
      Uint8Array.of(1, 2, 3, 4, 5),
    );
    await journal.writePart(AB, 1, Uint8Array.of(4));
    expect(await journal.blob(AB, [3, 2])).toBeUndefined();
    expect((await journal.blob(AB, []))?.size).toBe(0);
  });

  test('tidies what a record does not tell of, and leaves its file alone', async () => {
    const storage = memoryStorage();
    const journal = createJournal(storage);
    const told = [`${AB}.0`, `${AB}.1`, `${AB}.pinned`, `${AB}.r0`, `${AB}.r1`, `${AB}.used`];
    for (const name of [
      ...told,
      `${AB}.1.crswap`,
      `${AB}.2`,
      `${ABC}.0`,
      `${CD}.0`,
      `${CD}.pinned`,
      `${CD}.used`,
    ])
      await storage.write(name, Uint8Array.of(1));
    await journal.write(AB, record());
    const names = await storage.names();
    await journal.tidy(AB, names);
    expect([...(await storage.names())].sort()).toEqual([
      ...told,
      `${ABC}.0`,
      `${CD}.0`,
      `${CD}.pinned`,
      `${CD}.used`,
    ]);
    await journal.tidy(CD, names);
    expect([...(await storage.names())].sort()).toEqual([...told, `${ABC}.0`, `${CD}.pinned`]);
  });

  test('tidies nothing of a file whose record cannot be read just now', async () => {
    const storage = memoryStorage();
    await createJournal(storage).writePart(AB, 0, Uint8Array.of(1, 2, 3));
    await createJournal(storage).write(AB, record({ parts: [3] }));
    const names = await storage.names();
    const asleep = {
      ...storage,
      async read(name: string) {
        const text = () => Promise.reject(new DOMException('the disk is asleep', 'NotReadableError'));
        const blob = await storage.read(name);
        return blob && Object.assign(new Blob([blob]), { text });
      },
    };
    await expect(createJournal(asleep).tidy(AB, names)).rejects.toMatchObject({ name: 'NotReadableError' });
    expect(await storage.names()).toEqual(names);
  });

  test('forgets the record before the parts', async () => {
    const storage = memoryStorage();
    const deleted: string[] = [];
    const watched = { ...storage, delete: (name: string) => (deleted.push(name), storage.delete(name)) };
    const journal = createJournal(watched);
    await journal.writePart(AB, 0, Uint8Array.of(1));
    await journal.writePart(ABC, 0, Uint8Array.of(1));
    await journal.write(AB, record());
    await journal.remove(AB);
    expect(deleted.at(-1)).toBe(`${AB}.0`);
    expect(await storage.names()).toEqual([`${ABC}.0`]);
  });
});
