// Which workspaces a change can affect: for `npm test -- --changed`.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['packages', 'models', 'apps'];

/** Folder → the folders of the workspaces that it depends on, those of its tests included. */
function workspaces() {
  const folders = ROOMS.flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}`));
  const all = [...folders, 'examples'].filter((folder) => existsSync(join(root, folder, 'package.json')));
  const manifests = all.map((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')));
  const folderOf = new Map(manifests.map(({ name }, place) => [name, all[place]]));
  return new Map(
    all.map((folder, place) => {
      const { dependencies = {}, devDependencies = {} } = manifests[place];
      const names = Object.keys({ ...dependencies, ...devDependencies });
      return [folder, names.map((name) => folderOf.get(name)).filter(Boolean)];
    }),
  );
}

/**
 * What differs from `revision`, untracked files included.
 * @param {string} revision
 */
function changedFiles(revision) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  return [...git('diff', '--name-only', revision), ...git('ls-files', '--others', '--exclude-standard')];
}

/**
 * The folders of the workspaces with changed files and of all that depend on them; undefined where a change may affect
 * everything, such as one of a script. Texts affect nothing that is run. Tests may use any package without a dependency,
 * so a change of `testing` affects everything, too.
 * @param {string} revision
 */
export function affectedFolders(revision) {
  const graph = workspaces();
  const affected = new Set();
  for (const file of changedFiles(revision)) {
    if (file.endsWith('.md')) continue;
    const folder = [...graph.keys()].find((each) => file.startsWith(`${each}/`));
    if (folder === undefined || folder === 'packages/testing') return undefined;
    affected.add(folder);
  }
  for (let size = -1; size !== affected.size;) {
    size = affected.size;
    for (const [folder, uses] of graph) if (uses.some((each) => affected.has(each))) affected.add(folder);
  }
  // The tests of pictures and of the worker's package run engines.
  if (['packages/runtime', 'packages/cache', 'packages/worker'].some((each) => affected.has(each))) {
    affected.add('packages/vision').add('packages/worker');
  }
  return [...affected].sort();
}
