// `npm run bench`: this engine, transformers.js and plain ONNX Runtime Web with a canvas, interleaved in one Chromium,
// from the same 1920×1080 ImageBitmap, one thread each. Prints ratios of medians and minima, and the bytes shipped.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage, openPage } from './browser.mjs';
import { least, median } from './figures.mjs';
import { installPeers } from './peers.mjs';

const bench = import.meta.dirname;
const root = dirname(bench);
const ROUNDS = Number(process.env.ROUNDS ?? 40);

installPeers();

// transformers.js loads the files of its own ONNX Runtime from a folder.
const requireTransformers = createRequire(
  createRequire(join(bench, 'package.json')).resolve('@huggingface/transformers'),
);
const ortFolder = dirname(requireTransformers.resolve('onnxruntime-web'));

await buildPage(bench);
mkdirSync(join(bench, 'dist/ort'), { recursive: true });
for (const name of readdirSync(ortFolder).filter((file) =>
  /^ort-wasm-simd-threaded.*\.(mjs|wasm)$/.test(file),
)) {
  cpSync(join(ortFolder, name), join(bench, 'dist/ort', name));
}
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

/** The model that ships with Hayate, as a folder that transformers.js understands. */
function writeModelFolder(folder) {
  const model = join(root, 'models/efficientnet-lite0');
  const labels = JSON.parse(readFileSync(join(model, 'labels.json'), 'utf8'));
  const files = {
    'config.json': {
      architectures: ['EfficientNetForImageClassification'],
      model_type: 'efficientnet',
      id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    },
    'preprocessor_config.json': {
      image_processor_type: 'EfficientNetImageProcessor',
      include_top: false,
      do_resize: true,
      size: { shortest_edge: 256 },
      resample: 3,
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.498, 0.498, 0.498],
      image_std: [0.502, 0.502, 0.502],
    },
  };
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  cpSync(join(model, 'model.onnx'), join(folder, 'onnx/model.onnx'));
}
