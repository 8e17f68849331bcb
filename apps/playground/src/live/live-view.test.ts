import { HayateError, type AnyHayateError, type Manifest } from '@hayate/core';
import type { StreamState } from '@hayate/core/stream';
import { expect, test } from 'vitest';
import { detect } from '../tasks/detect';
import { createLiveSession } from './live-session';
import { liveView } from './live-view';

const reason = 'a test';
const stats = { received: 0, dropped: 0, results: 0, failed: 0, fps: undefined, latencyMs: undefined };
const idle = { output: undefined, timings: undefined, status: 'idle' } as const;
const problemOf = (error: AnyHayateError, model: Manifest) => {
  const stream: StreamState<unknown> = { ...idle, timeMs: undefined, stats, status: 'error', error };
  return liveView(detect, stream, idle, createLiveSession().getSnapshot(), model).problem;
};

test('a video that cannot be read is told as one', () => {
  const problem = problemOf(new HayateError('bad-input', 'No.', { reason }), detect.models[0]);
  expect(problem).toMatchObject({ title: 'This video could not be read' });
  expect(problem?.advice).not.toMatch(/JPEG/);
});

test('of a model of one’s own the advice is another', () => {
  const error = new HayateError('bad-model', 'No.', { reason });
  expect(problemOf(error, { ...detect.models[0] })?.advice).toMatch(/Describe it otherwise/);
  expect(problemOf(error, detect.models[0])?.advice).not.toMatch(/Describe it otherwise/);
});
