import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serve, type PlaygroundServer } from '../../../scripts/serve.mjs';
import { CHROMIUM, file, FRAMEWORKS, runPhoto, resultsOf, statusIs } from './playground';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch(CHROMIUM);
});
afterAll(() => browser.close());

let server: PlaygroundServer | undefined;
let context: BrowserContext | undefined;
afterEach(async () => {
  await context?.close();
  await server?.close();
});

/** A page of a server that may be stopped, with its errors. */
async function visit(framework: string, root = file('apps/playground/dist')) {
  server = await serve({ root, port: 0 });
  context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('requestfailed', (request) => faults.push(`${request.url()} failed`));
  context.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.url()}: ${response.status()}`);
  });
  const address = `${server.url}${framework}/?backend=wasm&threads=1`;
  await page.goto(address);
  return { page, faults, address, server, context };
}

const offlineIs = (page: Page, status: string) =>
  page.locator(`[data-testid=offline][data-status=${status}]`).waitFor({ timeout: 30_000 });

describe.each(FRAMEWORKS)('the %s page without a network', (framework) => {
  test('loads and works after the first visit, ONNX Runtime and kernels included', async () => {
    const { page, faults, address, ...visitor } = await visit(framework);
    await runPhoto(page, 'chelsea.png');
    await page.locator('nav a[data-testid=page-models]').click();
    await page.getByTestId('storage-precache').click();
    await page.getByTestId('storage-outcome').and(page.getByText('All models are kept.')).waitFor();
    await offlineIs(page, 'ready');

    await visitor.server.close();
    await visitor.context.setOffline(true);
    await page.locator('[data-testid=offline][data-online=false]').waitFor();
    await page.goto(address);
    await runPhoto(page, 'chelsea.png');
    expect((await resultsOf(page))[0]?.label).toBe('tiger cat');
    await page.getByTestId('sample-coffee').click();
    await page.locator('canvas[aria-label^="The photo: coffee"]').waitFor();
    await page.getByTestId('page-detect').click();
    await page.locator('[data-page=detect]').waitFor(); // the page before has an input for photos too
    await runPhoto(page, 'astronaut.png');
    expect((await resultsOf(page))[0]?.label).toBe('person');
    await page.getByTestId('page-faces').click();
    await page.locator('[data-page=faces]').waitFor();
    await statusIs(page, 'ready');
    await expect.poll(async () => (await resultsOf(page)).length).toBe(1);
    await page.getByTestId('page-models').click();
    await page.getByTestId('storage-verify').click();
    await page.getByTestId('storage-outcome').and(page.getByText('all as they should be')).waitFor();
    // The page of the other framework, which was not opened before.
    await page.goto(address.replace(framework, framework === 'react' ? 'vue' : 'react'));
    await runPhoto(page, 'chelsea.png');
    expect((await resultsOf(page))[0]?.label).toBe('tiger cat');
    expect(faults).toEqual([]);
  });
});

test('can be installed', async () => {
  const { page, faults, ...visitor } = await visit('react');
  await runPhoto(page, 'chelsea.png');
  await offlineIs(page, 'ready');
  const session = await visitor.context.newCDPSession(page);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect([errors, url]).toEqual([[], `${visitor.server.url}manifest.webmanifest`]);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // Playwright's own contexts are all private windows.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  expect(faults).toEqual([]);
});

test('a page goes on in its version after a newer one was put in its place, until the person reloads', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hayate-deployed-'));
  try {
    cpSync(file('apps/playground/dist'), root, { recursive: true });
    const { page, faults } = await visit('react', root);
    // No model is loaded, and so neither is the half of the store that downloads.
    await page.evaluate(
      'navigator.serviceWorker.register("../service-worker.js").then(() => navigator.serviceWorker.ready)',
    );
    await page.reload();
    // The files of the newer version have other names, which its pages and its service worker know.
    const assets = readdirSync(join(root, 'assets'));
    const scripts = assets.filter((name) => /^(download-file|stages|react)-.*\.js$/.test(name));
    expect(scripts.length).toBeGreaterThan(3);
    const rename = (text: string) =>
      scripts.reduce((all, name) => all.replaceAll(name, name.replace(/\.js$/, '2.js')), text);
    for (const name of scripts) renameSync(join(root, 'assets', name), join(root, 'assets', rename(name)));
    const texts = [
      ...assets.map(rename).map((name) => `assets/${name}`),
      'react/index.html',
      'vue/index.html',
    ];
    for (const name of [...texts, 'service-worker.js']) {
      if (!/\.(js|html)$/.test(name)) continue;
      const text = readFileSync(join(root, name), 'utf8');
      writeFileSync(join(root, name), rename(text).replaceAll('{"revision":"', '{"revision":"2'));
    }
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (/\.(br|gz)$/.test(name)) rmSync(join(root, name));
    }
    // It loads what the first version would have loaded.
    await runPhoto(page, 'chelsea.png');
    expect((await resultsOf(page))[0]?.label).toBe('tiger cat');
    await offlineIs(page, 'update');
    const script = () => page.locator('script[src]').first().getAttribute('src');
    const before = await script();
    await page.getByTestId('update').click();
    await expect.poll(script).not.toBe(before);
    await runPhoto(page, 'chelsea.png');
    expect((await resultsOf(page))[0]?.label).toBe('tiger cat');
    expect(faults).toEqual([]);
  } finally {
    rmSync(root, { recursive: true });
  }
});
