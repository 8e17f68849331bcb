import type { StoreEntry } from '@hayate/core';
import { sha256OfBlob } from './digest';
import { bytesOf, lockIdOf, type FileLocation } from './journal/journal';
import type { Journals } from './journal/journals';
import { removePartials, usedAt } from './journal/make-room';

/** How much a store has stored. */
export interface StoreUsage {
  /** The bytes of complete files. */
  readonly modelBytes: number;
  /** The bytes of partial files, from interrupted downloads. */
  readonly partialBytes: number;
  /** The browser's estimate for the whole site, which it may round and pad. Undefined if the browser gives none. */
  readonly site: { readonly usageBytes: number; readonly quotaBytes: number } | undefined;
  /** Whether the browser promises not to clear this site's storage on its own. */
  readonly isPersistent: boolean;
}

/** The result of verifying one stored file. */
export interface Verdict {
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
  /** False if the file had changed or lacked a part. It was then removed; the next call downloads it again. */
  readonly isIntact: boolean;
}

/** Options of {@link StoreInspection.verify}. */
export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Receives the number of bytes read, and of all bytes that are to be read. */
  readonly onProgress?: (progress: { readonly loadedBytes: number; readonly totalBytes: number }) => void;
}

/** The part of a store that lists, verifies and manages its files. */
export interface StoreInspection {
  /** All complete files, one entry for each address. */
  list(): Promise<readonly StoreEntry[]>;
  /** Reads and hashes the file at an address, or all files. Removes damaged files. */
  verify(url?: string | URL, options?: VerifyOptions): Promise<readonly Verdict[]>;
  /** Pins or unpins the file at an address: it and its model are not removed to make room. False if it is not stored. */
  pin(url: string | URL, isPinned?: boolean): Promise<boolean>;
  usage(): Promise<StoreUsage>;
  /** Removes partial files that are not being downloaded. Resolves with the number of bytes freed. */
  deletePartials(): Promise<number>;
}

/** Makes the inspection of a store's journals. */
export function createInspection(
  journals: () => Promise<Journals>,
  absolute: (address: string | URL) => string,
): StoreInspection {
  async function entries(): Promise<readonly FileLocation[]> {
    const { all } = await journals();
    const lists = await Promise.all(
      all.map(async (journal) => (await journal.list()).map((entry) => ({ journal, entry }))),
    );
    return lists.flat();
  }

  async function committed(url?: string | URL): Promise<readonly FileLocation[]> {
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
            sha256: lockIdOf(entry),
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
        const sha256 = lockIdOf(entry);
        const isIntact = digest === sha256;
        // The file may have been replaced while it was read.
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
      const sum = (state: string, all: readonly FileLocation[]) =>
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
      const freed = (await journals()).all.map((journal) => removePartials(journal, Infinity));
      return (await Promise.all(freed)).reduce((sum, bytes) => sum + bytes, 0);
    },
  };
}
