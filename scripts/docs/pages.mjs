// What the checks of documents read: the pages, and the files that they speak of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesIn } from '../digest.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', 'target', 'pkg', '.git', '.turbo', '.venv']);

/** The paths of all files of the repository, without those that are built or installed. */
export const files = filesIn(root, '.', SKIPPED).map((path) => path.slice(2));

/** The paths of all documents. */
export const pages = files.filter((path) => path.endsWith('.md'));

/** @param {string} path from the root */
export const read = (path) => readFileSync(join(root, path), 'utf8');

/**
 * A page without its blocks of code, whose text is no text of the page.
 * @param {string} path
 */
export const prose = (path) => read(path).replace(/^( *)(```+)[\s\S]*?^\1\2$/gm, '');
