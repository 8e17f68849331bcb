import { sumProgress, type LoadProgress, type ProgressPart } from '@hayate/core';

/** Adds up the progress of downloads that run at the same time. */
export interface ProgressTotal {
  /** Registers a download of `bytes`, if known; the returned function records its progress. */
  add(bytes: number | undefined): (progress: ProgressPart) => void;
}

/** Creates a sum that calls `onProgress` after each change; its phase is `start` once all known downloads are complete. */
export function createProgressTotal(onProgress: (progress: LoadProgress) => void): ProgressTotal {
  const downloads: ProgressPart[] = [];

  function notifyTotal(): void {
    const sum = sumProgress(downloads);
    const { loadedBytes, totalBytes } = sum;
    const isOver = totalBytes !== undefined && loadedBytes >= totalBytes;
    onProgress({
      ...sum,
      phase: isOver ? 'start' : 'download',
      fraction: totalBytes === undefined ? undefined : totalBytes === 0 ? 1 : loadedBytes / totalBytes,
      ...(isOver && { bytesPerSecond: undefined, secondsLeft: undefined }),
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
