/** A timer that fires this late, in milliseconds, shows that the page was frozen, asleep or in a debugger. */
const FROZEN_MS = 1000;

/** A timer for one run that can be restarted. */
export interface Deadline {
  /** Starts the time anew, also after a pause. Does nothing after the deadline has passed or was stopped. */
  restart(): void;
  /** Stops the clock until `restart`. */
  pause(): void;
  /** Stops the timer for good. */
  stop(): void;
}

/**
 * Calls `onPassed` once, after `ms` milliseconds in which this thread ran. If the page was frozen meanwhile, its worker
 * was too, so the time starts anew, once. With `Infinity`, `onPassed` is never called.
 */
export function startDeadline(ms: number, onPassed: () => void): Deadline {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = ms === Infinity;
  // Browsers fire a longer timer at once.
  const slice = Math.min(ms, 2 ** 31 - 1);
  function arm(again: boolean): void {
    const due = performance.now() + slice;
    timer = setTimeout(() => {
      // Only once, because the timers of a hidden page may always be late.
      if (again && performance.now() - due > FROZEN_MS) return arm(false);
      over = true;
      onPassed();
    }, slice);
    // In Node a pending timer must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
  }
  const pause = () => {
    clearTimeout(timer);
  };
  if (!over) arm(true);
  return {
    restart() {
      pause();
      if (!over) arm(true);
    },
    pause,
    stop() {
      over = true;
      pause();
    },
  };
}
