import { notify, type FileProgress } from '@hayate/core';

/** Hears how far a file is. */
export type OnProgress = (progress: FileProgress) => void;

/** Notes how far a download is. */
export type ReportProgress = (
  phase: FileProgress['phase'],
  loadedBytes: number,
  totalBytes: number | undefined,
) => void;

/** Between two reports of one phase. */
const INTERVAL_MS = 100;
/** The rate is that of about the last so many milliseconds. */
const WINDOW_MS = 3000;

/** Adds rate and time left to what is reported, and tells it at most ten times a second in each phase. */
export function createProgress(
  listener: OnProgress,
  now: () => number = () => performance.now(),
): ReportProgress {
  let phase: FileProgress['phase'] | undefined;
  let told = -Infinity;
  let last: { at: number; loadedBytes: number } | undefined;
  let bytesPerSecond: number | undefined;

  return (next, loadedBytes, announced) => {
    const at = now();
    if (next === phase && at - told < INTERVAL_MS && loadedBytes !== announced) return;
    if (next === 'download' && last && at > last.at && loadedBytes >= last.loadedBytes) {
      const rate = ((loadedBytes - last.loadedBytes) / (at - last.at)) * 1000;
      const share = bytesPerSecond === undefined ? 1 : 1 - Math.exp((last.at - at) / WINDOW_MS);
      bytesPerSecond = (bytesPerSecond ?? 0) * (1 - share) + rate * share;
    }
    phase = next;
    told = at;
    last = { at, loadedBytes };
    // Never more than all: a total that is exceeded was none.
    const totalBytes = announced !== undefined && announced >= loadedBytes ? announced : undefined;
    const secondsLeft =
      totalBytes === undefined || !bytesPerSecond ? undefined : (totalBytes - loadedBytes) / bytesPerSecond;
    notify(listener, { phase, loadedBytes, totalBytes, bytesPerSecond, secondsLeft });
  };
}
