// `npm run bench:frames`: video frames from the worker's `readImage` to the tensor, their planes as they are beside the
// browser's conversion, in turn in one Chromium. Prints tables and writes them into docs/benchmarks.md.
import { join } from 'node:path';
import { buildPage, openPage } from './browser.mjs';
import { report } from './kernels/report.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';

const WARM_UP = 15;
const ROUNDS = Number(process.env.ROUNDS ?? 60);

const from = provenance();
const folder = join(import.meta.dirname, 'frames');
await buildPage(folder);
const { page, version, close } = await openPage(folder, 'framesBench');
const contenders = await page.evaluate(() => globalThis.framesBench.prepare());
const rows = contenders.map((contender) => ({ ...contender, place: 'Chromium', times: [] }));
for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  const times = await page.evaluate((number) => globalThis.framesBench.round(number), round);
  if (round >= WARM_UP) for (const [at, row] of rows.entries()) row.times.push(times[at]);
}
for (const [at, row] of rows.entries()) {
  row.levels = await page.evaluate((place) => globalThis.framesBench.levels(place), at);
}
await close();

const lines = [[...from, `Chromium ${version}; ${ROUNDS} rounds.`].join(', '), '', ...report(rows)];
console.log(lines.join('\n'));
writeBetweenMarkers(join(import.meta.dirname, '../docs/benchmarks.md'), 'bench:frames', lines.join('\n'));
