import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { injectManifest } from 'workbox-build';
import { sha256Hex } from '../src/digest';
import {
  FIREFOX,
  modelOf,
  openChromium,
  openFirefox,
  startSite,
  type BrowserWindow,
  type Site,
} from './site';

const BYTES = 5_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayate-workbox-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** As an app does it: its own service worker, bundled for browsers that take no modules there. */
async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`site/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    conditions: ['@hayate/source'],
    define: { 'process.env.NODE_ENV': '"production"' },
    // The kernels' file is looked for beside a module; the hash in JavaScript takes over.
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

/** What Workbox makes of it, beside a page and files that are not for `install`. */
async function withWorkbox(source: string): Promise<string> {
  const root = join(folder, 'dist');
  mkdirSync(root, { recursive: true });
  const page = '<!doctype html><title>Store</title><script type="module" src="/app/page.js"></script>';
  writeFileSync(join(root, 'index.html'), page);
  writeFileSync(join(root, 'model.onnx'), new Uint8Array(3_000_000));
  writeFileSync(join(root, 'kernels.wasm'), new Uint8Array(1000));
  const swSrc = join(folder, 'bundled.js');
  writeFileSync(swSrc, source);
  const swDest = join(folder, 'service-worker.js');
  const { count, warnings } = await injectManifest({
    swSrc,
    swDest,
    globDirectory: root,
    globPatterns: ['**/*'],
    // Models and WebAssembly are the model store's.
    globIgnores: ['**/*.{onnx,wasm}'],
  });
  expect([count, warnings]).toEqual([1, []]);
  return readFileSync(swDest, 'utf8');
}

const browsers = { Chromium: openChromium, Firefox: openFirefox };

describe.each(Object.keys(browsers) as (keyof typeof browsers)[])('a service worker in %s', (name) => {
  const isThere = name === 'Chromium' || existsSync(FIREFOX);
  if (!isThere)
    console.log(`${name}: SKIPPED, there is no Firefox on this machine (HAYATE_FIREFOX may name one)`);
  let site: Site;
  let window: BrowserWindow;
  beforeEach(async () => {
    if (!isThere && process.env['CI']) throw new Error('there is no Firefox');
    if (!isThere) return;
    site = await startSite({
      files: {
        '/service-worker.js': await withWorkbox(await bundle('service-worker')),
        '/isolating.js': await bundle('isolating-service-worker'),
      },
    });
    window = await browsers[name](`${site.url}/`);
    await ready();
  });
  afterEach(async () => {
    if (!isThere) return;
    await window.close();
    site.close();
  });

  const ready = () => expect.poll(() => window.evaluate('globalThis.isReady')).toBe(true);
  const register = (script: string) =>
    window.evaluate(
      `navigator.serviceWorker.register('${script}').then(() => navigator.serviceWorker.ready).then(() => 1)`,
    );
  const get = (url: string, headers = {}) =>
    window.evaluate<{ status: number; range: string; etag: string; bytes: number; first: number }>(`
      fetch(${JSON.stringify(url)}, { headers: ${JSON.stringify(headers)} }).then(async (response) => {
        const bytes = new Uint8Array(await response.arrayBuffer());
        const [range, etag] = ['content-range', 'etag'].map((name) => response.headers.get(name) ?? '');
        return { status: response.status, range, etag, bytes: bytes.length, first: bytes[0] };
      })`);

  test.skipIf(!isThere)(
    'fetches models on demand, and serves them in ranges, without a network too',
    async () => {
      await register('/service-worker.js');
      await expect.poll(() => window.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
      const model = modelOf(name, BYTES);
      const sha256 = await sha256Hex(model);
      const url = site.modelUrl(name, BYTES).replace(`/${BYTES}`, `/${BYTES}/m.onnx`);
      const list = [{ id: name, files: { model: { url: new URL(url).pathname, sha256 } } }];
      const loaded = await window.evaluate<number[]>(`precache(${JSON.stringify(list)})`);
      expect(loaded.at(-1)).toBe(BYTES);
      expect(site.transferred(name)).toEqual({ bytes: BYTES, requests: 1 });

      const etag = `"${sha256}"`;
      expect(await get(url)).toEqual({ status: 200, range: '', etag, bytes: BYTES, first: model[0] });
      expect(await get(url, { range: 'bytes=4194300-4194399' })).toEqual({
        ...{ status: 206, range: `bytes 4194300-4194399/${BYTES}`, etag, bytes: 100 },
        first: model[4_194_300],
      });
      expect(await get(url, { range: `bytes=${BYTES}-` })).toMatchObject({
        status: 416,
        range: `bytes */${BYTES}`,
      });
      expect(site.transferred(name).requests).toBe(1);
      const other = site.modelUrl('other', 1000);
      expect(await get(`${other}/m.onnx`)).toMatchObject({ status: 200, bytes: 1000, etag: '"a"' });

      // The page’s own store finds it too.
      const call = { method: 'getFile', storage: 'default', url, sha256 };
      expect(await window.evaluate(`runCall(${JSON.stringify(call)})`)).toMatchObject({
        from: 'storage',
        digest: sha256,
      });
      site.close();
      expect(await get(url)).toMatchObject({ status: 200, bytes: BYTES });
      const failed = `fetch(${JSON.stringify(`${other}/m.onnx`)}).then(() => 'an answer', ({ name }) => name)`;
      expect(await window.evaluate(failed)).toBe('TypeError');
      expect(await window.evaluate("fetch('/').then((response) => response.text())")).toMatch(/<title>Store/);
    },
  );

  test.skipIf(!isThere)('isolates the page from its second visit on', async () => {
    expect(await window.evaluate('crossOriginIsolated')).toBe(false);
    await register('/isolating.js');
    await window.reload();
    await ready();
    expect(await window.evaluate('crossOriginIsolated')).toBe(true);
  });
});
