import type { ModelStorage } from './model-storage';
import { cacheStorage } from './cache-storage';
import { memoryStorage } from './memory';
import { opfsStorage } from './opfs';

const CACHE = 'hayate';
/** The cache in which versions before the journal kept files. */
const OUTDATED_CACHE = 'hayate-models';

/** Where files may lie, and where new ones go. */
export interface Storages {
  /** All that can be read, the best first, memory last. */
  readonly readable: readonly ModelStorage[];
  /** The first that keeps what it is given. */
  readonly writable: ModelStorage;
}

/**
 * The storages of this realm, tried out by writing, reading and deleting a value: what is there by name may still
 * refuse, as in private windows. A page and its workers may write to different ones and read each other's.
 */
export async function probeStorages(): Promise<Storages> {
  const memory = memoryStorage();
  const readable: ModelStorage[] = [];
  let writable: ModelStorage | undefined;
  for (const storage of [opfsStorage(), cacheStorage(CACHE)]) {
    try {
      // Once a place is found, a worse one is only looked at: the page or the worker may have written there.
      if (writable && !(await caches.has(CACHE))) continue;
      await storage.names();
      readable.push(storage);
      writable ??= (await keeps(storage)) ? storage : undefined;
    } catch {
      // Not here, or not allowed.
    }
  }
  if (writable) void dropOutdated();
  return { readable: [...readable, memory], writable: writable ?? memory };
}

/** Whether a storage gives back what it was given. */
export async function keeps(storage: ModelStorage): Promise<boolean> {
  const name = `probe.${crypto.getRandomValues(new Uint32Array(1)).join('')}`;
  try {
    await storage.write(name, Uint8Array.of(7));
    const kept = await (await storage.read(name))?.arrayBuffer();
    return kept?.byteLength === 1 && new Uint8Array(kept)[0] === 7;
  } catch {
    return false;
  } finally {
    await storage.delete(name).catch(() => undefined);
  }
}

async function dropOutdated(): Promise<void> {
  try {
    await caches.delete(OUTDATED_CACHE);
  } catch {
    // There is no Cache API, so there is no such cache.
  }
}
