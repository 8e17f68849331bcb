import type { FileProgress, LoadProgress } from '@hayate/core';

type Progress = Pick<FileProgress, 'loadedBytes' | 'totalBytes'> & Partial<FileProgress>;

/** Adds up the progress of what is fetched side by side. */
export interface ProgressTotal {
  /** Registers a download; the returned function notes how far it is. */
  add(bytes: number | undefined): (progress: Progress) => void;
}

/** Makes a sum that tells `onProgress` after each change; `start` once all downloads that are known have come. */
export function createProgressTotal(onProgress: (progress: LoadProgress) => void): ProgressTotal {
  const downloads: Progress[] = [];

  function notifyTotal(): void {
    const loadedBytes = downloads.reduce((sum, download) => sum + download.loadedBytes, 0);
    const totalBytes = downloads.reduce<number | undefined>(
      (sum, download) =>
        sum === undefined || download.totalBytes === undefined ? undefined : sum + download.totalBytes,
      0,
    );
    const rate = downloads.reduce((sum, { bytesPerSecond = 0 }) => sum + bytesPerSecond, 0);
    const isOver = totalBytes !== undefined && loadedBytes >= totalBytes;
    onProgress({
      phase: isOver ? 'start' : 'download',
      loadedBytes,
      totalBytes,
      fraction: totalBytes === undefined ? undefined : totalBytes === 0 ? 1 : loadedBytes / totalBytes,
      bytesPerSecond: rate === 0 || isOver ? undefined : rate,
      secondsLeft:
        totalBytes === undefined || rate === 0 || isOver ? undefined : (totalBytes - loadedBytes) / rate,
    });
  }

  return {
    add(bytes) {
      const place = downloads.push({ loadedBytes: 0, totalBytes: bytes }) - 1;
      return (progress) => {
        downloads[place] = { ...progress, totalBytes: progress.totalBytes ?? downloads[place]?.totalBytes };
        notifyTotal();
      };
    },
  };
}
