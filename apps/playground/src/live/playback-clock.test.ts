import { describe, expect, it } from 'vitest';
import { createPlaybackClock } from './playback-clock';

/** Gives a result every `intervalMs`, each `latencyMs` late; returns what is shown at 60 pictures a second. */
function play(intervalMs: number, latencyMs: number, forMs: number) {
  const clock = createPlaybackClock();
  const shown: { readonly nowMs: number; readonly at: number; readonly newest: number }[] = [];
  let next = 0;
  for (let nowMs = 0; nowMs < forMs; nowMs += 1000 / 60) {
    while (next + latencyMs <= nowMs) {
      clock.result(next);
      next += intervalMs;
    }
    const at = clock.at(nowMs);
    if (at !== undefined) shown.push({ nowMs, at, newest: next - intervalMs });
  }
  return shown;
}

describe('createPlaybackClock', () => {
  it('shows nothing before the first result', () => {
    expect(createPlaybackClock().at(5)).toBeUndefined();
  });

  it.each([
    [33, 10],
    [100, 90],
    [400, 390],
  ])(
    'with a result every %i ms, known after %i ms, it goes on evenly and never ahead',
    (interval, latency) => {
      const shown = play(interval, latency, 6000).slice(120);
      for (const { at, newest } of shown) expect(at).toBeLessThanOrEqual(newest);
      const steps = shown.slice(1).map(({ at }, index) => at - shown[index]!.at);
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...steps)).toBeLessThan(20);
      // It stands still at times only where it has caught up with the results.
      expect(steps.filter((step) => step < 10).length / steps.length).toBeLessThan(0.1);
    },
  );

  it('jumps when it is far behind', () => {
    const clock = createPlaybackClock();
    clock.result(0);
    clock.at(0);
    clock.result(5000);
    clock.result(5033);
    clock.result(5066);
    expect(clock.at(16)).toBeGreaterThan(5000);
  });
});
