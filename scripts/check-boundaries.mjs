// Holds every package's manifest, sources and tests against the table of layers in docs/architecture.md. Tests may also
// import what the root's package.json or their package's names. No file reaches into another workspace by a path.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn } from './digest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Package → what its sources may import: the rows of the table. */
const ALLOWED = readTable();
/** What every test may import, beside the modules of Node. */
const IN_TESTS = Object.keys(readJson('package.json').devDependencies);
const SKIPPED = new Set(['node_modules', 'dist', 'pkg', 'crate', 'fixtures', '.turbo', '.vite']);

/** @returns {Readonly<Record<string, readonly string[]>>} */
function readTable() {
  const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+)(?: \(private\))? \| (.*) \|$/gm)];
  const names = (/** @type {string} */ cell) => [...cell.matchAll(/`([@a-z/-]+)`/g)].map(([, name]) => name);
  const packages = rows.flatMap(([, cell]) => names(cell));
  // In the row of `react` and of `vue`, that name is the framework's.
  const specifier = (/** @type {string} */ own, /** @type {string} */ name) =>
    packages.includes(name) && name !== own ? `@hayate/${name}` : name;
  return Object.fromEntries(
    rows.flatMap(([, cell, may]) =>
      names(cell).map((own) => [own, names(may).map((name) => specifier(own, name))]),
    ),
  );
}

/** Whether a file is there for tests alone: a test, a type test, or a helper, page or worker of one. */
const isTest = (/** @type {string} */ path) =>
  /\.(test|test-d|spec)\./.test(path) || path.includes('/e2e/') || path.startsWith('packages/testing/');

const packageOf = (/** @type {string} */ specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** @type {string[]} */
const faults = [];

/**
 * Notes each relative path in `text` that leaves the workspace: in sources any, in tests one into another workspace.
 * What all share, such as the samples, a test may read.
 * @param {string} folder of the workspace
 * @param {string} path
 * @param {string} text
 */
function checkPaths(folder, path, text) {
  for (const [, target] of text.matchAll(/['"`](\.\.?\/[^'"`\n]*)/g)) {
    const file = posix.join(dirname(path), target);
    if (`${file}/`.startsWith(`${folder}/`)) continue;
    if (!isTest(path) && folder.startsWith('packages/')) {
      faults.push(`${path} reaches into ${target}, which its layer may not`);
    } else if (/^(packages|models|apps)\/[^/]/.test(file)) {
      faults.push(`${path} reaches into ${target}: import it by the package's name`);
    }
  }
}

/**
 * Notes each import by name that the table does not allow, nor, in a test, a manifest.
 * @param {string} name of the package's folder
 * @param {string} path
 * @param {string} text
 */
function checkImports(name, path, text) {
  const allowed = ALLOWED[name];
  const own = Object.keys(readJson(`packages/${name}/package.json`).devDependencies ?? {});
  const inTests = [...allowed, ...own, ...IN_TESTS, `@hayate/${name}`];
  // The private package of the tests is one of the layers, too.
  const isOfTest = isTest(path) && name !== 'testing';
  for (const [, specifier] of text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()'([^'.][^']*)'/g)) {
    if (isTest(path) && specifier.startsWith('node:')) continue;
    if ((isOfTest ? inTests : allowed).includes(packageOf(specifier))) continue;
    const reason = isOfTest
      ? "which neither its package.json nor the root's names"
      : 'which its layer may not';
    faults.push(`${path} imports ${specifier}, ${reason}`);
  }
}

for (const name of readdirSync(join(root, 'packages'))) {
  const allowed = ALLOWED[name];
  if (allowed === undefined) {
    faults.push(`packages/${name} is not in the table of layers`);
    continue;
  }
  const manifest = readJson(`packages/${name}/package.json`);
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (!allowed.includes(dependency))
      faults.push(`packages/${name}/package.json depends on ${dependency}, which its layer may not`);
  }
}

const workspaces = ['packages', 'models', 'apps'].flatMap((room) =>
  readdirSync(join(root, room)).map((name) => `${room}/${name}`),
);
let files = 0;
for (const folder of [...workspaces, 'examples']) {
  if (!existsSync(join(root, folder, 'package.json'))) continue;
  for (const path of filesIn(root, folder, SKIPPED)) {
    // A configuration at a workspace's root belongs to its build.
    if (!/\.(tsx?|mjs|vue)$/.test(path) || /\.config\.\w+$/.test(path)) continue;
    const text = readFileSync(join(root, path), 'utf8');
    files += 1;
    checkPaths(folder, path, text);
    const [room, name] = folder.split('/');
    if (room === 'packages' && name in ALLOWED) checkImports(name, path, text);
  }
}

for (const fault of faults) console.error(`check-boundaries: ${fault}`);
if (faults.length === 0)
  console.log(
    `check-boundaries: ${Object.keys(ALLOWED).length} packages keep to their layers, ${files} files to their workspace`,
  );
process.exit(faults.length === 0 ? 0 : 1);
