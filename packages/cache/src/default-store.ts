import {
  notify,
  type FileProgress,
  type FileSource,
  type GetFileOptions,
  type ModelFiles,
  type StoredFile,
} from '@hayate/core';
import { createModelStore, type ModelStore } from './create-model-store';

let shared: ModelStore | undefined;

/** The store of this page that `getFile`, `precacheModels` and `clearCache` use, made when it is first asked for. */
export function defaultStore(): ModelStore {
  return (shared ??= createModelStore());
}

/**
 * The file at `url`, from the storage when it is there and whole, else from the network.
 *
 * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
 */
export function getFile(url: string | URL, options?: GetFileOptions): Promise<StoredFile> {
  return defaultStore().getFile(url, options);
}

/** Removes all that the store keeps. */
export function clearCache(): Promise<void> {
  return defaultStore().clear();
}

/** What is to be there before it is needed: an address, a file with its digest, or a model of several files. */
export type PrecacheItem = string | URL | FileSource | ModelFiles;

/** Options of {@link precacheModels}. */
export interface PrecacheOptions {
  readonly store?: Pick<ModelStore, 'openFiles'>;
  readonly signal?: AbortSignal;
  /** Hears how far each item is, and which of how many it is, from 0. */
  readonly onProgress?: (progress: FileProgress & { readonly item: number; readonly items: number }) => void;
}

/**
 * Fetches what is not there yet, one item after the other; what was interrupted goes on. Resolves when all are kept, or
 * at least handed out.
 *
 * @throws as {@link getFile}, for the first item that cannot be had; those before it are kept.
 */
export async function precacheModels(
  list: readonly PrecacheItem[],
  { store = defaultStore(), signal, onProgress }: PrecacheOptions = {},
): Promise<void> {
  for (const [item, each] of list.entries()) {
    const model = typeof each === 'object' && 'files' in each ? each : { files: { file: fileOf(each) } };
    const opened = await store.openFiles(model, {
      ...(signal && { signal }),
      onProgress(progress) {
        if (onProgress) notify(onProgress, { ...progress, item, items: list.length });
      },
    });
    opened.close();
  }
}

function fileOf(item: string | URL | FileSource): FileSource {
  return typeof item === 'string' || item instanceof URL ? { url: item } : item;
}

/**
 * Asks the browser not to clear this site's storage on its own. Firefox asks the person, so call this once they have
 * begun a download: before they did anything at all, it does not ask, and resolves with false. On a page only.
 */
export async function persistStorage(): Promise<boolean> {
  // Workers have neither `persist` nor activation.
  const page = globalThis.navigator as
    | { readonly storage?: StorageManager; readonly userActivation?: { readonly hasBeenActive: boolean } }
    | undefined;
  const storage = page?.storage;
  if (storage === undefined || !('persist' in storage)) return false;
  const { persist } = storage as { persist?: () => Promise<boolean> };
  if (await storage.persisted().catch(() => false)) return true;
  if (page?.userActivation?.hasBeenActive === false) return false;
  return persist === undefined ? false : persist.call(storage).catch(() => false);
}
