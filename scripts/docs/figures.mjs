// Figures in documents: sizes in kB and MB, and counts of files, tests and the like. Each is held to something, or has
// the date of its measurement beside it:
// - `under N kB`: a limit of .size-limit.mjs, whose name stands in the same paragraph.
// - `N MB` of a model that is shipped: the length of its file.
// - Anything else: a date (2026-12-01) in the same paragraph or list item, for a table also in the one before it. Where
//   the first paragraph of a page is a date, as in decisions, that is the date of all.
// - Counts that a test or a list here knows: COUNTS.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import limits from '../../.size-limit.mjs';
import { files, pages, prose, read, root } from './pages.mjs';

const FIGURE =
  /(under )?(\d[\d\u202f .,]*)[ -](kB|MB)\b(?!\/)|\b(\d[\d,]*) (?:[a-z]+ )?(?:files|tests|lines|cases|rows|calls|answers|kernels|packages|pages|codes|examples|programs)\b/g;
const DATE = /\b20\d\d-\d\d-\d\d\b/;

/**
 * Counts without a date, and what they are held to.
 * @type {Readonly<Record<string, () => boolean>>}
 */
const COUNTS = {
  // Of code, in an example.
  '15 lines': () => read('examples/node-packages.test.ts').includes('toBeLessThanOrEqual(15)'),
};

/** Folder of a model's package → its file's length in MB, as documents have it. */
const MODELS = new Map(
  files
    .filter((path) => /^models\/[^/]+\/model\.onnx$/.test(path))
    .map((path) => [path.replace('/model.onnx', ''), (statSync(join(root, path)).size / 1e6).toFixed(1)]),
);

/**
 * Whether the figure is the limit of something that the paragraph names.
 * @param {string} figure
 * @param {string} paragraph
 */
function isLimit(figure, paragraph) {
  const names = [...paragraph.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  return limits.some(({ name, limit }) => limit === figure && names.includes(name));
}

/**
 * Whether the figure is the size of the model that the page is about, or that the line names.
 * @param {string} size
 * @param {string} page
 * @param {string} line
 */
function isModel(size, page, line) {
  return [...MODELS].some(
    ([folder, own]) => size === own && (page.startsWith(`${folder}/`) || line.includes(`](${folder})`)),
  );
}

/** Paragraphs and list items; a table with the paragraph before it. */
function paragraphsOf(/** @type {string} */ text) {
  const blocks = text.split(/\n\s*\n|\n(?=\s*[-*] |#)/);
  return blocks.map((own, place) => ({
    own,
    dated: own.startsWith('|') ? `${blocks[place - 1] ?? ''}\n${own}` : own,
  }));
}

/** A sentence for each figure that nothing holds, and the number of figures. */
export function checkFigures() {
  /** @type {string[]} */
  const faults = [];
  let count = 0;
  for (const page of pages) {
    // What a release says of itself is history.
    if (page.startsWith('.changeset/')) continue;
    const paragraphs = paragraphsOf(prose(page));
    const isDated = paragraphs.slice(0, 2).some(({ own }) => /^20\d\d-\d\d-\d\d$/.test(own.trim()));
    for (const { own, dated } of paragraphs) {
      for (const [figure, under, size, unit] of own.matchAll(FIGURE)) {
        count += 1;
        if (under !== undefined) {
          if (!isLimit(`${size} ${unit}`, own))
            faults.push(`${page}: "${figure}" is no limit of what the paragraph names (.size-limit.mjs)`);
          continue;
        }
        const line = own.split('\n').find((each) => each.includes(figure)) ?? '';
        if (isDated || DATE.test(dated) || COUNTS[figure]?.()) continue;
        if (unit === 'MB' && isModel(size, page, line)) continue;
        faults.push(`${page}: "${figure}" needs the date of its measurement, or a check that holds it`);
      }
    }
  }
  return { faults: [...faults, ...wrongLengths()], count };
}

/** The table of the kernels' files has their lengths. */
function wrongLengths() {
  const page = 'packages/core-wasm/README.md';
  const rows = [...read(page).matchAll(/^\| `((\w+)-\w+\.wasm)` \| ([\d ]+) \|/gm)];
  const faults = rows.flatMap(([, file, family, told]) => {
    const { size } = statSync(join(root, 'packages/core-wasm', family, 'pkg', file));
    return Number(told.replaceAll(' ', '')) === size
      ? []
      : [`${page}: ${file} has ${size} bytes, not ${told}`];
  });
  return rows.length > 0 ? faults : [`${page} has no table of the kernels' files`];
}
