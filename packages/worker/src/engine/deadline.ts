/** A timer that is this late shows that the page did not run: it was frozen, asleep, or stood in a debugger. */
const FROZEN_MS = 1000;

/** A time that runs out unless it is begun anew. */
export interface Deadline {
  /** Begins the time anew, also after a pause; nothing once it has passed or was stopped. */
  restart(): void;
  /** Stops the clock until `restart`. */
  pause(): void;
  /** Ends it for good. */
  stop(): void;
}

/**
 * Calls `onPassed` once, after `ms` in which this thread ran. Where the page was frozen meanwhile, so was what it waits
 * for, and the time begins anew, once. `Infinity` never passes.
 */
export function startDeadline(ms: number, onPassed: () => void): Deadline {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = ms === Infinity;
  // Browsers take a longer time for none at all.
  const slice = Math.min(ms, 2 ** 31 - 1);
  function arm(again: boolean): void {
    const due = performance.now() + slice;
    timer = setTimeout(() => {
      // Once only: a hidden page's timers may always be late.
      if (again && performance.now() - due > FROZEN_MS) return arm(false);
      over = true;
      onPassed();
    }, slice);
    // In Node a pending one must not keep the process alive.
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
