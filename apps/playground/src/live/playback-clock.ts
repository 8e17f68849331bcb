/**
 * The playback position of a live picture. It stays behind the newest result by about one interval between results, so
 * that frames are shown at the pace at which they were taken, and is never ahead of it.
 */
export interface PlaybackClock {
  /** Notes the result of a frame of this time. */
  result(timeMs: number): void;
  /** The time on the source's clock that is to be shown now; undefined before the first result. */
  at(nowMs: number): number | undefined;
  /** Whether the newest result is shown: nothing changes before the next. */
  hasCaughtUp(): boolean;
}

/** A picture that is farther behind jumps to the newest result. */
const FAR_BEHIND_MS = 1000;
/** By how much the pace may differ from real time, to correct the distance. */
const SLEW = 0.15;

/** Makes the clock. All times are in milliseconds. */
export function createPlaybackClock(): PlaybackClock {
  let newest: number | undefined;
  let intervalMs = 0;
  let lastIntervalMs = 0;
  let shown: number | undefined;
  let last: number | undefined;
  return {
    result(timeMs) {
      // A moving average, so that one late result does not change the pace.
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
