import type { ModelStorage } from '../storages/model-storage';
import { memoryStorage } from '../storages/memory';
import { PROBE, probeStorages } from '../storages/probe-storages';
import { createJournal, lockIdOf, type FileLocation, type Journal } from './journal';
import { unlessLeased } from './lock';

/** The journals of a store: the one to which new files are written, others that are only read, and memory. */
export interface Journals {
  /** The prefix of their locks, the same in all tabs and workers that share the storages. */
  readonly name: string;
  /** All journals, in the order in which they are read; memory is the last. */
  readonly all: readonly Journal[];
  readonly writable: Journal;
  readonly memory: Journal;
}

/** The file that a request asks for: identified by its digest if that is known, otherwise by its address. */
export interface WantedFile {
  readonly url: string;
  readonly sha256: string | undefined;
}

/** Makes the journals of the storage `chosen`, or of the storages that this realm has. */
export async function createJournals(chosen?: ModelStorage): Promise<Journals> {
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

/** The committed files that match, in the order of the journals. `onFault` receives the errors of unreadable storages. */
export async function findCommitted(
  { all }: Journals,
  { url, sha256 }: WantedFile,
  onFault: (cause: unknown) => void,
): Promise<readonly FileLocation[]> {
  const found: FileLocation[] = [];
  for (const journal of all) {
    try {
      const record = sha256 === undefined ? undefined : await journal.find(sha256);
      if (sha256 !== undefined && record?.state === 'committed') {
        found.push({ journal, entry: { key: sha256, record } });
        continue;
      }
      for (const entry of await journal.list()) {
        const { state, sha256: own, urls } = entry.record;
        const isWanted = sha256 === undefined ? urls.includes(url) : own === sha256;
        if (state === 'committed' && isWanted) found.push({ journal, entry });
      }
    } catch (cause) {
      onFault(cause);
    }
  }
  return found;
}

/** The entry of an interrupted download: found by digest, or by address if neither request knew a digest. */
export async function findPartial(journal: Journal, { url, sha256 }: WantedFile) {
  if (sha256 !== undefined) {
    const record = await journal.find(sha256);
    return record?.state === 'partial' ? { key: sha256, record } : undefined;
  }
  const entries = await journal.list();
  return entries.find(
    ({ record }) => record.state === 'partial' && record.sha256 === undefined && record.urls.includes(url),
  );
}

/**
 * Removes an address from the records of all files except `keep`, and the files that have no address left. Resolves with
 * whether any record had it.
 */
export async function removeUrl({ all }: Journals, url: string, keep?: FileLocation): Promise<boolean> {
  let isRemoved = false;
  for (const journal of all) {
    for (const { key, record } of await journal.list()) {
      const isKept = journal === keep?.journal && key === keep.entry.key;
      if (isKept || !record.urls.includes(url)) continue;
      isRemoved = true;
      const urls = record.urls.filter((other) => other !== url);
      const remove = async () => {
        // A file that was replaced stays while it is leased; without an address, it is removed when room is needed.
        if (keep) return unlessLeased([lockIdOf({ key, record })], () => journal.remove(key));
        await journal.remove(key);
        return true;
      };
      if (urls.length > 0 || !(await remove())) await journal.write(key, { ...record, urls });
    }
  }
  return isRemoved;
}

/** Adds an address and a model to a file's record; the address is removed from all other files. */
export async function addToRecord(
  journals: Journals,
  { journal, entry }: FileLocation,
  { url, model }: { readonly url: string; readonly model: string | undefined },
): Promise<void> {
  const { key, record } = entry;
  const urls = withItem(record.urls, url);
  const models = withItem(record.models, model);
  if (urls.length === record.urls.length && models.length === record.models.length) return;
  await journal.write(key, { ...record, urls, models });
  if (urls.length > record.urls.length) await removeUrl(journals, url, { journal, entry });
}

/** The list, with the item added unless it is there already or undefined. */
export function withItem(list: readonly string[], item: string | undefined): readonly string[] {
  return item === undefined || list.includes(item) ? list : [...list, item];
}

/** Deletes every value of all journals, including values that no record lists and those that a probe has left. */
export async function clearJournals({ all }: Journals): Promise<void> {
  for (const { storage, names } of all) {
    const probes = (await storage.names()).filter((name) => name.startsWith(`${PROBE}.`));
    for (const name of [...(await names()), ...probes]) await storage.delete(name);
  }
}
