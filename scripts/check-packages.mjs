// Packs every package and holds the tarballs to publint and are-the-types-wrong.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @param {string} name */
const bin = (name) => join(root, 'node_modules/.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'hayate-pack-'));
let faults = 0;
// What can be imported beside a package's main entry; of the tasks, one stands for all.
/** @type {Readonly<Record<string, readonly string[]>>} */
const others = {
  cache: ['./service-worker'],
  core: ['./live'],
  'core-wasm': ['./vision', './embeddings', './sha256'],
  vision: ['./worker', './tasks/image-classification', './pipelines/image-classification'],
  worker: ['./host'],
};

for (const kind of ['packages', 'models']) {
  for (const name of readdirSync(join(root, kind))) {
    const cwd = join(root, kind, name);
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    const args = ['pack', '--json', '--pack-destination', folder];
    const tarball = JSON.parse(execFileSync(bin('pnpm'), args, { cwd, encoding: 'utf8' })).filename;
    const main = '.' in manifest.exports ? ['.'] : [];
    const entries = ['--entrypoints', ...main, ...(others[name] ?? [])];
    /** @type {[tool: string, args: string[]][]} */
    const checks = [
      ['publint', [tarball, '--strict']],
      ['attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii', ...entries]],
    ];
    for (const [tool, args] of checks) {
      const { status, stdout, stderr } = spawnSync(bin(tool), args, { cwd: root, encoding: 'utf8' });
      if (status === 0) continue;
      faults += 1;
      console.error(`check-packages: ${tool} on ${manifest.name}\n${stdout}${stderr}`);
    }
    console.log(`check-packages: ${manifest.name} packed and checked`);
  }
}
rmSync(folder, { recursive: true, force: true });
process.exit(faults === 0 ? 0 : 1);
