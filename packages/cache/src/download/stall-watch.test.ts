import { afterEach, expect, test, vi } from 'vitest';
import { createStallWatch } from './stall-watch';

afterEach(() => {
  vi.useRealTimers();
});

test('rejects when nothing comes for too long, and only while something is awaited', async () => {
  vi.useFakeTimers();
  const watch = createStallWatch(1000, new AbortController().signal);
  expect(await watch.over(Promise.resolve(5))).toBe(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(watch.signal.aborted).toBe(false);
  const silent = expect(watch.over(new Promise(() => undefined))).rejects.toThrow('nothing came for 1000 ms');
  await vi.advanceTimersByTimeAsync(1000);
  await silent;
  expect(watch.signal.aborted).toBe(true);
});

test('ends with the signal around it, and on demand', async () => {
  const controller = new AbortController();
  const watch = createStallWatch(1000, controller.signal);
  const call = expect(watch.over(new Promise(() => undefined))).rejects.toMatchObject({ name: 'AbortError' });
  controller.abort();
  await call;
  const other = createStallWatch(1000, new AbortController().signal);
  other.end();
  expect(other.signal.aborted).toBe(true);
});
