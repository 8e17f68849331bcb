import { notify, type FileProgress } from '@hayate/core';

/** Reports the state of a download. */
export type ReportProgress = (
  phase: FileProgress['phase'],
  loadedBytes: number,
  totalBytes: number | undefined,
) => void;

/** The least time between two notifications in one phase, for the sake of other tabs and threads as well. */
const INTERVAL_MS = 100;
/** The time constant of the rate's moving average. */
const WINDOW_MS = 3000;

/** Adds rate and time left to the reports, and passes them on at most ten times a second in each phase. */
export function createProgress(
  listener: (progress: FileProgress) => void,
  now: () => number = () => performance.now(),
): ReportProgress {
  let phase: FileProgress['phase'] | undefined;
  let notifiedAt = -Infinity;
  let last: { at: number; loadedBytes: number } | undefined;
  let bytesPerSecond: number | undefined;

  return (next, loadedBytes, announced) => {
    const at = now();
    if (next === phase && at - notifiedAt < INTERVAL_MS && loadedBytes !== announced) return;
    if (next === 'download' && last && at > last.at && loadedBytes >= last.loadedBytes) {
      const rate = ((loadedBytes - last.loadedBytes) / (at - last.at)) * 1000;
      const share = bytesPerSecond === undefined ? 1 : 1 - Math.exp((last.at - at) / WINDOW_MS);
      bytesPerSecond = (bytesPerSecond ?? 0) * (1 - share) + rate * share;
    }
    phase = next;
    notifiedAt = at;
    last = { at, loadedBytes };
    // A total that has been exceeded was wrong.
    const totalBytes = announced !== undefined && announced >= loadedBytes ? announced : undefined;
    const secondsLeft =
      totalBytes === undefined || !bytesPerSecond ? undefined : (totalBytes - loadedBytes) / bytesPerSecond;
    notify(listener, { phase, loadedBytes, totalBytes, bytesPerSecond, secondsLeft });
  };
}
