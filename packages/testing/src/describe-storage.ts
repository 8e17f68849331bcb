import { beforeEach, describe, expect, test } from 'vitest';

// The shape of @hayate/cache's ModelStorage; this package must not depend on it.
interface Storage {
  readonly persistent: boolean;
  read(url: string): Promise<{ readonly data: Uint8Array; readonly sha256: string } | undefined>;
  write(file: StoredFile): Promise<void>;
  delete(url: string): Promise<boolean>;
  list(): Promise<readonly unknown[]>;
}

interface StoredFile {
  readonly url: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly bytes: number;
  readonly sha256: string;
  readonly storedAt: number;
}

/** The contract of a storage: a file is there whole or not at all. */
export function describeStorage(name: string, makeStorage: () => Storage): void {
  const url = 'https://models.test/m.onnx';
  const info = { url, bytes: 3, sha256: 'ab', storedAt: 1 };
  const file: StoredFile = { ...info, data: new Uint8Array([1, 2, 3]) };

  describe(name, () => {
    let storage: Storage;
    beforeEach(async () => {
      storage = makeStorage();
      await storage.delete(url);
    });

    test('has nothing at first', async () => {
      expect(await storage.read(url)).toBeUndefined();
      expect(await storage.list()).toEqual([]);
      expect(await storage.delete(url)).toBe(false);
    });

    test('gives back what was written, and lists it', async () => {
      await storage.write(file);
      expect(await storage.read(url)).toMatchObject({ ...info, data: file.data });
      expect(await storage.list()).toEqual([info]);
    });

    test('replaces and deletes', async () => {
      await storage.write(file);
      await storage.write({ ...file, data: new Uint8Array([9]), bytes: 1 });
      expect((await storage.read(url))?.data).toEqual(new Uint8Array([9]));
      expect(await storage.delete(url)).toBe(true);
      expect(await storage.read(url)).toBeUndefined();
    });

    test('hands out bytes that are the caller’s', async () => {
      await storage.write(file);
      (await storage.read(url))?.data.fill(0);
      expect((await storage.read(url))?.data).toEqual(new Uint8Array([1, 2, 3]));
    });
  });
}
