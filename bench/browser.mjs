import { join } from 'node:path';
import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.mjs';
import { ensureBrowser } from '../scripts/ensure-browser.mjs';
import { loadVite } from './vite.mjs';

/** Builds the pages of `folder` into `folder`/dist, from the sources of Hayate's packages. */
export async function buildPage(folder, pages = ['index.html']) {
  const vite = await loadVite();
  await vite.build({
    configFile: false,
    root: folder,
    base: './',
    logLevel: 'warn',
    resolve: { conditions: ['@hayate/source', ...vite.defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: { input: pages.map((page) => join(folder, page)) },
    },
  });
}

/** Serves `folder`/dist cross-origin isolated. `requests` are the addresses asked for so far. */
export async function servePages(folder) {
  const vite = await loadVite();
  const requests = [];
  const server = await vite.preview({
    appType: 'mpa',
    configFile: false,
    root: folder,
    base: './',
    logLevel: 'warn',
    preview: {
      port: 0,
      host: '127.0.0.1',
      headers: {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
    },
    plugins: [
      {
        name: 'note-requests',
        configurePreviewServer({ middlewares }) {
          middlewares.use(({ url }, _, next) => {
            requests.push(url);
            next();
          });
        },
      },
    ],
  });
  const base = server.resolvedUrls.local[0] ?? server.resolvedUrls.network[0];
  return { base, requests, close: () => server.close() };
}

/** Starts Chromium. */
export async function launchBrowser() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: await ensureBrowser(),
    args: CHROMIUM_FLAGS,
  });
}

/** Opens `url` in a new page of a browser or a context, once `global` is defined there. */
export async function visit(browser, url, global) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(url);
  await page.waitForFunction((name) => name in globalThis, global);
  return page;
}

/** Serves `folder`/dist and opens it in Chromium, once `global` is defined there. */
export async function openPage(folder, global) {
  const { base, close } = await servePages(folder);
  const browser = await launchBrowser();
  return {
    page: await visit(browser, base, global),
    base,
    version: browser.version(),
    async close() {
      await browser.close();
      await close();
    },
  };
}
