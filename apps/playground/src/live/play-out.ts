/**
 * The clock by which a live picture is shown: so far behind the newest result that the frames between two results are
 * seen at the pace at which they were taken, and never ahead of it.
 */
export interface PlayOut {
  /** A result came for a frame of this time. */
  result(timeMs: number): void;
  /** The source's time that is to be shown now; undefined before the first result. */
  at(nowMs: number): number | undefined;
  /** Whether the newest result is shown, so that nothing changes before the next. */
  hasCaughtUp(): boolean;
}

/** Farther behind than this, the picture jumps. */
const FAR_BEHIND_MS = 1000;
/** How much faster or slower than life the picture may be, to keep its distance. */
const SLEW = 0.15;

/** Makes the clock; all times in milliseconds. */
export function createPlayOut(): PlayOut {
  let newest: number | undefined;
  let intervalMs = 0;
  let lastIntervalMs = 0;
  let shown: number | undefined;
  let last: number | undefined;
  return {
    result(timeMs) {
      // Of the last few intervals, so that one late result does not change the pace.
      if (newest !== undefined) {
        lastIntervalMs = timeMs - newest;
        intervalMs += (lastIntervalMs - intervalMs) / (intervalMs === 0 ? 1 : 4);
      }
      newest = timeMs;
    },
    at(nowMs) {
      if (newest === undefined) return undefined;
      const elapsedMs = last === undefined ? 0 : nowMs - last;
      last = nowMs;
      if (shown === undefined || newest - shown > Math.max(FAR_BEHIND_MS, 2 * lastIntervalMs)) shown = newest;
      else {
        const behind = newest - shown;
        const pace = behind > intervalMs * 1.5 ? 1 + SLEW : behind < intervalMs * 0.5 ? 1 - SLEW : 1;
        shown = Math.min(newest, shown + elapsedMs * pace);
      }
      return shown;
    },
    hasCaughtUp: () => shown === newest,
  };
}
