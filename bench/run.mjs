// `npm run bench`: this engine, transformers.js and plain ONNX Runtime Web with a canvas, interleaved in one Chromium,
// from the same 1920×1080 ImageBitmap, one thread each. Prints ratios of medians and minima, and the bytes shipped.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ensureBrowser } from '../scripts/ensure-browser.mjs';
import { install } from '../scripts/install.mjs';

const bench = fileURLToPath(new URL('.', import.meta.url));
const root = dirname(join(bench, '.'));
const ROUNDS = Number(process.env.ROUNDS ?? 40);

install();
if (!existsSync(join(bench, 'node_modules'))) {
  console.log('bench: installing the peers');
  const pnpm = join(root, 'node_modules/.bin/pnpm');
  execFileSync(pnpm, ['install', '--ignore-workspace', '--ignore-scripts'], { cwd: bench, stdio: 'inherit' });
}

const requirePlayground = createRequire(join(root, 'apps/playground/package.json'));
const vite = await import(requirePlayground.resolve('vite'));
const { chromium } = await import('playwright-core');

// transformers.js loads the files of its own ONNX Runtime from a folder.
const requireTransformers = createRequire(
  createRequire(join(bench, 'package.json')).resolve('@huggingface/transformers'),
);
const ortFolder = dirname(requireTransformers.resolve('onnxruntime-web'));
const conditions = ['@hayate/source', ...vite.defaultClientConditions];
const build = (input, outDir) =>
  vite.build({
    configFile: false,
    root: bench,
    base: './',
    logLevel: 'warn',
    resolve: { conditions },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, rolldownOptions: { input } },
  });

await build(join(bench, 'index.html'), 'dist');
mkdirSync(join(bench, 'dist/ort'), { recursive: true });
for (const name of readdirSync(ortFolder).filter((file) =>
  /^ort-wasm-simd-threaded.*\.(mjs|wasm)$/.test(file),
)) {
  cpSync(join(ortFolder, name), join(bench, 'dist/ort', name));
}
writeModelFolder(join(bench, 'dist/models/efficientnet-lite0'));
cpSync(join(root, 'samples/chelsea.jpg'), join(bench, 'dist/chelsea.jpg'));

const server = await vite.preview({
  appType: 'mpa',
  configFile: false,
  root: bench,
  base: './',
  logLevel: 'warn',
  preview: {
    port: 0,
    host: '127.0.0.1',
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
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
await page.waitForFunction(() => 'bench' in globalThis);
const figures = await page.evaluate(
  ([photo, ort, rounds]) => globalThis.bench(photo, ort, rounds),
  [`${base}chelsea.jpg`, `${base}ort/`, ROUNDS],
);
const version = browser.version();
await browser.close();
await server.close();

const sorted = (values) => [...values].sort((left, right) => left - right);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const least = (values) => sorted(values)[0];
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
