import { camera, frames, type MediaFrame } from '@hayate/vision';
import { createTask } from '@hayate/core';
import { createLive } from '@hayate/core/live';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { sampleUrl, tinyClassifier as model } from '@hayate/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectEngine } from '@hayate/worker';

/** All frames that this page has created or received. A frame that was transferred is closed here. */
const made: WeakRef<VideoFrame>[] = [];
const openFrames = () => made.filter((frame) => (frame.deref()?.format ?? null) !== null).length;
const timers = new Set<unknown>();
const tracks: MediaStreamTrack[] = [];
let worker: Worker | undefined;
let engine: ReturnType<typeof connectEngine>;
const spawn = () =>
  (worker = new Worker(new URL('./live.test.worker.ts', import.meta.url), { type: 'module' }));

/** Records what a live task could leave behind: frames, timers, tracks. */
function watchWhatIsLeft(): void {
  const note = <Value>(value: Value) => (value instanceof VideoFrame && made.push(new WeakRef(value)), value);
  const { VideoFrame: Original } = globalThis;
  vi.stubGlobal(
    'VideoFrame',
    new Proxy(Original, {
      construct: (target, parameters) => note(Reflect.construct(target, parameters) as object),
    }),
  );
  const { clone } = Original.prototype;
  vi.spyOn(Original.prototype, 'clone').mockImplementation(function (this: VideoFrame) {
    return note(clone.call(this));
  });
  const { read } = ReadableStreamDefaultReader.prototype;
  vi.spyOn(ReadableStreamDefaultReader.prototype, 'read').mockImplementation(async function (
    this: ReadableStreamDefaultReader<unknown>,
  ) {
    const step = await read.call(this);
    note(step.value);
    return step;
  });
  const { setTimeout: start, clearTimeout: end } = globalThis;
  vi.stubGlobal('setTimeout', (task: () => void, ms?: number) => {
    const timer = start(() => {
      timers.delete(timer);
      task();
    }, ms);
    timers.add(timer);
    return timer;
  });
  vi.stubGlobal('clearTimeout', (timer: number) => {
    timers.delete(timer);
    end(timer);
  });
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockImplementation(async (constraints) => {
    const stream = await ask(constraints);
    tracks.push(...stream.getTracks());
    return stream;
  });
}

beforeEach(() => {
  made.length = tracks.length = 0;
  timers.clear();
  watchWhatIsLeft();
  engine = connectEngine(spawn);
});
afterEach(async () => {
  await engine.dispose();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function openVideo(): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  Object.assign(video, { muted: true, loop: true, src: sampleUrl('live.webm') });
  await video.play();
  return video;
}

/** The number of Web Locks that are held. A worker's lock ends with it. */
const locks = async () => (await navigator.locks.query()).held?.length ?? 0;

test.each([
  ['a video', async () => frames(await openVideo())],
  ['a camera', () => Promise.resolve(camera())],
])(
  '%s drives a model: in order, every frame closed, and nothing is left after `break`',
  async (name, open) => {
    const task = createTask(engine, imageClassification, { model });
    const source: AsyncIterable<MediaFrame> = await open();
    const live = createLive(task, source, {
      runOptions: () => ({ topK: 10 }),
    });
    const before = await locks();
    const times: number[] = [];
    for await (const { output, frame, latencyMs } of live) {
      expect(output).toHaveLength(10);
      expect(latencyMs).toBeGreaterThan(0);
      expect((frame.input as VideoFrame).format).not.toBeNull();
      times.push(frame.timeMs);
      if (times.length === 30) break;
    }
    for (const [index, time] of times.slice(1).entries()) {
      const fall = (times[index] as number) - time;
      // On a slow machine the looping video of two seconds may have restarted.
      expect(fall <= 0 || (name === 'a video' && fall > 1000), `${times[index]} ms, then ${time} ms`).toBe(
        true,
      );
    }
    expect(live.getSnapshot()).toMatchObject({ status: 'idle', stats: { results: 30, failed: 0 } });
    await vi.waitFor(() => {
      expect(openFrames()).toBe(0);
    });
    expect(made.length).toBeGreaterThan(60); // the frames and their clones
    for (const track of tracks) expect(track.readyState).toBe('ended');
    expect(await locks()).toBeGreaterThan(before); // the worker runs, because its model is still loaded
    task.release();
    await engine.dispose();
    await vi.waitFor(async () => {
      expect(await locks()).toBe(before);
    });
    expect(timers.size).toBe(0);
  },
);

test('a worker that dies costs a frame and does not end the live task', async () => {
  const task = createTask(engine, imageClassification, { model });
  const live = createLive(task, frames(await openVideo()));
  live.start();
  const results = (count: number) =>
    vi.waitFor(
      () => {
        expect(live.getSnapshot().stats.results).toBeGreaterThan(count);
      },
      { timeout: 20_000 },
    );
  await results(5);
  worker!.terminate();
  const { results: sofar } = live.getSnapshot().stats;
  await results(sofar + 5);
  expect(live.getSnapshot()).toMatchObject({ status: 'running' });
  live.stop();
  await vi.waitFor(() => {
    expect(openFrames()).toBe(0);
  });
});
