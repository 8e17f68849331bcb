/** A timer that is this late shows that the page did not run: it was frozen, asleep, or stood in a debugger. */
const FROZEN_MS = 1000;

/**
 * Calls `onPassed` once, after `ms` in which this thread ran; the returned function ends it. Where the page was frozen
 * meanwhile, so was what it waits for, and the time begins anew, once. `Infinity` never passes.
 */
export function startDeadline(ms: number, onPassed: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Browsers take a longer time for none at all.
  const slice = Math.min(ms, 2 ** 31 - 1);
  function arm(again: boolean): void {
    const due = performance.now() + slice;
    timer = setTimeout(() => {
      // Once only: a hidden page's timers may always be late.
      if (again && performance.now() - due > FROZEN_MS) arm(false);
      else onPassed();
    }, slice);
    // In Node a pending one must not keep the process alive.
    (timer as { unref?: () => void }).unref?.();
  }
  if (ms !== Infinity) arm(true);
  return () => {
    clearTimeout(timer);
  };
}
