import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startDeadline } from './deadline';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('passes once, unless it is stopped', () => {
  const [passed, stopped, never] = [vi.fn(), vi.fn(), vi.fn()];
  startDeadline(100, passed);
  const { stop } = startDeadline(100, stopped);
  startDeadline(Infinity, never);
  vi.advanceTimersByTime(99);
  expect(passed).not.toHaveBeenCalled();
  stop();
  vi.advanceTimersByTime(10_000_000_000);
  expect(passed).toHaveBeenCalledTimes(1);
  expect(stopped).not.toHaveBeenCalled();
  expect(never).not.toHaveBeenCalled();
});

test('begins anew when the page was frozen', () => {
  const passed = vi.fn();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  startDeadline(100, passed);
  // The timer comes five minutes late, as after a freeze.
  clock.mockReturnValue(300_000);
  vi.advanceTimersByTime(100);
  expect(passed).not.toHaveBeenCalled();
  // Only once, because the timers of a hidden page may all be late.
  clock.mockReturnValue(600_000);
  vi.advanceTimersByTime(100);
  expect(passed).toHaveBeenCalledTimes(1);
});
