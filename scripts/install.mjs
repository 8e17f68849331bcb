// Installs the packages with the pnpm that package.json names, on a machine that may only have Node and npm.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMain } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const windows = process.platform === 'win32';

/** Installs what the lock file says, unless that is what is there. Throws an Error that says what failed. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fits = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
  if (!fits) throw new Error(`Vite needs Node 20.19, 22.12 or newer; this is ${process.version}.`);
  const done = join(root, 'node_modules', '.modules.yaml');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(root, 'pnpm-lock.yaml')).mtimeMs) return;
  const args = ['--yes', packageManager, 'install', '--frozen-lockfile', '--ignore-scripts'];
  console.log(`install: npx ${args.join(' ')}`);
  const { status, error } = spawnSync('npx', args, { cwd: root, stdio: 'inherit', shell: windows });
  if (status !== 0)
    throw new Error(`The packages could not be installed (${error?.message ?? `exit ${status}`}).`);
}

if (isMain(import.meta)) install();
