import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { launch } from 'puppeteer-core';
import { CHROMIUM_FLAGS } from '../../../scripts/chromium-flags.mjs';
import { modelBytes } from '../src/model-bytes.test.helper';
import type { StoreAnswer, StoreCall } from './site/run-call';

export type { StoreAnswer, StoreCall } from './site/run-call';

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const coreWasm = dirname(createRequire(import.meta.url).resolve('@hayate/core-wasm/package.json'));

/** How Chromium is started. */
export const CHROMIUM = {
  executablePath: process.env['HAYATE_CHROMIUM'] ?? '/usr/bin/chromium',
  args: CHROMIUM_FLAGS,
};

/** A piece of a model that has left the server. */
export interface Sent {
  readonly model: string;
  /** Which request it answers, from 0. */
  readonly request: number;
  readonly at: number;
  readonly bytes: number;
}

/** A site with a page that has a store, on the page and in a worker, and with models. */
export interface Site {
  readonly url: string;
  /** `/model/<name>/<bytes>`, with ranges and an ETag, at so many bytes a second. */
  modelUrl(name: string, bytes: number): string;
  readonly sent: readonly Sent[];
  /** Models of which no more leaves than so many bytes, until they are taken out. */
  readonly paused: Map<string, number>;
  /** How many bytes of a model have left, and in how many requests. */
  transferred(name: string): { readonly bytes: number; readonly requests: number };
  /** The first byte of each request of a model. */
  readonly firsts: Readonly<Record<string, readonly number[]>>;
  close(): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The model of a name: each has its own bytes. */
export function modelOf(name: string, bytes: number): Uint8Array<ArrayBuffer> {
  return modelBytes(
    bytes,
    [...name].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) % 65_521, 7),
  );
}

/** Bundles the page from the sources and serves it. `files` are further ones, by path. */
export async function startSite({
  bytesPerSecond = Infinity,
  files = {},
}: {
  readonly bytesPerSecond?: number;
  readonly files?: Readonly<Record<string, string>>;
} = {}): Promise<Site> {
  const bundled = await build({
    entryPoints: ['page', 'worker'].map((name) => local(`site/${name}.ts`)),
    outdir: '/app',
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    conditions: ['@hayate/source'],
    logLevel: 'error',
  });
  const scripts = new Map(bundled.outputFiles.map(({ path, text }) => [path, text]));
  const sent: Sent[] = [];
  const paused = new Map<string, number>();
  const firsts: Record<string, number[]> = {};
  let requests = 0;

  async function serveModel(
    name: string,
    length: number,
    range: string | undefined,
    response: ServerResponse,
  ) {
    const request = (requests += 1) - 1;
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    (firsts[name] ??= []).push(from);
    const body = modelOf(name, length).subarray(from);
    const headers = { etag: '"a"', 'content-length': body.length };
    if (range === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${length - 1}/${length}` });
    const piece = 256 * 1024;
    const start = Date.now();
    for (let at = 0; at < body.length && !response.destroyed; at += piece) {
      const wait = (at / bytesPerSecond) * 1000 - (Date.now() - start);
      if (wait > 0) await pause(wait);
      while (from + at >= (paused.get(name) ?? Infinity) && !response.destroyed) await pause(20);
      const data = body.subarray(at, at + piece);
      if (!response.write(data)) await drained(response);
      if (!response.destroyed) sent.push({ model: name, request, at: Date.now(), bytes: data.length });
    }
    response.end();
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, kind, name = '', length = ''] = pathname.split('/');
    if (kind === 'model') {
      void serveModel(name, Number(length), request.headers.range, response);
      return;
    }
    const type = TYPES[extname(pathname)] ?? 'text/html';
    const kernels = pathname.startsWith('/sha256/pkg/') ? readFileSync(join(coreWasm, pathname)) : undefined;
    const text = files[pathname] ?? scripts.get(pathname);
    const page = '<!doctype html><title>Store</title><script type="module" src="/app/page.js"></script>';
    response.writeHead(200, { 'content-type': type }).end(kernels ?? text ?? page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    modelUrl: (name, bytes) => `${url}/model/${name}/${bytes}`,
    sent,
    paused,
    firsts,
    transferred(name) {
      const of = sent.filter(({ model }) => model === name);
      return {
        bytes: of.reduce((sum, { bytes }) => sum + bytes, 0),
        requests: new Set(of.map(({ request }) => request)).size,
      };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Where a store may live: on the page or in its worker. */
export type Realm = 'page' | 'worker';

/** Opens the page and waits until it has its store. */
export async function openPage(site: Site, page: Page): Promise<Page> {
  await page.goto(`${site.url}/`);
  await page.waitForFunction('globalThis.isReady');
  return page;
}

/** Asks the store of a page. */
export function ask(page: Page, realm: Realm, call: StoreCall): Promise<StoreAnswer> {
  const name = realm === 'page' ? 'runCall' : 'inWorker';
  return page.evaluate(`${name}(${JSON.stringify(call)})`);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until a client has taken what it was sent, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
  });
}

/** A window of either browser, as far as both are driven alike. */
export interface BrowserWindow {
  /** The value of an expression, awaited. */
  evaluate<Value>(expression: string): Promise<Value>;
  reload(): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Opens a page in Chromium, off the record. */
export async function openChromium(url: string): Promise<BrowserWindow> {
  const browser = await chromium.launch(CHROMIUM);
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return {
    evaluate: (text) => page.evaluate(text),
    reload: () => page.reload(),
    close: () => browser.close(),
  };
}

/** Firefox; the tests that need it are skipped, in words, where it is missing. */
export const FIREFOX = process.env['HAYATE_FIREFOX'] ?? '/usr/bin/firefox-esr';

/** Opens a page in Firefox. */
export async function openFirefox(url: string, extraPrefsFirefox = {}): Promise<BrowserWindow> {
  const browser = await launch({
    browser: 'firefox',
    headless: true,
    executablePath: FIREFOX,
    extraPrefsFirefox,
  });
  const page = await browser.newPage();
  await page.goto(url);
  return {
    evaluate: <Value>(text: string) => page.evaluate(text) as Promise<Value>,
    reload: () => page.reload(),
    close: () => browser.close(),
  };
}
