import { expect, test } from 'vitest';
import { sumProgress } from './sum-progress';

test('adds up bytes, totals and rates', () => {
  const parts = [
    { loadedBytes: 10, totalBytes: 100, bytesPerSecond: 20 },
    { loadedBytes: 30, totalBytes: 60 },
  ];
  expect(sumProgress(parts)).toEqual({
    loadedBytes: 40,
    totalBytes: 160,
    bytesPerSecond: 20,
    secondsLeft: 6,
  });
});

test('has no total while one part has none, and no rate while nothing moves', () => {
  const parts = [
    { loadedBytes: 10, totalBytes: undefined, bytesPerSecond: undefined },
    { loadedBytes: 0, totalBytes: 60 },
  ];
  const unknown = { totalBytes: undefined, bytesPerSecond: undefined, secondsLeft: undefined };
  expect(sumProgress(parts)).toEqual({ loadedBytes: 10, ...unknown });
  expect(sumProgress([])).toEqual({ ...unknown, loadedBytes: 0, totalBytes: 0 });
});
