import type { GetFileOptions, StoredFile } from '@hayate/core';
import { createModelStore, type ModelStore } from './create-model-store';

let shared: ModelStore | undefined;

/** The store that `getFile`, `precacheModels` and `clearCache` share, made on the first call. */
export function defaultStore(): ModelStore {
  return (shared ??= createModelStore());
}

/**
 * The file at `url`, from the storage if it is stored there intact, otherwise from the network.
 *
 * @throws HayateError `model-unreachable`, `model-corrupt`; `AbortError`.
 */
export function getFile(url: string | URL, options?: GetFileOptions): Promise<StoredFile> {
  return defaultStore().getFile(url, options);
}

/** Removes everything from the store. */
export function clearCache(): Promise<void> {
  return defaultStore().clear();
}
