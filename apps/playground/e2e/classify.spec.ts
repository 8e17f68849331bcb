import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WEBGPU_FLAGS } from '../../../scripts/chromium-flags.mjs';
import {
  file,
  FRAMEWORKS,
  runPhoto,
  resultIs,
  startPlayground,
  statusIs,
  type Playground,
} from './playground';

interface Reference {
  readonly exact?: boolean;
  readonly top5?: readonly { readonly index: number; readonly label: string; readonly score: number }[];
}
const { files } = JSON.parse(readFileSync(file('samples/references.json'), 'utf8')) as {
  readonly files: Readonly<Record<string, Reference>>;
};
const bestOf = (photo: string) => files[photo]?.top5?.[0]?.label;

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground(...WEBGPU_FLAGS);
});
afterAll(() => playground.close());

/** A page before it is opened, with its requests and its errors. */
async function watchedPage() {
  const page = await playground.browser.newPage({ serviceWorkers: 'block' });
  const requests: string[] = [];
  const foreign: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (/^(blob|data):/.test(url)) return;
    requests.push(url);
    if (!url.startsWith(playground.url)) foreign.push(url);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return {
    page,
    requests,
    isClean() {
      expect(foreign.splice(0), 'requests to other origins').toEqual([]);
      expect(faults.splice(0), 'uncaught errors on the page').toEqual([]);
    },
  };
}

const resultsOf = (page: Page) =>
  page.getByTestId('result').evaluateAll((items) =>
    items.map((item) => {
      const { index, label, score } = (item as HTMLElement).dataset;
      return { index: Number(index), label, score: Number(score) };
    }),
  );

// One page for all of these tests, each with another photo than the one before.
describe.each(FRAMEWORKS)('the %s page, once it is open,', (framework) => {
  let watched: Awaited<ReturnType<typeof watchedPage>>;
  let page: Page;
  const id = (name: string) => page.getByTestId(name);
  const bestLabel = async () => (await resultsOf(page))[0]?.label;

  beforeAll(async () => {
    watched = await watchedPage();
    page = watched.page;
    await page.goto(`${playground.url}${framework}/?backend=wasm&threads=1`);
  });
  afterEach(() => {
    watched.isClean();
  });
  afterAll(() => page.close());

  const exact = Object.entries(files).filter(([, { exact: same, top5 }]) => same && top5);
  test.each(exact)('gives the top five of the Python reference for %s', async (photo, { top5 = [] }) => {
    await runPhoto(page, photo);
    const found = await resultsOf(page);
    expect(found.map(({ index }) => index)).toEqual(top5.map(({ index }) => index));
    expect(found.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
    const tolerance = photo.endsWith('.png') ? 0.001 : 0.01;
    found.forEach(({ score }, place) => {
      expect(Math.abs(score - (top5[place]?.score ?? Number.NaN))).toBeLessThan(tolerance);
    });
  });

  test.each(['astronaut', 'chelsea', 'coffee', 'rocket'])(
    'classifies the sample %s when it is clicked',
    async (name) => {
      await id(`sample-${name}`).click();
      await resultIs(page, `${name}.jpeg`);
      expect(await resultsOf(page)).toHaveLength(5);
      expect(await bestLabel()).toBe(bestOf(`${name}.jpg`));
    },
  );

  test('makes no request at all while it infers', async () => {
    await runPhoto(page, 'chelsea.png');
    const before = watched.requests.length;
    await runPhoto(page, 'coffee.png');
    expect(await bestLabel()).toBe('espresso');
    expect(watched.requests.slice(before)).toEqual([]);
  });

  test('takes a photo that is chosen after its page was left', async () => {
    const input = await id('photo-input').elementHandle();
    await id('page-detect').click();
    await page.waitForSelector('[data-page=detect]');
    await input?.setInputFiles(file('samples/astronaut.png'));
    await resultIs(page, 'astronaut.png');
    await id('page-classify').click();
    await page.waitForSelector('[data-page=classify]');
    await statusIs(page, 'ready');
  });

  test('shows the backend and the time of each stage', async () => {
    await runPhoto(page, 'chelsea.png');
    expect(await id('backend').textContent()).toMatch(/wasm/i);
    const timings = await id('timings').evaluate((element) => ({ ...(element as HTMLElement).dataset }));
    for (const stage of ['decode', 'copy', 'preprocess', 'inference', 'postprocess', 'total']) {
      const ms = Number(timings[`${stage}Ms`]);
      expect(ms, stage).toBeGreaterThanOrEqual(0);
      expect(ms, stage).toBeLessThan(60_000);
    }
  });

  test.each([
    ['drop', 'coffee.png'],
    ['paste', 'rocket.png'],
  ] as const)('takes a photo by %s', async (way, photo) => {
    const base64 = readFileSync(file(`samples/${photo}`)).toString('base64');
    await page.evaluate(
      ({ base64, way, photo }) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], photo, { type: 'image/png' }));
        const target = document.querySelector('[data-testid=photo-input]')?.closest('main') ?? document.body;
        if (way === 'paste') {
          target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: dataTransfer, bubbles: true }));
          return;
        }
        for (const type of ['dragenter', 'dragover', 'drop']) {
          target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
      },
      { base64, way, photo },
    );
    await resultIs(page, photo);
    expect(await resultsOf(page)).toHaveLength(5);
    expect(await bestLabel()).toBe(bestOf(photo));
  });

  test.each([
    ['empty.jpg', 'bad-input'],
    ['not-a-photo.jpg', 'bad-input'],
  ])('says what is wrong with %s and goes on working', async (photo, code) => {
    await id('photo-input').setInputFiles(file(`samples/edge/${photo}`));
    await statusIs(page, 'error');
    expect(await id('error').getAttribute('data-code')).toBe(code);
    expect((await id('error').textContent())?.length).toBeGreaterThan(20);
    await runPhoto(page, 'chelsea.png');
    expect(await resultsOf(page)).toHaveLength(5);
    expect(await id('error').count()).toBe(0);
  });

  test.each(['edge/cmyk.jpg', 'edge/alpha.png'])('classifies %s', async (photo) => {
    await runPhoto(page, photo);
    const found = await resultsOf(page);
    expect(found).toHaveLength(5);
    expect(found.map(({ label }) => label)).toContain(bestOf(photo));
  });

  test.each([390, 1280])('fits a screen of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 844 });
    await page.reload();
    await runPhoto(page, 'chelsea.png');
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(0);
  });

  test('switches the backend by a click, tells why, and keeps the photo', async () => {
    await runPhoto(page, 'chelsea.jpg');
    await runPhoto(page, 'chelsea.png');
    expect(await id('backend').textContent()).not.toMatch(/webgpu/i);
    // The radio button itself is hidden by its label.
    await id('backend-auto').check({ force: true });
    await id('backend')
      .getByText(/webgpu/i)
      .waitFor();
    await resultIs(page, 'chelsea.png');
    expect(await resultsOf(page)).toHaveLength(5);
    expect(await bestLabel()).toBe(bestOf('chelsea.png'));
  });
});

