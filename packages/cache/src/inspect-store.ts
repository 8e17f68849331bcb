import type { StoreEntry } from '@hayate/core';
import { sha256OfBlob } from './digest';
import { bytesOf, idOf, type Place } from './kept/journal';
import { removePartials, usedAt } from './kept/make-room';
import type { Places } from './kept/places';

/** How full a store is. */
export interface StoreUsage {
  /** The bytes of whole files. */
  readonly modelBytes: number;
  /** The bytes of downloads that were interrupted. */
  readonly partialBytes: number;
  /** What the browser says of this site as a whole, which is a hint: it may round and pad. Undefined where it does not tell. */
  readonly site: { readonly usageBytes: number; readonly quotaBytes: number } | undefined;
  /** Whether the browser promises not to clear this site's storage on its own. */
  readonly isPersistent: boolean;
}

/** What the check of a file that is kept found. */
export interface Verdict {
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
  /** False: it had changed or lacked a part, and was removed, so that the next call fetches it anew. */
  readonly isIntact: boolean;
}

/** Options of {@link StoreInspection.verify}. */
export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Hears how many of how many bytes were read. */
  readonly onProgress?: (progress: { readonly loadedBytes: number; readonly totalBytes: number }) => void;
}

/** What a store tells of what it keeps, and how it is tended. */
export interface StoreInspection {
  /** All whole files, one entry for each address. */
  list(): Promise<readonly StoreEntry[]>;
  /** Reads and hashes the file at an address, or all files. Those that are damaged are removed. */
  verify(url?: string | URL, options?: VerifyOptions): Promise<readonly Verdict[]>;
  /** Keeps the file at an address, and with it its model, when room is needed; or no longer. False where there is none. */
  pin(url: string | URL, isPinned?: boolean): Promise<boolean>;
  usage(): Promise<StoreUsage>;
  /** Removes what interrupted downloads left, unless somebody is at them. Resolves with how many bytes it was. */
  deletePartials(): Promise<number>;
}

/** Makes the inspection of a store's places. */
export function createInspection(
  places: () => Promise<Places>,
  absolute: (address: string | URL) => string,
): StoreInspection {
  async function entries(): Promise<readonly Place[]> {
    const { all } = await places();
    const lists = await Promise.all(
      all.map(async (journal) => (await journal.list()).map((entry) => ({ journal, entry }))),
    );
    return lists.flat();
  }

  async function committed(url?: string | URL): Promise<readonly Place[]> {
    const wanted = url === undefined ? undefined : absolute(url);
    return (await entries()).filter(
      ({ entry: { record } }) =>
        record.state === 'committed' && (wanted === undefined || record.urls.includes(wanted)),
    );
  }

  return {
    async list() {
      const described = (await committed()).map(
        async ({ journal, entry }): Promise<readonly StoreEntry[]> => {
          const { key, record } = entry;
          const { urls, models, storedAt } = record;
          const about = {
            bytes: bytesOf(record),
            sha256: idOf(entry),
            storedAt,
            usedAt: await usedAt(journal, entry),
            pinned: (await journal.mark(key, 'pinned')) !== undefined,
            models,
            persisted: journal.storage.persistent,
          };
          return urls.map((url) => ({ url, ...about }));
        },
      );
      return (await Promise.all(described)).flat();
    },

    async verify(url, { signal, onProgress } = {}) {
      const found = await committed(url);
      const totalBytes = found.reduce((sum, { entry }) => sum + bytesOf(entry.record), 0);
      const verdicts: Verdict[] = [];
      let before = 0;
      for (const { journal, entry } of found) {
        signal?.throwIfAborted();
        const bytes = bytesOf(entry.record);
        const blob = await journal.blob(entry.key, entry.record.parts);
        const onRead = (loadedBytes: number) => {
          signal?.throwIfAborted();
          onProgress?.({ loadedBytes: before + loadedBytes, totalBytes });
        };
        const digest = blob && (await sha256OfBlob(blob, onRead));
        const sha256 = idOf(entry);
        const isIntact = digest === sha256;
        // It may have been replaced while it was read.
        if (!isIntact && (await journal.find(entry.key))?.storedAt === entry.record.storedAt) {
          await journal.remove(entry.key, 'pinned');
        }
        before += bytes;
        for (const each of entry.record.urls) verdicts.push({ url: each, sha256, bytes, isIntact });
      }
      return verdicts;
    },

    async pin(url, isPinned = true) {
      const found = await committed(url);
      for (const { journal, entry } of found) {
        await journal.setMark(entry.key, 'pinned', isPinned ? 'yes' : undefined);
      }
      return found.length > 0;
    },

    async usage() {
      const sum = (state: string, all: readonly Place[]) =>
        all.reduce(
          (total, { entry: { record } }) => total + (record.state === state ? bytesOf(record) : 0),
          0,
        );
      const all = await entries();
      const storage =
        typeof navigator === 'undefined' ? undefined : (navigator.storage as StorageManager | undefined);
      const estimate = await storage?.estimate().catch(() => undefined);
      return {
        modelBytes: sum('committed', all),
        partialBytes: sum('partial', all),
        site:
          estimate?.usage === undefined || estimate.quota === undefined
            ? undefined
            : { usageBytes: estimate.usage, quotaBytes: estimate.quota },
        isPersistent: (await storage?.persisted().catch(() => false)) ?? false,
      };
    },

    async deletePartials() {
      const freed = (await places()).all.map((journal) => removePartials(journal, Infinity));
      return (await Promise.all(freed)).reduce((sum, bytes) => sum + bytes, 0);
    },
  };
}
