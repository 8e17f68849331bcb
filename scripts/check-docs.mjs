// Holds the documents against the code: a section per error code, links that lead somewhere, a README per package.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (/** @type {string[]} */ ...path) => readFileSync(join(root, ...path), 'utf8');
/** @type {string[]} */
const faults = [];

const [, table = ''] =
  read('packages/core/src/errors.ts').match(/export interface ErrorDetails \{([\s\S]*?)\n\}/) ?? [];
const codes = [...table.matchAll(/^ {2}'?([a-z-]+)'?:/gm)].map(([, code]) => code);
const sections = [...read('docs/errors.md').matchAll(/^## `([a-z-]+)`$/gm)].map(([, code]) => code);
for (const code of codes)
  if (!sections.includes(code)) faults.push(`docs/errors.md has no section for ${code}`);
for (const code of sections)
  if (!codes.includes(code)) faults.push(`docs/errors.md describes ${code}, which is no code`);

const SKIPPED = new Set(['node_modules', 'dist', 'target', 'pkg', '.git', '.turbo']);
/**
 * @param {string} folder
 * @returns {string[]}
 */
function pages(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pages(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}
const all = pages(root);
for (const page of all) {
  for (const [, target] of readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:|^#/.test(target)) continue;
    const path = resolve(dirname(page), target.split('#')[0]);
    if (!existsSync(path)) faults.push(`${relative(root, page)} links to ${target}, which is not there`);
  }
}
for (const folder of ['packages', 'models']) {
  for (const name of readdirSync(join(root, folder))) {
    if (!existsSync(join(root, folder, name, 'README.md'))) faults.push(`${folder}/${name} has no README.md`);
  }
}

for (const fault of faults) console.error(`check-docs: ${fault}`);
if (faults.length === 0)
  console.log(`check-docs: ${codes.length} error codes and ${all.length} pages are in order`);
process.exit(faults.length === 0 ? 0 : 1);
