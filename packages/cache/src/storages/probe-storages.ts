import type { ModelStorage } from './model-storage';
import { cacheStorage } from './cache-storage';
import { memoryStorage } from './memory';
import { opfsStorage } from './opfs';

const CACHE = 'hayate';
/** Begins the name of a probe's value. A browser that is killed in the probe leaves the value in the storage. */
export const PROBE = 'hayateprobe';

/** The storages from which files are read, and the one to which new files are written. */
export interface Storages {
  /** All that can be read, in order of preference; memory is the last. */
  readonly readable: readonly ModelStorage[];
  /** The first that returns what was written to it. */
  readonly writable: ModelStorage;
}

/**
 * Finds the storages of this realm by writing, reading and deleting a value: an API may exist and still refuse, as in
 * private windows. A page and its workers may write to different storages and read each other's.
 */
export async function probeStorages(): Promise<Storages> {
  const memory = memoryStorage();
  const readable: ModelStorage[] = [];
  let writable: ModelStorage | undefined;
  for (const storage of [opfsStorage(), cacheStorage(CACHE)]) {
    try {
      // The Cache API is then only read, in case the page or another worker has written to it.
      if (writable && !(await caches.has(CACHE))) continue;
      await storage.names();
      readable.push(storage);
      writable ??= (await returnsWhatIsWritten(storage)) ? storage : undefined;
    } catch {
      // Not available, or not allowed.
    }
  }
  return { readable: [...readable, memory], writable: writable ?? memory };
}

/** Tests a storage with a value of one byte. */
async function returnsWhatIsWritten(storage: ModelStorage): Promise<boolean> {
  const name = `${PROBE}.${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
  try {
    await storage.write(name, Uint8Array.of(7));
    const value = await (await storage.read(name))?.arrayBuffer();
    return value?.byteLength === 1 && new Uint8Array(value)[0] === 7;
  } catch {
    return false;
  } finally {
    await storage.delete(name).catch(() => undefined);
  }
}
