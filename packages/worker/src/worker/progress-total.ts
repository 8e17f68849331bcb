import { sumProgress, type LoadProgress, type ProgressPart } from '@hayate/core';

/** Adds up the progress of what is fetched side by side. */
export interface ProgressTotal {
  /** Registers a download; the returned function notes how far it is. */
  add(bytes: number | undefined): (progress: ProgressPart) => void;
}

/** Makes a sum that tells `onProgress` after each change; `start` once all downloads that are known have come. */
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
