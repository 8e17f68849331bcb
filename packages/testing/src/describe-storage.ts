import { beforeEach, describe, expect, test } from 'vitest';

// The shape of @hayate/cache's ModelStorage; this package must not depend on it.
interface Storage {
  readonly name: string;
  readonly persistent: boolean;
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Blob | undefined>;
  write(name: string, data: Uint8Array<ArrayBuffer>): Promise<void>;
  delete(name: string): Promise<boolean>;
}

/**
 * Tests the contract of a storage: a value is stored whole or not at all.
 *
 * @param makeStorage - Creates a storage; persistent storages of two calls must share their content.
 */
export function describeStorage(name: string, makeStorage: () => Storage | Promise<Storage>): void {
  const key = 'ab12.0';
  const data = Uint8Array.of(1, 2, 3);
  const bytesOf = async (blob: Blob | undefined) =>
    blob === undefined ? undefined : new Uint8Array(await blob.arrayBuffer());

  describe(name, () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = await makeStorage();
      for (const left of await storage.names()) await storage.delete(left);
    });

    test('is empty at first', async () => {
      expect(await storage.read(key)).toBeUndefined();
      expect(await storage.names()).toEqual([]);
      expect(await storage.delete(key)).toBe(false);
    });

    test('reads a written value by its name', async () => {
      await storage.write(key, data);
      await storage.write('ab12.r0', Uint8Array.of(9));
      expect(await bytesOf(await storage.read(key))).toEqual(data);
      expect([...(await storage.names())].sort()).toEqual([key, 'ab12.r0']);
      expect(await storage.read('ab12')).toBeUndefined();
    });

    test('replaces a value by a shorter and by a longer one', async () => {
      for (const length of [5, 1, 100_000]) {
        const value = new Uint8Array(length).fill(length);
        await storage.write(key, value);
        expect(await bytesOf(await storage.read(key))).toEqual(value);
      }
      expect(await storage.names()).toEqual([key]);
    });

    test('deletes', async () => {
      await storage.write(key, data);
      expect(await storage.delete(key)).toBe(true);
      expect(await storage.read(key)).toBeUndefined();
      expect(await storage.names()).toEqual([]);
      await storage.write(key, data);
      expect(await bytesOf(await storage.read(key))).toEqual(data);
    });

    test('keeps an empty value', async () => {
      await storage.write(key, new Uint8Array());
      expect((await storage.read(key))?.size).toBe(0);
    });

    test('writes only the view, not the buffer behind it', async () => {
      await storage.write(key, new Uint8Array(64).fill(7).subarray(3, 7));
      expect((await storage.read(key))?.size).toBe(4);
    });

    test('copies, so that the caller may change the bytes', async () => {
      const own = data.slice();
      await storage.write(key, own);
      own.fill(0);
      expect(await bytesOf(await storage.read(key))).toEqual(data);
    });

    test('reads a value as a Blob, which can be sliced and joined with others', async () => {
      const large = new Uint8Array(3_000_000).map((_, index) => index % 251);
      await storage.write(key, large);
      await storage.write('ab12.1', data);
      const blob = new Blob([(await storage.read(key))!, (await storage.read('ab12.1'))!]);
      expect(blob.size).toBe(large.length + 3);
      expect(await bytesOf(blob.slice(2_999_998))).toEqual(new Uint8Array([...large.slice(-2), ...data]));
    });

    test('writes many at once', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `cd34.${index}`);
      await Promise.all(names.map((each, index) => storage.write(each, new Uint8Array(1000).fill(index))));
      const sums = await Promise.all(
        names.map(async (each) => (await bytesOf(await storage.read(each)))?.[999]),
      );
      expect(sums).toEqual(names.map((_, index) => index));
      expect(await storage.names()).toHaveLength(20);
    });

    test('shares its values with a second storage, if it is persistent', async () => {
      await storage.write(key, data);
      const other = await makeStorage();
      expect((await other.read(key))?.size).toBe(storage.persistent ? 3 : undefined);
    });
  });
}
