// Builds packages/core-wasm/pkg from the Rust crate. `--check` builds nothing: it only tells
// whether pkg belongs to the sources at hand, which needs no Rust.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { setupRust } from './setup-rust.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const CRATE = 'packages/core-wasm/crate';
const PKG = join(ROOT, 'packages/core-wasm/pkg');
const DIGEST = join(PKG, 'sources.sha256');
// Engines refuse a module with one instruction they do not know, so there is one with SIMD and one without.
const BUILDS = { simd: '+simd128', scalar: '-simd128' };

/** SHA-256 over names and contents of everything that decides what the build gives. */
function sourcesDigest() {
  const sources = readdirSync(join(ROOT, CRATE, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
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
  rmSync(PKG, { recursive: true, force: true });
  mkdirSync(PKG);
  for (const [name, feature] of Object.entries(BUILDS)) {
    const flags = [
      `-Ctarget-feature=${feature}`,
      '-Clink-arg=-zstack-size=131072',
      // Panic messages hold file names; without the mapping they would name this machine's folders.
      `--remap-path-prefix=${ROOT}=/hayate`,
      `--remap-path-prefix=${cargoHome}=/cargo`,
    ];
    const out = join(ROOT, 'target/wasm-pack', name);
    run(
      'wasm-pack',
      // prettier-ignore
      ['build', CRATE, '--target', 'web', '--release', '--mode', 'no-install', '--no-opt',
        '--out-dir', out, '--out-name', 'kernels'],
      // Encoded, so that paths may hold spaces.
      { CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
    );
    const wasm = join(PKG, `kernels-${name}.wasm`);
    // No -all: it enables proposals that engines refuse. The module's own feature list counts.
    run(optimizer, ['-O3', '--strip-debug', '--strip-producers', join(out, 'kernels_bg.wasm'), '-o', wasm]);
    const text = readFileSync(wasm).toString('latin1');
    if (text.includes(ROOT) || text.includes(cargoHome)) {
      throw new Error('the module names folders of this machine');
    }
    // wasm-bindgen's JavaScript holds one instance a page; src/instance.ts takes its place.
    copyFileSync(join(out, 'kernels_bg.wasm.d.ts'), join(PKG, 'exports.d.ts'));
    console.log(`build-wasm: ${name}, ${readFileSync(wasm).length} bytes`);
  }
  writeFileSync(DIGEST, `${sourcesDigest()}\n`);
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
