// One digest over many files: what a build was made from, so that one that is current is not made again.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * SHA-256, in hex, over names and contents of files, in the order of their names.
 * @param {string} root folder that the paths start from
 * @param {readonly string[]} paths with slashes
 * @param {(data: Buffer) => Buffer | string} [read] what of a file's contents counts; all of it by default
 */
export function digestFiles(root, paths, read = (data) => data) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    const content = read(readFileSync(join(root, path)));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * The files in a folder and in those below it, as paths from `root` with slashes.
 * @param {string} root
 * @param {string} folder from `root`
 * @param {ReadonlySet<string>} [skipped] names of files and folders that are left out
 * @returns {string[]}
 */
export function filesIn(root, folder, skipped = new Set()) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, path, skipped) : [path];
  });
}
