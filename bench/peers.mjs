import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../scripts/install.mjs';

const bench = import.meta.dirname;
const root = join(bench, '..');

/** Installs the repository's packages and those that the benchmarks compare with, unless they are there. */
export function installPeers() {
  install();
  const done = join(bench, 'node_modules/.modules.yaml');
  if (existsSync(done) && statSync(done).mtimeMs >= statSync(join(bench, 'pnpm-lock.yaml')).mtimeMs) return;
  console.log('bench: installing the peers');
  const pnpm = join(root, 'node_modules/.bin/pnpm');
  const args = ['install', '--ignore-workspace', '--ignore-scripts'];
  execFileSync(pnpm, args, { cwd: bench, stdio: 'inherit' });
}

/** The installed version of a peer, or undefined. */
export function peerVersion(name) {
  const manifest = join(bench, 'node_modules', name, 'package.json');
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}
