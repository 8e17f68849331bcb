import type { ElementHandle } from 'puppeteer-core';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type PlaygroundServer } from '../../../scripts/serve.mjs';
import { CHROMIUM, file, FRAMEWORKS } from './playground';

let server: PlaygroundServer;
let browser: Browser;
beforeAll(async () => {
  server = await serve({ root: file('apps/playground/dist'), port: 0 });
  browser = await chromium.launch({
    ...CHROMIUM,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

// All tests of a framework share a page: each begins in the state that the test before has left.
describe.each(FRAMEWORKS)('the %s page', (framework) => {
  let page: Page;
  let devtools: CDPSession;
  const choose = (name: string) => page.getByTestId('photo-input').setInputFiles(file(`samples/${name}`));
  const best = (label: string) => page.getByText(`Most likely: ${label}`, { exact: false }).waitFor();
  const health = () => page.getByTestId('health').evaluate(({ dataset }) => ({ ...dataset }));
  const alive = { testid: 'health', status: 'ready', crashes: '0' };
  const setState = (state: 'frozen' | 'active') => devtools.send('Page.setWebLifecycleState', { state });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  beforeAll(async () => {
    page = await browser.newPage({ serviceWorkers: 'block' });
    devtools = await page.context().newCDPSession(page);
    await page.addInitScript(() => {
      globalThis.Worker = class extends Worker {
        constructor(...parameters: ConstructorParameters<typeof Worker>) {
          super(...parameters);
          Object.assign(globalThis, { worker: this });
        }
      };
    });
    await page.goto(`${server.url}${framework}/?backend=wasm&threads=1`);
  });
  afterAll(() => page.close());

  test('a load goes on after the page was frozen in it', async () => {
    await page.reload();
    await setState('frozen');
    await pause(1000);
    await setState('active');
    await choose('chelsea.png');
    await best('tiger cat');
    expect(await health()).toEqual(alive);
  });

  test('a run goes on after the page was frozen in it', async () => {
    await choose('coffee.png');
    await setState('frozen');
    await pause(1000);
    await setState('active');
    await best('espresso');
    expect(await health()).toEqual(alive);
  });

  /**
   * Shows a result, leaves the page and comes back to it. Tells whether the browser had kept the page, and if not, why.
   * For reasons of its own, which it calls "masked", a busy Chromium now and then keeps none: then once more.
   */
  async function leaveAndComeBack() {
    for (let attempt = 1; ; attempt += 1) {
      await choose('chelsea.png');
      await best('tiger cat');
      await page.evaluate(() => {
        addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { persisted }));
      });
      await page.goto(`${server.url}samples/`).catch(() => undefined);
      await page.goBack({ waitUntil: 'commit' });
      const reasons = await page.evaluate(() => {
        const [navigation] = performance.getEntriesByType('navigation') as { notRestoredReasons?: unknown }[];
        return JSON.stringify(navigation?.notRestoredReasons ?? null);
      });
      const visit = { persisted: await page.evaluate('globalThis.persisted'), reasons };
      if (visit.persisted === true || attempt === 5 || !reasons.includes('"masked"')) return visit;
    }
  }
  const kept = { persisted: true, reasons: 'null' };

  test('goes on after it was kept in the back/forward cache', async () => {
    expect(await leaveAndComeBack()).toEqual(kept);
    await choose('coffee.png');
    await best('espresso');
    expect(await health()).toEqual(alive);
  });

  test('notices a worker that dies after it was kept there', async () => {
    // A page that was not kept has a new worker, which would be ended before it has answered.
    expect(await leaveAndComeBack()).toEqual(kept);
    // The browser does not show a page's kept worker to its debugger.
    await page.evaluate(() => {
      (globalThis as unknown as { worker: Worker }).worker.terminate();
    });
    await page.locator('[data-testid=health][data-crashes="1"][data-status=ready]').waitFor();
    await choose('coffee.png');
    await best('espresso');
  });

  test('answers while it is hidden', async () => {
    // Playwright shows every page as visible.
    const { launch } = await import('puppeteer-core');
    const other = await launch({ ...CHROMIUM, headless: true });
    try {
      const hidden = await other.newPage();
      await hidden.goto(`${server.url}${framework}/?backend=wasm&threads=1`);
      await (await other.newPage()).bringToFront();
      expect(await hidden.evaluate(() => document.visibilityState)).toBe('hidden');
      const input = await hidden.waitForSelector('[data-testid=photo-input]');
      await (input as ElementHandle<HTMLInputElement>).uploadFile(file('samples/chelsea.png'));
      await hidden.waitForFunction(() => document.querySelectorAll('[data-testid=result]').length === 5, {
        polling: 100, // a hidden page has no animation frames
      });
    } finally {
      await other.close();
    }
  });
});
