// Builds the modules of packages/core-wasm from their Rust crates. `--check` builds nothing: it only
// tells whether they belong to the sources at hand, which needs no Rust.
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
const PACKAGE = 'packages/core-wasm';
/** The module of a family of kernels. */
const family = (name) => ({
  name,
  crate: `${PACKAGE}/${name}`,
  uses: [`${PACKAGE}/binding`, `${PACKAGE}/crate`],
  pkg: `${PACKAGE}/${name}/pkg`,
  flags: ['-Clink-arg=-zstack-size=131072'],
  optimize: ['-O3'],
  panics: true,
  // The one without SIMD is for old devices and restricted browsers, where a small file counts for more. Less is
  // inlined than at opt-level s. The lowest KiB of the memory is the far end of the stack, which is not reached.
  scalar: {
    optLevel: 's',
    flags: ['-Cllvm-args=-inline-threshold=10'],
    optimize: ['-Oz', '--converge', '--low-memory-unused', '--one-caller-inline-max-function-size=0'],
  },
});
// A line for each family; see "Adding a family" in packages/core-wasm/README.md.
const FAMILIES = [family('vision'), family('embeddings')];
const MODULES = [
  ...FAMILIES,
  {
    name: 'sha256',
    crate: `${PACKAGE}/sha256`,
    pkg: `${PACKAGE}/sha256/pkg`,
    // Unrolling makes the build with SIMD 8 % faster and -O4 another 5 %, for 0.6 kB.
    flags: ['-Clink-arg=-zstack-size=16384', '-Cllvm-args=-unroll-threshold=4000'],
    optimize: ['-O4'],
  },
];
// Engines refuse a module with one instruction they do not know, so there is one with SIMD and one without.
const BUILDS = { simd: '+simd128', scalar: '-simd128' };

/** SHA-256 over names and contents of everything that decides what the build gives. */
function sourcesDigest({ crate, uses = [] }) {
  const crates = [crate, ...uses];
  const sources = crates
    .flatMap((folder) => readdirSync(join(ROOT, folder, 'src'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const manifests = crates.map((folder) => `${folder}/Cargo.toml`);
  const others = [
    'Cargo.toml',
    'Cargo.lock',
    'rust-toolchain.toml',
    'scripts/build-wasm.mjs',
    'scripts/trap-panics.mjs',
  ];
  const hash = createHash('sha256');
  for (const name of [...sources, ...manifests, ...others].sort()) {
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

async function build(module) {
  const { name, crate } = module;
  const pkg = join(ROOT, module.pkg);
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  rmSync(pkg, { recursive: true, force: true });
  mkdirSync(pkg);
  for (const [suffix, feature] of Object.entries(BUILDS)) {
    const { optLevel, flags: more = [], optimize = module.optimize } = module[suffix] ?? {};
    const flags = [
      `-Ctarget-feature=${feature}`,
      ...module.flags,
      ...more,
      // Panic messages hold file names; without the mapping they would name this machine's folders.
      `--remap-path-prefix=${ROOT}=/hayate`,
      `--remap-path-prefix=${cargoHome}=/cargo`,
    ];
    const out = join(ROOT, 'target/wasm-pack', `${name}-${suffix}`);
    run(
      'wasm-pack',
      // prettier-ignore
      ['build', crate, '--target', 'web', '--release', '--mode', 'no-install', '--no-opt',
        '--out-dir', out, '--out-name', name],
      // Encoded, so that paths may hold spaces.
      {
        CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
        ...(optLevel && { CARGO_PROFILE_RELEASE_OPT_LEVEL: optLevel }),
      },
    );
    const wasm = join(pkg, `${name}-${suffix}.wasm`);
    const linked = join(out, `${name}_bg.wasm`);
    if (module.panics) {
      // Here, because checking has to work before anything is installed.
      const { trapPanics } = await import('./trap-panics.mjs');
      writeFileSync(linked, trapPanics(readFileSync(linked)));
    }
    // No -all: it enables proposals that engines refuse. The module's own feature list counts, and goes then.
    // prettier-ignore
    run(wasmOpt(), [...optimize, '--strip-debug', '--strip-producers', '--strip-target-features',
      linked, '-o', wasm]);
    const text = readFileSync(wasm).toString('latin1');
    if (text.includes(ROOT) || text.includes(cargoHome)) {
      throw new Error('the module names folders of this machine');
    }
    // wasm-bindgen's JavaScript holds one instance a page; src/instance.ts takes its place.
    copyFileSync(join(out, `${name}_bg.wasm.d.ts`), join(pkg, 'exports.d.ts'));
    console.log(`build-wasm: ${name}-${suffix}, ${readFileSync(wasm).length} bytes`);
  }
  writeFileSync(digestFile(module), `${sourcesDigest(module)}\n`);
}

/** What the files of the families must be, for those who keep them. */
function writeShipped() {
  let text = '// Written by scripts/build-wasm.mjs.\n';
  for (const { name, pkg } of FAMILIES) {
    text += `\nexport const ${name} = {\n`;
    for (const suffix of Object.keys(BUILDS)) {
      const data = readFileSync(join(ROOT, pkg, `${name}-${suffix}.wasm`));
      const sha256 = createHash('sha256').update(data).digest('hex');
      text += `  ${suffix}: {\n    bytes: ${data.length},\n    sha256: '${sha256}',\n  },\n`;
    }
    text += '} as const;\n';
  }
  writeFileSync(join(ROOT, PACKAGE, 'src/shipped.ts'), text);
}

/** The TypeScript side of the ABI, written by the test that otherwise compares it. */
function writeAbi() {
  run('cargo', ['test', '--locked', '--quiet', '--package', 'hayate-kernels', '--test', 'abi'], {
    HAYATE_WRITE_ABI: '1',
  });
}

function check(module) {
  const file = digestFile(module);
  const stored = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (stored !== sourcesDigest(module)) {
    throw new Error(`${module.pkg} is stale: run \`npm run build:wasm\` and commit it.`);
  }
  console.log(`build-wasm: ${module.pkg} belongs to the sources`);
}

function digestFile({ pkg }) {
  return join(ROOT, pkg, 'sources.sha256');
}

try {
  if (process.argv.includes('--check')) {
    MODULES.forEach(check);
  } else {
    // Before minutes of building.
    wasmOpt();
    setupRust();
    writeAbi();
    for (const module of MODULES) await build(module);
    writeShipped();
  }
} catch (error) {
  console.error(`build-wasm: ${error.message}`);
  process.exit(1);
}
