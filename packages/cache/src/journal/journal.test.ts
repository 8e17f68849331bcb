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

describe('createJournal', () => {
  test('keeps the newest record of each file', async () => {
    const journal = createJournal(memoryStorage());
    expect(await journal.find('ab')).toBeUndefined();
    for (let storedAt = 1; storedAt <= 5; storedAt += 1) await journal.write('ab', record({ storedAt }));
    await journal.write('cd', record());
    expect(await journal.find('ab')).toEqual({ ...record({ storedAt: 5 }), sha256: undefined });
    expect((await journal.list()).map(({ key }) => key).sort()).toEqual(['ab', 'cd']);
  });

  test.each([0, 1, 20, 100])('a record that is torn after %i bytes leaves the one before', async (torn) => {
    const storage = memoryStorage();
    const journal = createJournal(storage);
    await journal.write('ab', record({ storedAt: 1 }));
    await journal.write('ab', record({ storedAt: 2 }));
    const tearing = {
      ...storage,
      write: (name: string, data: Uint8Array<ArrayBuffer>) => storage.write(name, data.slice(0, torn)),
    };
    await createJournal(tearing).write('ab', record({ storedAt: 3 }));
    expect(await journal.find('ab')).toMatchObject({ storedAt: 2 });
    await journal.write('ab', record({ storedAt: 4 }));
    expect(await journal.find('ab')).toMatchObject({ storedAt: 4 });
  });

  test('joins parts, and not those that are missing or have another length', async () => {
    const journal = createJournal(memoryStorage());
    await journal.writePart('ab', 0, Uint8Array.of(1, 2, 3));
    expect(await journal.blob('ab', [3, 2])).toBeUndefined();
    await journal.writePart('ab', 1, Uint8Array.of(4, 5));
    expect(new Uint8Array(await (await journal.blob('ab', [3, 2]))!.arrayBuffer())).toEqual(
      Uint8Array.of(1, 2, 3, 4, 5),
    );
    await journal.writePart('ab', 1, Uint8Array.of(4));
    expect(await journal.blob('ab', [3, 2])).toBeUndefined();
    expect((await journal.blob('ab', []))?.size).toBe(0);
  });

  test('tidies what a record does not tell of, and leaves its file alone', async () => {
    const storage = memoryStorage();
    const journal = createJournal(storage);
    const told = ['ab.0', 'ab.1', 'ab.pinned', 'ab.r0', 'ab.r1', 'ab.used'];
    for (const name of [...told, 'ab.1.crswap', 'ab.2', 'abc.0', 'cd.0', 'cd.pinned', 'cd.used'])
      await storage.write(name, Uint8Array.of(1));
    await journal.write('ab', record());
    const names = await storage.names();
    await journal.tidy('ab', names);
    expect([...(await storage.names())].sort()).toEqual([...told, 'abc.0', 'cd.0', 'cd.pinned', 'cd.used']);
    await journal.tidy('cd', names);
    expect([...(await storage.names())].sort()).toEqual([...told, 'abc.0', 'cd.pinned']);
  });

  test('tidies nothing of a file whose record cannot be read just now', async () => {
    const storage = memoryStorage();
    await createJournal(storage).writePart('ab', 0, Uint8Array.of(1, 2, 3));
    await createJournal(storage).write('ab', record({ parts: [3] }));
    const names = await storage.names();
    const asleep = {
      ...storage,
      async read(name: string) {
        const text = () => Promise.reject(new DOMException('the disk is asleep', 'NotReadableError'));
        const blob = await storage.read(name);
        return blob && Object.assign(new Blob([blob]), { text });
      },
    };
    await expect(createJournal(asleep).tidy('ab', names)).rejects.toMatchObject({ name: 'NotReadableError' });
    expect(await storage.names()).toEqual(names);
  });

  test('forgets the record before the parts', async () => {
    const storage = memoryStorage();
    const deleted: string[] = [];
    const watched = { ...storage, delete: (name: string) => (deleted.push(name), storage.delete(name)) };
    const journal = createJournal(watched);
    await journal.writePart('ab', 0, Uint8Array.of(1));
    await journal.writePart('abc', 0, Uint8Array.of(1));
    await journal.write('ab', record());
    await journal.remove('ab');
    expect(deleted.at(-1)).toBe('ab.0');
    expect(await storage.names()).toEqual(['abc.0']);
  });
});
