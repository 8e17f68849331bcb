import { HayateError, viewTask, type AnyHayateError } from '@hayate/core';
import { viewLive, type LiveState } from '@hayate/core/live';
import { expect, test } from 'vitest';
import { detect } from '../tasks/detect';
import { createLiveSession } from './live-session';
import { livePageView } from './live-page-view';

const [model] = detect.models;
const stats = { received: 0, dropped: 0, results: 0, failed: 0, fps: undefined, latencyMs: undefined };
const idle = { output: undefined, timeMs: undefined, timings: undefined, stats, status: 'idle' } as const;

function viewOf(state: LiveState<unknown>, { live = started('video'), own = false } = {}) {
  const { output, timings } = idle;
  const task = viewTask<unknown, unknown>({ output, timings, partial: undefined, status: 'idle' });
  return livePageView(detect, viewLive(state), task, live.getSnapshot(), own ? { ...model } : model);
}

function started(source: 'camera' | 'video') {
  const live = createLiveSession();
  live.choose(source);
  live.start();
  return live;
}

const failed = (error: AnyHayateError): LiveState<unknown> => ({ ...idle, status: 'error', error });
const reason = 'a test';

test('a video that cannot be read is told as one', () => {
  const { problem } = viewOf(failed(new HayateError('bad-input', 'No.', { reason })));
  expect(problem).toMatchObject({ title: 'This video could not be read' });
  expect(problem?.advice).not.toMatch(/JPEG/);
});

test('of a model of one’s own the advice is another', () => {
  const state = failed(new HayateError('bad-model', 'No.', { reason }));
  expect(viewOf(state, { own: true }).problem?.advice).toMatch(/Describe it otherwise/);
  expect(viewOf(state).problem?.advice).not.toMatch(/Describe it otherwise/);
});

test('what went wrong with the camera is not said of the video', () => {
  const state = failed(new HayateError('camera-unavailable', 'No.', { reason: 'denied' }));
  const live = started('camera');
  expect(viewOf(state, { live })).toMatchObject({
    status: 'error',
    problem: { code: 'camera-unavailable' },
  });
  live.choose('video');
  expect(viewOf(state, { live })).toMatchObject({
    status: 'idle',
    sentence: 'The video stands still.',
    problem: undefined,
  });
});

test('results of another source are not shown while the next one starts', () => {
  const seen = { label: 'cup', index: 41, score: 0.9, box: { x: 0, y: 0, width: 1, height: 1 } };
  const starting: LiveState<unknown> = { ...idle, output: [seen], status: 'starting' };
  expect(viewOf(starting).rows).toBeUndefined();
  const running: LiveState<unknown> = { ...starting, status: 'running', stats: { ...stats, results: 1 } };
  expect(viewOf(running).rows).toHaveLength(1);
});
