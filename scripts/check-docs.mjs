// Holds the documents against the code: a section per error code, a README per package, links that lead somewhere, tests
// that are named, figures that something holds or that have a date.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkAblations } from './docs/ablations.mjs';
import { checkFigures } from './docs/figures.mjs';
import { brokenLinks } from './docs/links.mjs';
import { pages, read, root } from './docs/pages.mjs';

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

for (const folder of ['packages', 'models']) {
  for (const name of readdirSync(join(root, folder))) {
    if (!existsSync(join(root, folder, name, 'README.md'))) faults.push(`${folder}/${name} has no README.md`);
  }
}

const ablations = checkAblations();
const figures = checkFigures();
faults.push(...brokenLinks(), ...ablations.faults, ...figures.faults);

for (const fault of faults) console.error(`check-docs: ${fault}`);
if (faults.length === 0)
  console.log(
    `check-docs: ${codes.length} error codes, ${pages.length} pages, ${ablations.rows} ablations and ${figures.count} figures are in order`,
  );
process.exit(faults.length === 0 ? 0 : 1);
