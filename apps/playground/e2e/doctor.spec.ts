import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '@hayate/model-efficientnet-lite0/manifest.json';
import { serve, type PlaygroundServer } from '../../../scripts/serve.mjs';
import { serveAltered, type AlteredServer, type Answer } from './altered-server';
import { CHROMIUM } from './playground';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
/** The file of the first page's model; the doctor asks for those of all pages. */
const classifier = readdirSync(`${dist}/assets`).find(
  (name) => name.endsWith('.onnx') && statSync(`${dist}/assets/${name}`).size === manifest.files.model.bytes,
);

let server: PlaygroundServer;
let altered: AlteredServer;
let browser: Browser;
beforeAll(async () => {
  server = await serve({ root: dist, port: 0 });
  altered = await serveAltered(server.url);
  browser = await chromium.launch({
    ...CHROMIUM,
    args: [
      ...CHROMIUM.args,
      // A name that is not the machine's own, so that http is not secure.
      '--host-resolver-rules=MAP hayate.invalid localhost',
    ],
  });
});
afterAll(async () => {
  await browser.close();
  await altered.close();
  await server.close();
});

/** The findings of a page's doctor, the worst first, without those that depend on the machine's GPU and profile. */
async function read(page: Page): Promise<{ ok: boolean; lines: readonly string[] }> {
  await page.waitForSelector('[data-testid=doctor][data-ok] [data-testid=doctor-again]:enabled');
  const lines = await page.getByTestId('finding').evaluateAll((items) =>
    items.map((item) => {
      const { check, severity } = (item as HTMLElement).dataset;
      return `${severity} ${check} ${item.textContent}`;
    }),
  );
  const ok = (await page.getByTestId('doctor').getAttribute('data-ok')) === 'true';
  return { ok, lines: lines.filter((line) => !line.startsWith('info')) };
}

async function findings(framework: string, url = altered.url) {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  try {
    await page.goto(`${url}${framework}/?backend=wasm`);
    await page.getByTestId('doctor-open').click();
    return await read(page);
  } finally {
    await page.close();
  }
}

type Change = (answer: Answer) => Answer | undefined;
const isWorker = (path: string) => path.includes('/inference.worker');
const isOrt = (path: string) => path.includes('/ort-wasm');
const isModel = (path: string) => path === `/assets/${classifier}`;
const isPage = (path: string) => path.endsWith('/');
const where =
  (matches: (path: string) => boolean, change: Change): Change =>
  (answer) =>
    matches(answer.path) ? change(answer) : answer;
const always = () => true;
const header =
  (name: string, value?: string): Change =>
  ({ headers: { [name]: _, ...rest }, ...answer }) => ({
    ...answer,
    headers: value === undefined ? rest : { ...rest, [name]: value },
  });
const html: Change = ({ headers, ...answer }) => ({
  ...answer,
  status: 200,
  headers: { ...headers, 'content-type': 'text/html' },
  body: Buffer.from('<!doctype html>'),
});
const missing: Change = (answer) => ({ ...answer, status: 404 });
/** The policy with one of its parts replaced. */
const policy =
  (part: string, by: string): Change =>
  (answer) => {
    const whole = String(answer.headers['content-security-policy']);
    expect(whole).toContain(part);
    return header('content-security-policy', whole.replace(part, by))(answer);
  };
const noWasm = policy(" 'wasm-unsafe-eval'", '');

describe.each(['react', 'vue'])('the doctor of the %s page', (framework) => {
  test('finds nothing in the way of a healthy, strict page; later, what has gone since', async () => {
    altered.alter = (answer) => answer;
    const page = await browser.newPage({ serviceWorkers: 'block' });
    await page.goto(`${altered.url}${framework}/?backend=wasm`);
    await page.waitForSelector('[data-status=ready]');
    await page.getByTestId('doctor-open').click();
    expect(await read(page)).toEqual({ ok: true, lines: [] });
    // The browser still has the file in its cache.
    altered.alter = where(isModel, missing);
    await page.getByTestId('doctor-again').click();
    await page.waitForSelector('[data-testid=doctor][data-ok=false]');
    expect((await read(page)).lines).toEqual([expect.stringMatching(/^error file .*404.*\.onnx/)]);
    await page.close();
  });
});

