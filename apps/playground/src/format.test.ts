import { expect, test } from 'vitest';
import { formatDuration, formatRate } from './format';

test.each([
  [0.2, '1 s'],
  [8.1, '9 s'],
  [59.5, '1 min'],
  [61, '2 min'],
  [3599, '60 min'],
  [3601, '2 h'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('a rate has no fractions of bytes', () => {
  expect(formatRate(512.7)).toBe('513 B/s');
  expect(formatRate(2_449_000.4)).toBe('2.4 MB/s');
});
