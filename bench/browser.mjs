import { join } from 'node:path';
import { ensureBrowser } from '../scripts/ensure-browser.mjs';
import { loadVite } from './vite.mjs';

/** Builds `folder`/index.html into `folder`/dist, from the sources of Hayate's packages. */
export async function buildPage(folder) {
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
      rolldownOptions: { input: join(folder, 'index.html') },
    },
  });
}

/** Serves `folder`/dist cross-origin isolated and opens it in Chromium, once `global` is defined there. */
export async function openPage(folder, global) {
  const vite = await loadVite();
  const { chromium } = await import('playwright-core');
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
  });
  const browser = await chromium.launch({
    executablePath: await ensureBrowser(),
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  const base = server.resolvedUrls.local[0] ?? server.resolvedUrls.network[0];
  await page.goto(base);
  await page.waitForFunction((name) => name in globalThis, global);
  return {
    page,
    base,
    version: browser.version(),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
