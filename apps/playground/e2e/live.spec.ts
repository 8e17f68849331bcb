import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { watchPage, type LiveWatch } from './live-watch';
import { file, FRAMEWORKS, startPlayground, type Playground } from './playground';

/** `npm run test:long` watches for a minute. */
const SECONDS = Number(process.env['HAYATE_LIVE_SECONDS'] ?? 3);
const FRAMES_PER_SECOND = 30;
const LONG_TASK_MS = 50;
const TRACED = ['blink.user_timing', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];
/** By how much the heap of this page may differ from one garbage collection to the next. */
const NOISE_BYTES = 1_000_000;

let playground: Playground;
beforeAll(async () => {
  // Cameras that show a test picture, without a question.
  playground = await startPlayground(
    '--use-fake-device-for-media-stream=device-count=2',
    '--use-fake-ui-for-media-stream',
  );
});
afterAll(() => playground.close());

describe.each(FRAMEWORKS)('live on the %s page', (framework) => {
  let page: Page;
  let devtools: CDPSession;
  const faults: string[] = [];

  const id = (name: string) => page.getByTestId(name);
  const ask = <Result>(question: (watch: LiveWatch) => Result) =>
    page.evaluate<Result>(`(${String(question)})(globalThis.liveWatch)`);
  const open = async (path: string) => {
    await page.goto(`${playground.url}${framework}/?backend=wasm&threads=1#/${path}`);
    await page.waitForFunction(
      () => document.querySelector('[data-testid=status]')?.textContent?.trim() === 'ready',
    );
  };
  // Polled from here: without 'unsafe-eval', Playwright cannot poll in the page.
  const until = (question: (watch: LiveWatch) => boolean) =>
    expect.poll(() => ask(question), { timeout: 10_000 }).toBe(true);
  const start = async (source: 'camera' | 'video') => {
    await id(`source-${source}`).click();
    await id('live-toggle').click();
    await overlayMoves();
  };
  const statusIs = (status: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector('[data-testid=status]')?.textContent?.trim() === wanted,
      status,
    );
  /** Until results have been shown for a while. */
  async function overlayMoves(): Promise<void> {
    await statusIs('running');
    for (let moves = 0; moves < 3; moves += 1) {
      const before = await id('overlay').getAttribute('data-time-ms');
      await page.waitForFunction(
        (last) => {
          const now = document.querySelector<HTMLElement>('[data-testid=overlay]')?.dataset['timeMs'];
          return now !== undefined && now !== last;
        },
        before,
        { timeout: 30_000 },
      );
    }
  }
  const heap = async () => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };

  beforeEach(async () => {
    page = await playground.browser.newPage({ serviceWorkers: 'block' });
    devtools = await page.context().newCDPSession(page);
    await page.addInitScript(watchPage);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // Chromium says so when a frame, here or in the worker, was not closed.
      if (/VideoFrame|violat|refused|onnxruntime/i.test(message.text())) faults.push(message.text());
    });
  });
  afterEach(async () => {
    expect(faults.splice(0)).toEqual([]);
    await page.close();
  });

  test.each(['classify', 'detect', 'faces'])(
    `${SECONDS} s of video on “%s”: in order, in step, no long task, no frame left open, nothing left behind`,
    async (path) => {
      await open(path);
      const pendingBefore = await ask((watch) => watch.pending());
      const workersBefore = page.workers().length;
      await start('video');
      const sample = () =>
        page.evaluate(
          (ms) => (globalThis as unknown as { liveWatch: LiveWatch }).liveWatch.sample(ms),
          SECONDS * 500,
        );
      await playground.browser.startTracing(page, { categories: TRACED });
      const first = await sample();
      // Code is compiled and caches are filled by now: what grows from here on is a leak.
      const heapBefore = await heap();
      const moments = [...first, ...(await sample())];
      const tasks = pageTasks(await playground.browser.stopTracing());
      const long = tasks.filter((ms) => ms > LONG_TASK_MS);
      expect(tasks.length).toBeGreaterThan(SECONDS * 30);
      const figure = async (name: string) => (await id(`live-${name}`).textContent())?.trim();
      const figures = `${await figure('fps')} a second, ${await figure('latency')}, ${await figure('dropped')} dropped`;

      const frame = (timeMs: number) => Math.round((timeMs * FRAMES_PER_SECOND) / 1000);
      const apart = moments.map(({ number, timeMs }) => Math.abs(number - frame(timeMs)));
      expect(Math.max(...apart), 'frames between picture and overlay').toBeLessThanOrEqual(1);
      // The time only goes back when the video starts over.
      const steps = moments.slice(1).map(({ timeMs }, at) => timeMs - moments[at]!.timeMs);
      expect(steps.filter((step) => step < 0 && step > -3000)).toEqual([]);
      expect(steps.filter((step) => step !== 0).length).toBeGreaterThan(SECONDS);
      expect(long, `long tasks with ${String(figures)}`).toEqual([]);
      if (path === 'faces') {
        // While it is in the picture the face stays where it is on the photos, however the camera pans.
        const places = moments
          .filter(({ number, items }) => items > 0 && pannedBy(number) < 120)
          .map(({ number, firstX }) => firstX + pannedBy(number));
        expect(places.length).toBeGreaterThan(moments.length / 10);
        const middle = [...places].sort((a, b) => a - b)[places.length >> 1]!;
        const astray = places.filter((place) => Math.abs(place - middle) > 15);
        expect(astray.length / places.length, `astray of ${middle}: ${astray.join(' ')}`).toBeLessThan(0.05);
      }

      const grown = (await heap()) - heapBefore;
      expect(grown).toBeLessThan(NOISE_BYTES);
      console.log(
        `live: ${framework} ${path}: ${figures}, ${moments.length} looks, at most ${Math.max(...apart)} frames apart, ` +
          `longest task ${Math.max(...tasks).toFixed(0)} ms, heap ${grown > 0 ? '+' : ''}${Math.round(grown / 1000)} kB`,
      );
      await id('live-toggle').click();
      await statusIs('idle');
      await until((watch) => watch.openFrames() === 0);
      await expect.poll(() => ask((watch) => watch.pending())).toBeLessThanOrEqual(pendingBefore);
      expect(page.workers().length).toBe(workersBefore);
    },
    60_000 + SECONDS * 2000,
  );

  test('the camera is on while it is watched, goes along from task to task, and is off where nothing looks', async () => {
    await open('classify');
    expect(await ask((watch) => watch.liveTracks())).toBe(0);
    await start('camera');
    expect(await ask((watch) => watch.liveTracks())).toBe(1);
    await page.evaluate(() => (location.hash = '#/faces'));
    await page.waitForFunction(() => document.querySelector('[data-page=faces]') !== null);
    await overlayMoves();
    expect(await ask((watch) => watch.liveTracks())).toBe(1);
    const cameras = await id('camera-picker')
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(cameras).toHaveLength(3); // the browser's choice, and two
    await id('camera-picker').selectOption(cameras[2]!);
    await expect.poll(() => ask((watch) => watch.cameras().at(-1))).toBe(cameras[2]);
    await overlayMoves();
    expect(await ask((watch) => watch.liveTracks())).toBe(1);
    await id('live-toggle').click();
    await statusIs('idle');
    expect(await ask((watch) => watch.liveTracks())).toBe(0);
    await id('source-video').click();
    await expect.poll(() => id('overlay').getAttribute('data-time-ms')).toBeNull();
    await id('source-camera').click();
    await id('live-toggle').click();
    await overlayMoves();
    await page.evaluate(() => (location.hash = '#/models'));
    await until((watch) => watch.liveTracks() === 0);
    await page.evaluate(() => (location.hash = '#/classify'));
    await statusIs('idle');
    expect(await ask((watch) => watch.liveTracks())).toBe(0);
    await until((watch) => watch.openFrames() === 0);
  });

  test('a video file of one’s own plays; what is none is told', async () => {
    await open('classify');
    await id('source-video').click();
    await id('video-input').setInputFiles(file('samples/live.webm'));
    await overlayMoves();
    await id('video-input').setInputFiles(file('samples/edge/not-a-photo.jpg'));
    await id('error').waitFor();
    expect(await id('error').getAttribute('data-code')).toBe('bad-input');
    await id('video-input').setInputFiles(file('samples/live.webm'));
    await overlayMoves();
    expect(await id('error').count()).toBe(0);
  });

  test('a video that is chosen after its input has left the page plays', async () => {
    await open('classify');
    await id('source-video').click();
    const input = await id('video-input').elementHandle();
    await id('source-photo').click();
    await id('video-input').waitFor({ state: 'detached' });
    await input?.setInputFiles(file('samples/live.webm'));
    await overlayMoves();
    await id('live-toggle').click();
    await until((watch) => watch.openFrames() === 0);
  });

  test('it goes on with another backend', async () => {
    await open('classify');
    await start('video');
    await id('backend-auto').check();
    await page.waitForFunction(
      () => document.querySelector('[data-testid=status]')?.textContent?.trim() !== 'running',
    );
    await overlayMoves();
    await id('live-toggle').click();
    await until((watch) => watch.openFrames() === 0);
  });
});

/**
 * How long the page's thread worked on each task, in milliseconds: of the processor's time, for on a machine of two
 * cores the worker, the decoder and the drawing may keep the thread waiting in the middle of one.
 */
function pageTasks(trace: Buffer): readonly number[] {
  interface Event {
    readonly name: string;
    readonly pid: number;
    readonly tid: number;
    readonly dur?: number;
    readonly tdur?: number;
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly Event[] };
  const mark = traceEvents.find(({ name }) => name === 'sampling');
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === mark?.pid && tid === mark.tid)
    .map(({ dur = 0, tdur = dur }) => tdur / 1000);
}

/** How far the sample video has panned to the right, by the number of the frame; see make_video.py. */
function pannedBy(number: number): number {
  const travel = 480 + 720 - 640;
  return (travel * (1 - Math.cos((2 * Math.PI * number) / 180))) / 2;
}
