import { createJournal, idOf, type Journal, type Place } from './journal';
import { unlessHeld } from './lock';
import type { ModelStorage } from '../storages/model-storage';
import { memoryStorage } from '../storages/memory';
import { probeStorages } from '../storages/probe-storages';

/** Where a store keeps files: one storage that takes new ones, others that are read, and memory. */
export interface Places {
  /** What they are called in the locks of all who share them. */
  readonly name: string;
  /** All journals, memory last. */
  readonly all: readonly Journal[];
  readonly writable: Journal;
  readonly memory: Journal;
}

/** What is asked for: by digest whatever its address was, else by address. */
export interface Wanted {
  readonly url: string;
  readonly sha256: string | undefined;
}

/** The places of a storage that was chosen, or else of those that this realm has. */
export async function createPlaces(chosen?: ModelStorage): Promise<Places> {
  const { readable, writable } = chosen
    ? { readable: [chosen, memoryStorage()], writable: chosen }
    : await probeStorages();
  const all = readable.map(createJournal);
  const memory = all[all.length - 1] as Journal;
  return {
    name: chosen?.name ?? 'default',
    all,
    memory,
    writable: all.find(({ storage }) => storage === writable) ?? memory,
  };
}

/** Whole files that are the wanted one, the best place first. `onFault` hears of storages that cannot be read. */
export async function findCommitted(
  { all }: Places,
  { url, sha256 }: Wanted,
  onFault: (cause: unknown) => void,
): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const journal of all) {
    try {
      const record = sha256 === undefined ? undefined : await journal.find(sha256);
      if (sha256 !== undefined && record?.state === 'committed') {
        found.push({ journal, entry: { key: sha256, record } });
        continue;
      }
      for (const entry of await journal.list()) {
        const { state, sha256: own, urls } = entry.record;
        const fits = sha256 === undefined ? urls.includes(url) : own === sha256;
        if (state === 'committed' && fits) found.push({ journal, entry });
      }
    } catch (cause) {
      onFault(cause);
    }
  }
  return found;
}

/** What an interrupted download left in a journal: by digest, or by an address whose digest is not known. */
export async function findPartial(journal: Journal, { url, sha256 }: Wanted) {
  if (sha256 !== undefined) {
    const record = await journal.find(sha256);
    return record?.state === 'partial' ? { key: sha256, record } : undefined;
  }
  const entries = await journal.list();
  return entries.find(
    ({ record }) => record.state === 'partial' && record.sha256 === undefined && record.urls.includes(url),
  );
}

/** Takes an address from all files but one, and removes those that have none left. Resolves with whether there was any. */
export async function dropUrl({ all }: Places, url: string, but?: Place): Promise<boolean> {
  let dropped = false;
  for (const journal of all) {
    for (const { key, record } of await journal.list()) {
      const isKept = journal === but?.journal && key === but.entry.key;
      if (isKept || !record.urls.includes(url)) continue;
      dropped = true;
      const urls = record.urls.filter((other) => other !== url);
      const remove = async () => {
        // What took its place leaves it to those who have it open; it goes when room is needed.
        if (but) return unlessHeld([idOf({ key, record })], () => journal.remove(key));
        await journal.remove(key);
        return true;
      };
      if (urls.length > 0 || !(await remove())) await journal.write(key, { ...record, urls });
    }
  }
  return dropped;
}

/** Notes one more address of a file that is kept, and one more model; no other file has that address then. */
export async function note(
  places: Places,
  { journal, entry }: Place,
  { url, model }: { readonly url: string; readonly model: string | undefined },
): Promise<void> {
  const { key, record } = entry;
  const urls = [...new Set([...record.urls, url])];
  const models = [...new Set([...record.models, ...(model === undefined ? [] : [model])])];
  if (urls.length === record.urls.length && models.length === record.models.length) return;
  await journal.write(key, { ...record, urls, models });
  if (urls.length > record.urls.length) await dropUrl(places, url, { journal, entry });
}

/** Empties all places, of what no record tells of too. */
export async function clearPlaces({ all }: Places): Promise<void> {
  for (const { storage } of all) {
    for (const name of await storage.names()) await storage.delete(name);
  }
}