const faults: [string, Change, RegExp][] = [
  [
    'no Cross-Origin-Opener-Policy',
    where(isPage, header('cross-origin-opener-policy')),
    /^warning isolation .*without Cross-Origin-Opener-Policy\. .*one thread.*: same-origin/,
  ],
  [
    'no Cross-Origin-Embedder-Policy',
    header('cross-origin-embedder-policy'),
    /^warning isolation .*without Cross-Origin-Embedder-Policy\. .*: require-corp/,
  ],
  [
    'no isolation at all',
    (answer) =>
      header('cross-origin-embedder-policy')(header('cross-origin-opener-policy')(answer) ?? answer),
    /^warning isolation .*without Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy/,
  ],
  [
    'no Cross-Origin-Embedder-Policy with the worker',
    where(isWorker, header('cross-origin-embedder-policy')),
    /^error worker .*inference\.worker.*without Cross-Origin-Embedder-Policy/,
  ],
  [
    'WebAssembly of another MIME type',
    where(isOrt, header('content-type', 'application/octet-stream')),
    /^warning file .*ort-wasm.*application\/octet-stream.*Content-Type: application\/wasm/,
  ],
  [
    'a worker that is sent as text',
    where(isWorker, header('content-type', 'text/plain')),
    /^error worker .*inference\.worker.*text\/plain, not as JavaScript/,
  ],
  ['a missing worker', where(isWorker, missing), /^error worker .*answers 404 .*inference\.worker/],
  ['a start page for a worker', where(isWorker, html), /^error worker .*inference\.worker.*page of HTML/],
  [
    'a worker that fails',
    where(isWorker, (answer) => ({ ...answer, body: Buffer.from('throw new Error("it broke")') })),
    /^error worker .*it broke.*inference\.worker/,
  ],
  ['a missing model', where(isModel, missing), /^error file .*404.*\.onnx/],
  ['a start page for a file', where(isOrt, html), /^error file .*ort-wasm.*page of HTML/],
  ['a file without an answer', where(isOrt, () => undefined), /^error file .*ort-wasm.*no answer/],
  [
    "a policy without 'wasm-unsafe-eval'",
    where(always, noWasm),
    /^error csp .*worker.*'wasm-unsafe-eval'.*no model can run/,
  ],
  [
    "a policy without 'wasm-unsafe-eval' with the page alone",
    where(isPage, noWasm),
    /^warning csp .*The page's policy.*'wasm-unsafe-eval'/,
  ],
  [
    'a policy that refuses the worker',
    policy("worker-src 'self'", "worker-src 'none'"),
    /^error csp .*inference\.worker.*worker-src/,
  ],
  [
    'a policy that refuses to fetch',
    where(isPage, policy("connect-src 'self'", "connect-src 'none'")),
    /^error csp .*ort-wasm.*connect-src/,
  ],
];

test.each(faults)('%s is named', async (_, change, expected) => {
  altered.alter = change;
  const { ok, lines } = await findings('react');
  expect(lines).toEqual([expect.stringMatching(expected)]);
  expect(ok).toBe(!expected.source.startsWith('^error'));
});

test('a server that knows no HEAD is no fault', async () => {
  altered.alter = (answer) => (answer.method === 'HEAD' ? { ...answer, status: 405 } : answer);
  expect(await findings('react')).toEqual({ ok: true, lines: [] });
});

test('a page over http is not secure, and that alone is told', async () => {
  altered.alter = (answer) => answer;
  const { ok, lines } = await findings('react', altered.url.replace('localhost', 'hayate.invalid'));
  expect(lines).toEqual([expect.stringMatching(/^error secure-context .*https/)]);
  expect(ok).toBe(false);
});

test('a sandboxed page has no storage, no locks and no worker', async () => {
  const sandbox = policy('default-src', 'sandbox allow-scripts; default-src');
  altered.alter = (answer) =>
    header('access-control-allow-origin', '*')((isPage(answer.path) ? sandbox(answer) : answer) ?? answer);
  const { lines } = await findings('react');
  expect(lines).toEqual([
    expect.stringMatching(/^error worker .*another origin than the page \(null\).*allow-same-origin/),
    expect.stringMatching(/^warning storage .*sandbox.*every visit downloads.*allow-same-origin/),
    expect.stringMatching(/^warning locks .*may go unnoticed.*allow-same-origin/),
  ]);
});
