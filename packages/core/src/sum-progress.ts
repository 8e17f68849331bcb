import type { FileProgress } from './ports/file-store';

/** The progress of one of several downloads; see {@link sumProgress}. */
export type ProgressPart = Pick<FileProgress, 'loadedBytes' | 'totalBytes'> &
  Partial<Pick<FileProgress, 'bytesPerSecond'>>;

/** Adds up the progress of downloads that run at the same time. The total is undefined until all totals are known. */
export function sumProgress(parts: readonly ProgressPart[]): Omit<FileProgress, 'phase'> {
  let loadedBytes = 0;
  let totalBytes: number | undefined = 0;
  let rate = 0;
  for (const part of parts) {
    loadedBytes += part.loadedBytes;
    rate += part.bytesPerSecond ?? 0;
    totalBytes =
      totalBytes === undefined || part.totalBytes === undefined ? undefined : totalBytes + part.totalBytes;
  }
  return {
    loadedBytes,
    totalBytes,
    bytesPerSecond: rate === 0 ? undefined : rate,
    secondsLeft: totalBytes === undefined || rate === 0 ? undefined : (totalBytes - loadedBytes) / rate,
  };
}
