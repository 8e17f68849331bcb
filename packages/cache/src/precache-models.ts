import { notify, type FileProgress, type FileSource, type ModelFiles } from '@hayate/core';
import type { ModelStore } from './create-model-store';
import { defaultStore } from './default-store';

/** What to download before it is needed: an address, a file with its digest, or a model of several files. */
export type PrecacheItem = string | URL | FileSource | ModelFiles;

/** Options of {@link precacheModels}. */
export interface PrecacheOptions {
  readonly store?: Pick<ModelStore, 'openFiles'>;
  readonly signal?: AbortSignal;
  /** Called with the progress of the current item, its index (`item`, from 0) and the number of items. */
  readonly onProgress?: (progress: FileProgress & { readonly item: number; readonly items: number }) => void;
}

/**
 * Downloads the items that are not stored yet, one after the other; an interrupted download is resumed. Resolves when
 * all of them have been stored, or the platform has refused to store them.
 *
 * @throws as `getFile`, for the first item that fails; the items before it stay stored.
 */
export async function precacheModels(
  list: readonly PrecacheItem[],
  { store = defaultStore(), signal, onProgress }: PrecacheOptions = {},
): Promise<void> {
  for (const [item, each] of list.entries()) {
    const model = typeof each === 'object' && 'files' in each ? each : { files: { file: sourceOf(each) } };
    const opened = await store.openFiles(model, {
      ...(signal && { signal }),
      onProgress(progress) {
        if (onProgress) notify(onProgress, { ...progress, item, items: list.length });
      },
    });
    opened.close();
  }
}

function sourceOf(item: string | URL | FileSource): FileSource {
  return typeof item === 'string' || item instanceof URL ? { url: item } : item;
}
