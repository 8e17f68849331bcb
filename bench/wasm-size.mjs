// `npm run bench:wasm-size`: what each step of the kernels' build does to size and speed. Builds them all, measures
// each in processes of its own, in turn, and writes the table into packages/core-wasm/README.md. ROUNDS shortens it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { setupRust } from '../scripts/setup-rust.mjs';
import { bundleCoreWasm, shippedWasm } from './core-wasm.mjs';
import { least, median } from './figures.mjs';
import { provenance } from './machine.mjs';
import { writeBetweenMarkers } from './markers.mjs';
import { installPeers } from './peers.mjs';
import { build } from './wasm-size/build.mjs';
import { startMeasurer } from './wasm-size/measurer.mjs';
import { steps } from './wasm-size/steps.mjs';

const WARM_UP = 15;
const ROUNDS = Number(process.env.ROUNDS ?? 60);
// New processes for each: where one's memory happens to lie can cost a fifth of the time, all its life.
const BATCHES = 4;

const from = provenance();
installPeers();
setupRust();
const folder = mkdtempSync(join(tmpdir(), 'hayate-wasm-size-'));
try {
  const rows = [];
  for (const [number, step] of steps.entries()) {
    console.log(`wasm-size: ${step.name}`);
    const file = await build(step, join(folder, String(number)), join(folder, 'target'));
    rows.push({ ...step, file, bytes: readFileSync(file), times: [] });
  }
  const shipped = rows.find((row) => row.shipped);
  if (!shipped.bytes.equals(readFileSync(shippedWasm('simd')))) {
    console.log(
      'wasm-size: the shipped step differs from packages/core-wasm/pkg: stale, or built by other tools',
    );
  }
  const coreWasm = await bundleCoreWasm(join(folder, 'node'));
  for (let batch = 0; batch < BATCHES; batch += 1) await measure(rows, coreWasm);
  const text = table(rows, shipped);
  console.log(text);
  writeBetweenMarkers(join(import.meta.dirname, '../packages/core-wasm/README.md'), 'bench:wasm-size', text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(rows, coreWasm) {
  const measurers = [];
  for (const { file } of rows) measurers.push(await startMeasurer(coreWasm, file));
  if (new Set(measurers.map(({ digest }) => digest)).size > 1)
    throw new Error('the builds give other tensors');
  for (let round = 0; round < WARM_UP + ROUNDS / BATCHES; round += 1) {
    for (const step of rows.keys()) {
      const place = (step + round) % rows.length;
      const time = await measurers[place].measure();
      if (round >= WARM_UP) rows[place].times.push(time);
    }
  }
  for (const { stop } of measurers) stop();
}

function table(rows, shipped) {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  const lines = rows.map(({ name, bytes, times }) => {
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes, quality)];
    const ratios = [least, median].map((pick) => (pick(times) / pick(shipped.times)).toFixed(2));
    return `| ${[name, ...sizes.map(({ length }) => length), ...ratios].join(' | ')} |`;
  });
  return [
    `${[...from, `Node ${process.versions.node}`].join(', ')}; ${ROUNDS} rounds, each build in ${BATCHES} processes of its own.`,
    '',
    '| build | bytes | gzip -9 | brotli 11 | least time ratio | median time ratio |',
    '|---|---:|---:|---:|---:|---:|',
    ...lines,
  ].join('\n');
}
