import { afterEach, expect, test, vi } from 'vitest';
import { createLiveCounter } from './live-stats';

let nowMs = 0;

afterEach(() => {
  vi.restoreAllMocks();
});

function countFrom(startMs: number) {
  nowMs = startMs;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const count = createLiveCounter();
  /** Counts a result every `everyMs`, each `latencyMs` after its frame. */
  const results = (times: number, everyMs: number, latencyMs: number) => {
    for (let done = 0; done < times; done += 1) {
      nowMs += everyMs;
      count.result(nowMs - latencyMs);
    }
  };
  return { count, results };
}

test('computes rate and latency of the last 30 results', () => {
  const { count, results } = countFrom(1000);
  expect(count.stats()).toMatchObject({ results: 0, fps: undefined, latencyMs: undefined });
  results(10, 500, 90);
  results(30, 100, 20);
  expect(count.stats()).toMatchObject({ results: 40, fps: 10, latencyMs: 20 });
});

test('a pause does not lower the rate', () => {
  const { count, results } = countFrom(1000);
  results(5, 100, 20);
  count.pause();
  nowMs += 3_600_000;
  results(5, 50, 20);
  expect(count.stats()).toMatchObject({ results: 10, fps: 20 });
});
