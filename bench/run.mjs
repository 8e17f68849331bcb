// `npm run bench`: this engine, transformers.js and plain ONNX Runtime Web with a canvas, interleaved in one Chromium,
// from the same 1920×1080 ImageBitmap, one thread each. Prints ratios of medians and minima, and the bytes shipped.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage, openPage } from './browser.mjs';
import { least, median } from './figures.mjs';
import { copyOrtFiles, writeModelFolder } from './model-folder.mjs';
import { installPeers } from './peers.mjs';

const bench = import.meta.dirname;
const root = dirname(bench);
const ROUNDS = Number(process.env.ROUNDS ?? 40);

installPeers();

await buildPage(bench);
copyOrtFiles(join(bench, 'dist/ort'));
writeModelFolder(join(bench, 'dist/models/efficientnet-lite0'));
cpSync(join(root, 'samples/chelsea.jpg'), join(bench, 'dist/chelsea.jpg'));

const { page, base, version, close } = await openPage(bench, 'bench');
const figures = await page.evaluate(
  ([photo, ort, rounds]) => globalThis.bench(photo, ort, rounds),
  [`${base}chelsea.jpg`, `${base}ort/`, ROUNDS],
);
await close();

const ours = figures[0];
const own = ours.times.map((time, round) => time - ours.stages.inference[round]);

const lines = [
  `Chromium ${version}, ${cpus()[0].model}, ${ROUNDS} interleaved rounds, one thread, from a 1920×1080 ImageBitmap.`,
  '',
  '| | median ms | least ms | median ÷ Hayate | least ÷ Hayate | best labels |',
  '|---|---:|---:|---:|---:|---|',
  ...figures.map(
    ({ name, times, labels }) =>
      `| ${name} | ${median(times).toFixed(1)} | ${least(times).toFixed(1)} | ${(median(times) / median(ours.times)).toFixed(2)} | ${(least(times) / least(ours.times)).toFixed(2)} | ${labels.slice(0, 2).join(', ')} |`,
  ),
  '',
  `Hayate above its session's own run: median ${median(own).toFixed(1)} ms, least ${least(own).toFixed(1)} ms.`,
  ...figures
    .filter(({ stages }) => Object.keys(stages).length === 1)
    .map(
      ({ name, stages }) =>
        `The session's own run in ${name}: median ${median(stages.inference).toFixed(1)} ms.`,
    ),
  `Its stages, medians in ms: ${Object.entries(ours.stages)
    .map(([stage, times]) => `${stage} ${median(times).toFixed(2)}`)
    .join(', ')}.`,
];
console.log(lines.join('\n'));
writeFileSync(join(bench, 'results.md'), `${lines.join('\n')}\n`);

const assets = join(bench, 'dist/assets');
console.log('\nShipped, gzip:');
for (const name of readdirSync(assets)) {
  console.log(`  ${name}: ${(gzipSync(readFileSync(join(assets, name))).length / 1000).toFixed(1)} kB`);
}
