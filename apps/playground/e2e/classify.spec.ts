import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { serve, type PlaygroundServer } from '../../../scripts/serve.mjs';

const ROOT = new URL('../../../', import.meta.url);
const file = (path: string) => fileURLToPath(new URL(path, ROOT));

interface Reference {
  readonly exact?: boolean;
  readonly top5?: readonly { readonly index: number; readonly label: string; readonly score: number }[];
}
const { files } = JSON.parse(readFileSync(file('samples/references.json'), 'utf8')) as {
  readonly files: Readonly<Record<string, Reference>>;
};

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

let server: PlaygroundServer;
let browser: Browser;
beforeAll(async () => {
  server = await serve({ root: file('apps/playground/dist'), port: 0 });
  browser = await chromium.launch({
    executablePath: process.env['HAYATE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: FLAGS,
  });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

describe.each(['react', 'vue'])('the %s page', (framework) => {
  let page: Page;
  let foreign: string[];
  let requests: string[];
  const faults: string[] = [];

  const open = (query = '?backend=wasm&threads=1') => page.goto(`${server.url}${framework}/${query}`);
  const id = (name: string) => page.getByTestId(name);
  const choose = (path: string) => id('photo-input').setInputFiles(file(`samples/${path}`));
  const statusIs = (status: string, timeout = 30_000) =>
    page.waitForFunction(
      (wanted) => document.querySelector('[data-testid=status]')?.textContent?.trim() === wanted,
      status,
      { timeout },
    );
  const results = () =>
    id('result').evaluateAll((items) =>
      items.map((item) => {
        const { index, label, score } = (item as HTMLElement).dataset;
        return { index: Number(index), label, score: Number(score) };
      }),
    );
  const resultsAre = (count: number, timeout = 30_000) =>
    page.waitForFunction(
      (wanted) => document.querySelectorAll('[data-testid=result]').length === wanted,
      count,
      { timeout },
    );

  beforeEach(async () => {
    page = await browser.newPage({ serviceWorkers: 'block' });
    foreign = [];
    requests = [];
    page.on('request', (request) => {
      const url = request.url();
      if (/^(blob|data):/.test(url)) return;
      requests.push(url);
      if (!url.startsWith(server.url)) foreign.push(url);
    });
    page.on('pageerror', (error) => faults.push(error.message));
  });
  afterEach(async () => {
    expect(foreign, 'requests to other origins').toEqual([]);
    expect(faults.splice(0), 'uncaught errors on the page').toEqual([]);
    await page.close();
  });

  const exact = Object.entries(files).filter(([, { exact: same, top5 }]) => same && top5);
  test.each(exact)('gives the top five of the Python reference for %s', async (photo, { top5 = [] }) => {
    await open();
    await choose(photo);
    await resultsAre(5);
    const found = await results();
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
      await open();
      await id(`sample-${name}`).click();
      await resultsAre(5);
      await statusIs('ready');
      const [best] = await results();
      expect(best?.label).toBe(files[`${name}.jpg`]?.top5?.[0]?.label);
    },
  );

  test('a second visit asks for no model, no kernels and no ONNX Runtime', async () => {
    const heavy = () =>
      requests.filter((url) => /\.(wasm|onnx)$/.test(url)).map((url) => url.split('/').at(-1));
    await open();
    await statusIs('ready');
    expect(heavy()).toHaveLength(4); // with the hash, which only a download needs
    requests.length = 0;
    await page.reload();
    await choose('chelsea.png');
    await resultsAre(5);
    expect(requests.length).toBeGreaterThan(0);
    expect(heavy()).toEqual([]);
  });

  test('makes no request at all while it infers', async () => {
    await open();
    await statusIs('ready');
    await choose('chelsea.png');
    await resultsAre(5);
    const before = requests.length;
    await choose('coffee.png');
    await page.waitForFunction(
      () => document.querySelector('[data-testid=result]')?.getAttribute('data-label') === 'espresso',
    );
    expect(requests.slice(before)).toEqual([]);
  });

  test('shows the backend and the time of each stage', async () => {
    await open();
    await choose('chelsea.png');
    await resultsAre(5);
    expect(await id('backend').textContent()).toMatch(/wasm/i);
    const timings = await id('timings').evaluate((element) => ({ ...(element as HTMLElement).dataset }));
    for (const stage of ['decode', 'copy', 'preprocess', 'inference', 'postprocess', 'total']) {
      const ms = Number(timings[`${stage}Ms`]);
      expect(ms, stage).toBeGreaterThanOrEqual(0);
      expect(ms, stage).toBeLessThan(60_000);
    }
  });

  test.each(['drop', 'paste'] as const)('takes a photo by %s', async (way) => {
    await open();
    const bytes = [...readFileSync(file('samples/coffee.png'))];
    await page.evaluate(
      ({ bytes, way }) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(bytes)], 'coffee.png', { type: 'image/png' }));
        const target = document.querySelector('[data-testid=photo-input]')?.closest('main') ?? document.body;
        if (way === 'paste') {
          target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: dataTransfer, bubbles: true }));
          return;
        }
        for (const type of ['dragenter', 'dragover', 'drop']) {
          target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        }
      },
      { bytes, way },
    );
    await resultsAre(5);
    expect((await results())[0]?.label).toBe(files['coffee.png']?.top5?.[0]?.label);
  });

  test('is cross-origin isolated and runs with the threads that are asked for', async () => {
    await open('?backend=wasm&threads=2');
    await choose('chelsea.png');
    await resultsAre(5);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await id('backend').textContent()).toMatch(/2 threads/);
    expect((await results())[0]?.label).toBe(files['chelsea.png']?.top5?.[0]?.label);
  });

  test('switches the backend by a click, tells why, and keeps the photo', async () => {
    await open('?backend=wasm&threads=1');
    await choose('chelsea.png');
    await resultsAre(5);
    expect(await id('backend').textContent()).not.toMatch(/webgpu/i);
    // The radio button itself lies hidden below its label.
    await id('backend-auto').check({ force: true });
    await page.waitForFunction(() =>
      /webgpu/i.test(document.querySelector('[data-testid=backend]')?.textContent ?? ''),
    );
    await resultsAre(5);
    expect((await results())[0]?.label).toBe(files['chelsea.png']?.top5?.[0]?.label);
  });

  test.each([390, 1280])('fits a screen of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 844 });
    await open();
    await choose('chelsea.png');
    await resultsAre(5);
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    expect(await page.evaluate(overflow)).toBe(0);
  });

  test.each([
    ['empty.jpg', 'bad-input'],
    ['not-a-photo.jpg', 'bad-input'],
  ])('says what is wrong with %s and goes on working', async (photo, code) => {
    await open();
    await choose(`edge/${photo}`);
    await statusIs('error');
    expect(await id('error').getAttribute('data-code')).toBe(code);
    expect((await id('error').textContent())?.length).toBeGreaterThan(20);
    await choose('chelsea.png');
    await resultsAre(5);
    expect(await id('error').count()).toBe(0);
  });

  test.each(['edge/cmyk.jpg', 'edge/alpha.png'])('classifies %s', async (photo) => {
    await open();
    await choose(photo);
    await resultsAre(5);
    expect((await results()).map(({ label }) => label)).toContain(files[photo]?.top5?.[0]?.label);
  });

  const broken: [string, { status?: number; contentType?: string; body: string }, string][] = [
    ['missing', { status: 404, body: 'no' }, 'model-unreachable'],
    ['broken', { body: 'these are not the bytes' }, 'model-corrupt'],
    ['a page of HTML', { contentType: 'text/html', body: '<!doctype html>' }, 'model-corrupt'],
  ];
  test.each(broken)('a model that is %s is a clear error; a later try works', async (_, answer, code) => {
    const isModel = (url: URL) => url.pathname.endsWith('.onnx');
    await page.context().route(isModel, (route) => route.fulfill(answer));
    await open();
    await statusIs('error');
    expect(await id('error').getAttribute('data-code')).toBe(code);
    await page.context().unroute(isModel);
    await choose('chelsea.png');
    await resultsAre(5);
  });

  test('runs on WebGPU when that is asked for, with the same labels', async () => {
    await open('?backend=webgpu');
    await choose('chelsea.png');
    await resultsAre(5, 150_000);
    expect(await id('backend').textContent()).toMatch(/webgpu/i);
    const { top5 = [] } = files['chelsea.png'] ?? {};
    const found = await results();
    expect(found.map(({ label }) => label)).toEqual(top5.map(({ label }) => label));
    found.forEach(({ score }, place) => {
      expect(Math.abs(score - (top5[place]?.score ?? Number.NaN))).toBeLessThan(0.001);
    });
  }, 180_000);
});
