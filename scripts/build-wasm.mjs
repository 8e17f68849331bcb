// Builds packages/core-wasm/pkg from the Rust crate. `--check` builds nothing: it only tells
// whether pkg belongs to the sources at hand, which needs no Rust.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { setupRust } from './setup-rust.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const CRATE = 'packages/core-wasm/crate';
const PKG = join(ROOT, 'packages/core-wasm/pkg');
const WASM = join(PKG, 'hayate_kernels_bg.wasm');
const DIGEST = join(PKG, 'sources.sha256');

/** SHA-256 over names and contents of everything that decides what the build gives. */
function sourcesDigest() {
  const sources = readdirSync(join(ROOT, CRATE, 'src')).map((name) => `${CRATE}/src/${name}`);
  const others = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'scripts/build-wasm.mjs'];
  const hash = createHash('sha256');
  for (const name of [...sources, `${CRATE}/Cargo.toml`, ...others].sort()) {
    // Git may check files out with CRLF; that changes nothing in the build.
    const text = readFileSync(join(ROOT, name), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${name}\0${text}\0`);
  }
  return hash.digest('hex');
}

function run(command, args, env = {}) {
  console.log(`build-wasm: ${command} ${args.join(' ')}`);
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) throw new Error(`${command} failed (${result.status ?? result.error})`);
}

function wasmOpt() {
  const local = join(ROOT, 'node_modules/.bin/wasm-opt');
  const path = process.env.WASM_OPT ?? local;
  if (!existsSync(path)) {
    throw new Error('wasm-opt was not found. Install the dependencies first, or set WASM_OPT.');
  }
  return path;
}

function build() {
  const optimizer = wasmOpt();
  setupRust();
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  // Panic messages hold file names; without the mapping they would name this machine's folders.
  const flags = [
    '-Ctarget-feature=+simd128',
    `--remap-path-prefix=${ROOT}=/hayate`,
    `--remap-path-prefix=${cargoHome}=/cargo`,
  ];
  rmSync(PKG, { recursive: true, force: true });
  run(
    'wasm-pack',
    // prettier-ignore
    ['build', CRATE, '--target', 'web', '--release', '--mode', 'no-install', '--no-opt',
      '--out-dir', '../pkg', '--out-name', 'hayate_kernels'],
    // Encoded, so that paths may hold spaces.
    { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
  );
  // No -all: it enables proposals that engines refuse. The module's own feature list counts.
  run(optimizer, ['-O3', '--strip-debug', '--strip-producers', WASM, '-o', WASM]);
  for (const name of ['.gitignore', 'package.json', 'README.md', 'LICENSE']) {
    rmSync(join(PKG, name), { force: true });
  }
  const text = readFileSync(WASM).toString('latin1');
  if (text.includes(ROOT) || text.includes(cargoHome)) {
    throw new Error('the module names folders of this machine');
  }
  writeFileSync(DIGEST, `${sourcesDigest()}\n`);
  console.log(`build-wasm: ${readFileSync(WASM).length} bytes`);
}

function check() {
  const stored = existsSync(DIGEST) ? readFileSync(DIGEST, 'utf8').trim() : '';
  if (stored !== sourcesDigest()) {
    throw new Error('packages/core-wasm/pkg is stale: run `npm run build:wasm` and commit it.');
  }
  console.log('build-wasm: pkg belongs to the sources');
}

try {
  if (process.argv.includes('--check')) check();
  else build();
} catch (error) {
  console.error(`build-wasm: ${error.message}`);
  process.exit(1);
}
