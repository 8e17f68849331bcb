// Holds every package's manifest and imports against the table of layers in docs/architecture.md.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Package → what its sources may import: the rows of the table. */
const ALLOWED = readTable();

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

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) && !/\.(test|test-d|worker)\./.test(name) ? [path] : [];
  });
}

const packageOf = (/** @type {string} */ specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
/** @type {string[]} */
const faults = [];

for (const name of readdirSync(join(root, 'packages'))) {
  const allowed = ALLOWED[name];
  if (allowed === undefined) {
    faults.push(`packages/${name} is not in the table of layers`);
    continue;
  }
  const folder = join(root, 'packages', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (!allowed.includes(dependency)) faults.push(`packages/${name}/package.json depends on ${dependency}`);
  }
  for (const path of sources(join(folder, 'src'))) {
    const text = readFileSync(path, 'utf8');
    const imports = text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\()'([^'.][^']*)'/g);
    for (const [, target] of text.matchAll(/'(\.\.?\/[^']*)'/g)) {
      const elsewhere = relative(folder, resolve(dirname(path), target)).startsWith('..');
      if (elsewhere && name !== 'testing') faults.push(`${relative(root, path)} reaches into ${target}`);
    }
    for (const [, specifier] of imports) {
      if (name === 'testing' && specifier.startsWith('node:')) continue;
      if (!allowed.includes(packageOf(specifier)))
        faults.push(`${relative(root, path)} imports ${specifier}`);
    }
  }
}

for (const fault of faults) console.error(`check-boundaries: ${fault}, which its layer may not`);
if (faults.length === 0)
  console.log(`check-boundaries: ${Object.keys(ALLOWED).length} packages keep to their layers`);
process.exit(faults.length === 0 ? 0 : 1);
