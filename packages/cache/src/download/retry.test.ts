import { describe, expect, test, vi } from 'vitest';
import { backOffMs, pause, readRetryAfterMs } from './retry';

describe('backOffMs', () => {
  test('doubles up to the longest, and is drawn below that', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    expect([1, 2, 3, 4, 10].map((tried) => backOffMs(tried, {}))).toEqual([250, 500, 1000, 2000, 15_000]);
    vi.restoreAllMocks();
    for (let tried = 1; tried < 20; tried += 1) {
      expect(backOffMs(tried, { firstMs: 8, longestMs: 100 })).toBeLessThan(
        Math.min(100, 8 * 2 ** (tried - 1)),
      );
    }
  });
});

describe('readRetryAfterMs', () => {
  const read = (value?: string) =>
    readRetryAfterMs(new Headers(value === undefined ? {} : { 'retry-after': value }));
  test('reads seconds and dates, and leaves the rest alone', () => {
    expect(read('120')).toBe(120_000);
    expect(read(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(57_000);
    expect(read('Wed, 25 Nov 2020 10:00:00 GMT')).toBe(0);
    expect(read('soon')).toBeUndefined();
    expect(read()).toBeUndefined();
  });
});

describe('pause', () => {
  test('ends with its time, with the network, or with the signal', async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const long = pause(1000, signal);
    vi.advanceTimersByTime(1000);
    await long;
    vi.useRealTimers();
    const reason = new Error('enough');
    await expect(pause(1e6, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const waiting = pause(1e6, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
