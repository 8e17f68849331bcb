// `npm start`: from a fresh clone to the playground in a browser, on a machine that has Node and npm.
// `--build-only` stops before serving. PORT chooses the port.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestFiles, filesIn } from './digest.mjs';
import { install } from './install.mjs';
import { messageOf } from './run.mjs';
import { precompress, serve } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const app = join(root, 'apps/playground');
const dist = join(app, 'dist');
// Vite empties the folder first, so an interrupted build leaves no digest behind.
const digestFile = join(dist, '.sources.sha256');

Object.assign(process.env, { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' });

function readPort() {
  const port = Number(process.env.PORT ?? 4173);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Error(`PORT must be a whole number from 0 to 65535, not "${process.env.PORT}".`);
}

/**
 * Does `job` and tells what came of it and how long it took.
 * @param {string} name
 * @param {() => string | Promise<string>} job
 */
async function step(name, job) {
  const start = performance.now();
  const outcome = await job();
  console.log(`${name}: ${outcome} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** The digest of everything that decides what the build gives. */
function sourcesDigest() {
  const skipped = new Set(['node_modules', 'dist', 'e2e', 'crate', 'fixtures', '.turbo', '.vite']);
  const folders = ['apps/playground', 'models', 'packages', 'samples'];
  const single = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'tsconfig.base.json'];
  return digestFiles(root, [...folders.flatMap((folder) => filesIn(root, folder, skipped)), ...single]);
}

function build() {
  const digest = sourcesDigest();
  if (existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest) return 'is current';
  const manifest = createRequire(join(app, 'package.json')).resolve('vite/package.json');
  const vite = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.vite);
  const { status, error } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: app,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`The build failed (${error?.message ?? `exit ${status}`}).`);
  writeFileSync(digestFile, digest);
  return 'built';
}

async function start() {
  const port = readPort();
  await step('packages', () => {
    install();
    return 'installed';
  });
  await step('playground', build);
  await step('compression', async () => {
    const written = await precompress(dist);
    return written === 0 ? 'is current' : `${written} files`;
  });
  if (process.argv.includes('--build-only')) return;
  const server = await serve({ root: dist, port });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
  const { ok, status } = await fetch(`${server.url}react/`);
  if (!ok) throw new Error(`The page answers with status ${status}.`);
  console.log(`Hayate playground: ${server.url}`);
}

start().catch((/** @type {unknown} */ error) => {
  console.error(`start: ${messageOf(error)}`);
  process.exit(1);
});