describe.each(FRAMEWORKS)('a visit of the %s page', (framework) => {
  let watched: Awaited<ReturnType<typeof watchedPage>>;
  let page: Page;
  const open = (query = '?backend=wasm&threads=1') => page.goto(`${playground.url}${framework}/${query}`);
  const id = (name: string) => page.getByTestId(name);

  beforeEach(async () => {
    watched = await watchedPage();
    page = watched.page;
  });
  afterEach(async () => {
    watched.isClean();
    await page.close();
  });

  test('asks for no model, no kernels and no ONNX Runtime when it is the second', async () => {
    const { requests } = watched;
    const heavy = () =>
      requests.filter((url) => /\.(wasm|onnx)$/.test(url)).map((url) => url.split('/').at(-1));
    await open();
    await statusIs(page, 'ready');
    expect(heavy()).toHaveLength(4); // with the hash, which only a download needs
    requests.length = 0;
    await page.reload();
    await runPhoto(page, 'chelsea.png');
    expect(requests.length).toBeGreaterThan(0);
    expect(heavy()).toEqual([]);
  });

  test('is cross-origin isolated and runs with the threads that are asked for', async () => {
    await open('?backend=wasm&threads=2');
    await runPhoto(page, 'chelsea.png');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await id('backend').textContent()).toMatch(/2 threads/);
    const found = await resultsOf(page);
    expect(found).toHaveLength(5);
    expect(found[0]?.label).toBe(bestOf('chelsea.png'));
  });

  const broken: [string, { status?: number; contentType?: string; body: string }, string][] = [
    ['missing', { status: 404, body: 'no' }, 'model-unreachable'],
    ['broken', { body: 'these are not the bytes' }, 'model-corrupt'],
    ['a page of HTML', { contentType: 'text/html', body: '<!doctype html>' }, 'model-corrupt'],
  ];
  test.each(broken)(
    'with a model that is %s tells a clear error; a later try works',
    async (_, answer, code) => {
      const isModel = (url: URL) => url.pathname.endsWith('.onnx');
      await page.context().route(isModel, (route) => route.fulfill(answer));
      await open();
      await statusIs(page, 'error');
      expect(await id('error').getAttribute('data-code')).toBe(code);
      await page.context().unroute(isModel);
      await runPhoto(page, 'chelsea.png');
      expect(await resultsOf(page)).toHaveLength(5);
    },
  );

  // The adapter on the CPU takes half a minute, so one framework stands for both.
  const ifFirst = framework === FRAMEWORKS[0] ? test : undefined;
  ifFirst?.(
    'runs on WebGPU when that is asked for, with the same labels',
    async () => {
      await open('?backend=webgpu');
      await runPhoto(page, 'chelsea.png', 150_000);
      expect(await id('backend').textContent()).toMatch(/webgpu/i);
      const { top5 = [] } = files['chelsea.png'] ?? {};
      const found = await resultsOf(page);
      expect(found.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
      found.forEach(({ score }, place) => {
        expect(Math.abs(score - (top5[place]?.score ?? Number.NaN))).toBeLessThan(0.001);
      });
    },
    180_000,
  );
});
