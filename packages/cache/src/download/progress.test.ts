import type { FileProgress } from '@hayate/core';
import { describe, expect, test } from 'vitest';
import { createProgress } from './progress';

describe('createProgress', () => {
  const setUp = () => {
    const told: FileProgress[] = [];
    const clock = { ms: 0 };
    const report = createProgress(
      (progress) => told.push(progress),
      () => clock.ms,
    );
    return { told, clock, report };
  };

  test('tells each phase at once, and one phase ten times a second', () => {
    const { told, clock, report } = setUp();
    report('connect', 0, undefined);
    for (; clock.ms < 1000; clock.ms += 5) report('download', clock.ms, 2000);
    report('download', 2000, 2000);
    report('verify', 2000, 2000);
    report('store', 2000, 2000);
    const phases = told.map(({ phase }) => phase);
    expect([...new Set(phases)]).toEqual(['connect', 'download', 'verify', 'store']);
    expect(phases.filter((phase) => phase === 'download')).toHaveLength(11);
    expect(told.at(-1)).toMatchObject({ loadedBytes: 2000, totalBytes: 2000 });
  });

  test('tells the rate and the time that is left', () => {
    const { told, clock, report } = setUp();
    for (; clock.ms <= 10_000; clock.ms += 200) report('download', clock.ms * 1000, 20_000_000);
    const { bytesPerSecond = 0, secondsLeft = 0 } = told.at(-1) ?? {};
    expect(bytesPerSecond).toBeCloseTo(1e6, -1);
    expect(secondsLeft).toBeCloseTo(10, 1);
    expect(told[0]).toMatchObject({ bytesPerSecond: undefined, secondsLeft: undefined });
  });

  test('has no total when more came than was announced', () => {
    const { told, report } = setUp();
    report('download', 2000, 1000);
    expect(told).toMatchObject([{ loadedBytes: 2000, totalBytes: undefined, secondsLeft: undefined }]);
  });
});
