// `npm run bench:store`: a model of 256 MiB through the store, beside the bare download and the hash alone, in turn in one
// Chromium with a profile on the disk. Prints a table and writes it into docs/benchmarks.md.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_FLAGS } from '../scripts/chromium-flags.mjs';
import { ensureBrowser } from '../scripts/ensure-browser.mjs';
import { buildPage, servePages, visit } from './browser.mjs';
import { least, median } from './figures.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';

const MIB = 2 ** 20;
const BYTES = Number(process.env.MIB ?? 256) * MIB;
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const THROTTLED = 50e6;

const model = Buffer.alloc(BYTES);
for (let at = 0, state = 1; at < BYTES; at += 4) {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  model.writeInt32LE(state, at);
}
const sha256 = createHash('sha256').update(model).digest('hex');

/** Serves the model: `/<bytes a second>/…`, 0 for as fast as it goes. */
const server = createServer(async (request, response) => {
  const [, rate] = (request.url ?? '').split('/');
  const bytesPerSecond = Number(rate) || Infinity;
  response.writeHead(206, {
    'content-length': BYTES,
    'content-range': `bytes 0-${BYTES - 1}/${BYTES}`,
    etag: '"a"',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'content-range, etag',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const start = performance.now();
  const piece = bytesPerSecond === Infinity ? 4 * MIB : 256 * 1024;
  for (let at = 0; at < BYTES && !response.destroyed; at += piece) {
    const wait = (at / bytesPerSecond) * 1000 - (performance.now() - start);
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    if (!response.write(model.subarray(at, at + piece))) {
      await new Promise((resolve) => {
        const end = () => resolve(response.off('drain', end).off('close', end));
        response.on('drain', end).on('close', end);
      });
    }
  }
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;

const folder = join(import.meta.dirname, 'store');
await buildPage(folder);
const { base, close } = await servePages(folder);
const profile = mkdtempSync(join(tmpdir(), 'hayate-profile-'));
const { chromium } = await import('playwright-core');
const context = await chromium.launchPersistentContext(profile, {
  executablePath: await ensureBrowser(),
  args: [
    ...CHROMIUM_FLAGS,
    // Memory is measured at once, not when the browser finds a good moment.
    '--enable-blink-features=ForceEagerMeasureMemory',
  ],
});
const page = await visit(context, base, 'storeBench');
let visits = 0;
const call = (name, rate) => ({ name, url: `${origin}/${rate}/${(visits += 1)}`, bytes: BYTES, sha256 });
const time = async (name, rate) =>
  (await page.evaluate((parameters) => globalThis.storeBench.ask(parameters), call(name, rate))).ms;
/** What all cores of this machine have worked since it started, for the server, the browser and whatever else ran. */
const workedMs = () =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);

const names = ['bare', 'hash', 'bare, hashed', 'opfs blob', 'opfs bytes', 'cache blob', 'memory blob'];
/** @type {Record<string, number[]>} */
const free = Object.fromEntries(names.map((name) => [name, []]));
/** @type {Record<string, number[]>} */
const worked = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const name of names) {
    const before = workedMs();
    const ms = await time(name, 0);
    const work = workedMs() - before;
    console.error(`round ${round}, ${name}: ${ms.toFixed(0)} ms`);
    if (round === 0) continue; // it warms up
    free[name].push(ms);
    worked[name].push(work);
  }
}
const held = { bare: [], 'opfs blob': [] };
for (let round = 0; round < Math.min(3, ROUNDS); round += 1) {
  for (const name of Object.keys(held)) held[name].push(await time(name, THROTTLED));
}
const peaks = {};
for (const name of ['opfs blob', 'opfs bytes', 'cache blob']) {
  const { peak } = await page.evaluate((parameters) => globalThis.storeBench.peak(parameters), call(name, 0));
  peaks[name] = peak;
}
const version = context.browser()?.version() ?? '';
await context.close();
await close();
server.close();
rmSync(profile, { recursive: true, force: true });

const rate = (ms) => `${(BYTES / MIB / (ms / 1000)).toFixed(0)} MiB/s`;
const rows = names.map((name) => {
  const times = free[name];
  const share = median(free.hash) / median(times);
  const cells = [
    name,
    rate(median(times)),
    rate(least(times)),
    share.toFixed(2),
    (median(times) / median(free.bare)).toFixed(2),
    (median(worked[name]) / 1000).toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
});
// Whatever threads the work is spread over.
const ceiling = (median(free.hash) * availableParallelism()) / median(worked['opfs blob']);
const lines = [
  [...provenance(), `Chromium ${version}`, `${BYTES / MIB} MiB, ${ROUNDS} rounds`].join(', '),
  '',
  '| from loopback | median | best | of the hash’s rate | times the bare download | s of all cores |',
  '|---|---|---|---|---|---|',
  ...rows,
  '',
  `With all ${availableParallelism()} cores busy all the time, “opfs blob” would reach ${ceiling.toFixed(2)} of the hash’s rate.`,
  `From a server held to ${THROTTLED / 1e6} MB/s the store takes ${(median(held['opfs blob']) / median(held.bare)).toFixed(3)} times the bare download.`,
  `Peak memory of page and worker above what they had before: ${Object.entries(peaks)
    .map(([name, bytes]) => `${name} ${(bytes / MIB).toFixed(0)} MiB`)
    .join(', ')}.`,
];
console.log(lines.join('\n'));
writeBetweenMarkers(join(import.meta.dirname, '../docs/benchmarks.md'), 'bench:store', lines.join('\n'));
