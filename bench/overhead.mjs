// `node bench/overhead.mjs --before <folder of an earlier checkout>`: the engine's time above the session's own run,
// for a photo, a frame and a batch of eight, beside that of an earlier build, interleaved in one Chromium.
// Prints a table of medians, in milliseconds, and their ratio. `--rounds` shortens it.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser, visit } from './browser.mjs';
import { buildOverheadPage, serveFolder } from './overhead/build.mjs';
import { provenance } from './machine.mjs';

const { values } = parseArgs({
  options: { before: { type: 'string' }, rounds: { type: 'string', default: '20' } },
});
if (values.before === undefined) throw new Error('--before must name the folder of an earlier checkout');

const here = join(import.meta.dirname, '..');
const builds = { before: resolve(values.before), now: here };
const folder = mkdtempSync(join(tmpdir(), 'hayate-overhead-'));
const browser = await launchBrowser();
const served = [];

/** The median and the quartiles. */
function spread(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

try {
  const pages = {};
  for (const [name, checkout] of Object.entries(builds)) {
    const out = join(folder, name);
    await buildOverheadPage(checkout, out);
    cpSync(join(here, 'samples/chelsea.jpg'), join(out, 'chelsea.jpg'));
    const server = await serveFolder(out);
    served.push(server);
    pages[name] = await visit(await browser.newContext(), server.base, 'overhead');
    await pages[name].evaluate(() => globalThis.overhead.start());
  }
  const above = {};
  for (let round = 0; round < Number(values.rounds); round += 1) {
    // Each goes first in every other round.
    const order = round % 2 === 0 ? ['before', 'now'] : ['now', 'before'];
    for (const kind of ['photo', 'frame', 'batch of 8']) {
      for (const name of order) {
        const list = await pages[name].evaluate((what) => globalThis.overhead.measure(what), kind);
        ((above[kind] ??= {})[name] ??= []).push(...list);
      }
    }
  }
  console.log(`${[...provenance(), `Chromium ${browser.version()}`].join(', ')}; one thread.\n`);
  console.log('| above the session’s own run, ms | before | now | ratio |\n| --- | --- | --- | --- |');
  for (const [kind, lists] of Object.entries(above)) {
    const [before, now] = [spread(lists.before), spread(lists.now)];
    const shown = ({ low, median, high }) => `${median.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    console.log(
      `| ${kind} | ${shown(before)} | ${shown(now)} | ${(now.median / before.median).toFixed(2)} |`,
    );
  }
} finally {
  await browser.close();
  for (const { close } of served) await close();
  rmSync(folder, { recursive: true, force: true });
}
