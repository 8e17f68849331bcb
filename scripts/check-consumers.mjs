// Installs the packed packages into a fresh Vite React app, a fresh Vite Vue app and a Node script, builds them and
// lets each classify a photo; then webpack and esbuild each bundle the kernels alone. Other packages come from pnpm's
// store, where the installation of this repository put them.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import webpack from 'webpack';
import { CHROMIUM_FLAGS } from './chromium-flags.mjs';
import { ensureBrowser } from './ensure-browser.mjs';
import { serve } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pnpm = join(root, 'node_modules/.bin/pnpm');
const folder = mkdtempSync(join(tmpdir(), 'hayate-consumers-'));
const photo = join(root, 'samples/chelsea.png');
/** @type {{ files: Record<string, { top5: { label: string }[] }> }} */
const { files } = JSON.parse(readFileSync(join(root, 'samples/references.json'), 'utf8'));
const expected = JSON.stringify(files['chelsea.png'].top5.map(({ label }) => label));
const versions = Object.fromEntries(
  [
    ...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}'?([@\w/-]+)'?: ([\d.]+)$/gm),
  ].map(([, name, version]) => [name, version]),
);
let faults = 0;

/** Name → address of each package that is published, packed. */
function pack() {
  /** @type {Record<string, string>} */
  const tarballs = {};
  for (const kind of ['packages', 'models']) {
    for (const name of readdirSync(join(root, kind))) {
      const cwd = join(root, kind, name);
      const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
      if (manifest.private) continue;
      const output = execFileSync(pnpm, ['pack', '--json', '--pack-destination', folder], {
        cwd,
        encoding: 'utf8',
      });
      tarballs[manifest.name] = `file:${JSON.parse(output).filename}`;
    }
  }
  return tarballs;
}

/**
 * Makes a copy of a consumer with its dependencies; returns its folder.
 * @param {string} name
 * @param {Readonly<Record<string, string>>} tarballs
 * @param {readonly string[]} others from the catalog
 */
function install(name, tarballs, others) {
  const cwd = join(folder, name);
  cpSync(join(root, 'scripts/consumers', name), cwd, { recursive: true });
  const dependencies = {
    ...tarballs,
    ...Object.fromEntries(others.map((other) => [other, versions[other]])),
  };
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({ name, private: true, type: 'module', dependencies, pnpm: { overrides: tarballs } }),
  );
  execFileSync(pnpm, ['install', '--ignore-workspace', '--ignore-scripts', '--prefer-offline', '--silent'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return cwd;
}

/** @param {string} name @param {string | null} labels */
function report(name, labels) {
  const right = labels === expected;
  if (!right) faults += 1;
  console.log(
    `check-consumers: ${name}: ${right ? 'classifies as the reference does' : `gave ${labels}, not ${expected}`}`,
  );
}

async function launch() {
  const executablePath = await ensureBrowser();
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
}

/**
 * @param {string} name
 * @param {Readonly<Record<string, string>>} tarballs
 * @param {readonly string[]} others
 */
async function classifyInBrowser(name, tarballs, others) {
  const cwd = install(name, tarballs, [...others, 'vite']);
  const vite = await import(pathToFileURL(createRequire(join(cwd, 'package.json')).resolve('vite')).href);
  await vite.build({ root: cwd, logLevel: 'warn', customLogger: faultLogger(vite, name) });
  const server = await vite.preview({ root: cwd, logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
    await page.goto(server.resolvedUrls.local[0] ?? server.resolvedUrls.network[0]);
    await page.setInputFiles('input', photo);
    await page.waitForFunction(
      () => document.querySelector('li') ?? document.querySelector('p')?.textContent,
    );
    const labels = await page.locator('li').allTextContents();
    report(name, labels.length > 0 ? JSON.stringify(labels) : await page.locator('p').textContent());
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * Shows the build's warnings, and counts one as a fault: that a file which a package names is not shipped.
 * @param {any} vite the consumer's own
 * @param {string} name
 */
function faultLogger(vite, name) {
  const logger = vite.createLogger('warn');
  const warn = (/** @type {string} */ message) => {
    // The bundler also warns of its own slowness; a file that is missing is what counts.
    if (message.includes("doesn't exist at build time")) faults += 1;
    console.warn(`check-consumers: ${name}: ${message}`);
  };
  return { ...logger, warn, warnOnce: warn };
}

/**
 * Bundles a page that runs the kernels alone, and checks what it shows.
 * @param {string} name
 * @param {string} cwd
 * @param {(folder: string) => Promise<void>} bundle
 */
async function runKernels(name, cwd, bundle) {
  const out = join(cwd, name);
  await bundle(out);
  copyFileSync(join(cwd, 'index.html'), join(out, 'index.html'));
  const server = await serve({ root: out, port: 0 });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const shown = await page.locator('p').textContent();
    const right = shown === '0.5 0.5, 0.5 0.5';
    if (!right) faults += 1;
    console.log(`check-consumers: ${name}: ${right ? 'both builds of the kernels run' : `gave ${shown}`}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @param {string} cwd */
function byWebpack(cwd) {
  return async (/** @type {string} */ path) => {
    const compiler = webpack({
      context: cwd,
      entry: join(cwd, 'bundled.js'),
      output: { path, filename: 'main.js', module: true },
      mode: 'production',
      experiments: { outputModule: true },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    await promisify(compiler.close.bind(compiler))();
    if (!stats || stats.hasErrors() || stats.hasWarnings())
      throw new Error(stats?.toString('errors-warnings'));
  };
}

/** @param {string} cwd */
function byEsbuild(cwd) {
  return async (/** @type {string} */ outdir) => {
    const entryPoints = { main: join(cwd, 'named.js') };
    const loader = /** @type {const} */ ({ '.wasm': 'file' });
    await esbuild.build({ entryPoints, outdir, loader, bundle: true, format: 'esm', logLevel: 'warning' });
  };
}

try {
  const tarballs = pack();
  const node = install('node', tarballs, ['react', 'vue', 'sharp']);
  report('node', execFileSync(process.execPath, ['main.mjs', photo], { cwd: node, encoding: 'utf8' }).trim());
  await classifyInBrowser('react', tarballs, ['react', 'react-dom']);
  await classifyInBrowser('vue', tarballs, ['vue']);
  const kernels = install('kernels', tarballs, ['react', 'vue']);
  await runKernels('webpack', kernels, byWebpack(kernels));
  await runKernels('esbuild', kernels, byEsbuild(kernels));
} catch (error) {
  faults += 1;
  console.error(error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(faults === 0 ? 0 : 1);
