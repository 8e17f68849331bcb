import type { LoadProgress } from '@hayate/core';

/** Adds up the progress of files that are fetched side by side. */
export interface ProgressTotal {
  /** Registers a file; the returned function notes how far it is. */
  file(
    bytes: number | undefined,
  ): (progress: { readonly loadedBytes: number; readonly totalBytes: number | undefined }) => void;
}

/** Makes a sum that tells `onProgress` after each change; `start` once all files that are known have come. */
export function createProgressTotal(onProgress: (progress: LoadProgress) => void): ProgressTotal {
  const files: { loadedBytes: number; totalBytes: number | undefined }[] = [];
  return {
    file(bytes) {
      const entry = { loadedBytes: 0, totalBytes: bytes };
      files.push(entry);
      return ({ loadedBytes, totalBytes }) => {
        entry.loadedBytes = loadedBytes;
        entry.totalBytes = totalBytes ?? entry.totalBytes;
        const loaded = files.reduce((sum, file) => sum + file.loadedBytes, 0);
        const total = files.reduce<number | undefined>(
          (sum, file) =>
            sum === undefined || file.totalBytes === undefined ? undefined : sum + file.totalBytes,
          0,
        );
        const phase = total !== undefined && loaded >= total ? 'start' : 'download';
        onProgress({
          phase,
          loadedBytes: loaded,
          totalBytes: total,
          fraction: total === undefined ? undefined : total === 0 ? 1 : loaded / total,
        });
      };
    },
  };
}
