// Builds the modules of packages/core-wasm from their Rust crates. `--check` builds nothing: it only
// tells whether they belong to the sources at hand, which needs no Rust.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestFiles, filesIn } from './digest.mjs';
import { messageOf, run } from './run.mjs';
import { setupRust } from './setup-rust.mjs';

/**
 * How the build of one instruction set differs from the other's.
 * @typedef {object} Variant
 * @property {string} [optLevel]
 * @property {readonly string[]} [flags] of rustc, after those of the module
 * @property {readonly string[]} [optimize] in place of the module's
 */

/**
 * A module that is built, once with and once without SIMD.
 * @typedef {object} WasmModule
 * @property {string} name
 * @property {string} crate folder
 * @property {readonly string[]} [uses] folders of the crates it depends on
 * @property {string} pkg folder of what is built
 * @property {readonly string[]} flags of rustc
 * @property {readonly string[]} optimize of wasm-opt
 * @property {boolean} [panics] whether panics are made plain traps
 * @property {Variant} [scalar]
 * @property {Variant} [simd]
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const PACKAGE = 'packages/core-wasm';
/**
 * The module of a family of kernels.
 * @param {string} name
 * @returns {WasmModule}
 */
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
/** @type {readonly WasmModule[]} */
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
const BUILDS = /** @type {const} */ ({ simd: '+simd128', scalar: '-simd128' });
const SUFFIXES = /** @type {(keyof typeof BUILDS)[]} */ (Object.keys(BUILDS));

/**
 * The digest of everything that decides what the build gives.
 * @param {WasmModule} module
 */
function sourcesDigest({ crate, uses = [] }) {
  const crates = [crate, ...uses];
  const sources = crates.flatMap((folder) => [...filesIn(ROOT, `${folder}/src`), `${folder}/Cargo.toml`]);
  const others = [
    'Cargo.toml',
    'Cargo.lock',
    'rust-toolchain.toml',
    'scripts/build-wasm.mjs',
    'scripts/trap-panics.mjs',
  ];
  // Git may check files out with CRLF; that changes nothing in the build.
  return digestFiles(ROOT, [...sources, ...others], (data) => data.toString('utf8').replaceAll('\r\n', '\n'));
}

function wasmOpt() {
  const local = join(ROOT, 'node_modules/.bin/wasm-opt');
  const path = process.env.WASM_OPT ?? local;
  if (!existsSync(path)) {
    throw new Error('wasm-opt was not found. Install the dependencies first, or set WASM_OPT.');
  }
  return path;
}

/** @param {WasmModule} module */
async function build(module) {
  const { name, crate } = module;
  const pkg = join(ROOT, module.pkg);
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  rmSync(pkg, { recursive: true, force: true });
  mkdirSync(pkg);
  for (const suffix of SUFFIXES) {
    const { optLevel, flags: more = [], optimize = module.optimize } = module[suffix] ?? {};
    const flags = [
      `-Ctarget-feature=${BUILDS[suffix]}`,
      ...module.flags,
      ...more,
      // Panic messages hold file names; without the mapping they would name this machine's folders.
      `--remap-path-prefix=${ROOT}=/hayate`,
      `--remap-path-prefix=${cargoHome}=/cargo`,
    ];
    const out = join(ROOT, 'target/wasm-pack', `${name}-${suffix}`);
    run(
      'build-wasm',
      'wasm-pack',
      // prettier-ignore
      ['build', crate, '--target', 'web', '--release', '--mode', 'no-install', '--no-opt',
        '--out-dir', out, '--out-name', name],
      // Encoded, so that paths may hold spaces.
      {
        cwd: ROOT,
        env: {
          CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f'),
          ...(optLevel && { CARGO_PROFILE_RELEASE_OPT_LEVEL: optLevel }),
        },
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
    run('build-wasm', wasmOpt(), [...optimize, '--strip-debug', '--strip-producers',
      '--strip-target-features', linked, '-o', wasm], { cwd: ROOT });
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
    for (const suffix of SUFFIXES) {
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
  run(
    'build-wasm',
    'cargo',
    ['test', '--locked', '--quiet', '--package', 'hayate-kernels', '--test', 'abi'],
    {
      cwd: ROOT,
      env: { HAYATE_WRITE_ABI: '1' },
    },
  );
}

/** @param {WasmModule} module */
function check(module) {
  const file = digestFile(module);
  const stored = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (stored !== sourcesDigest(module)) {
    throw new Error(`${module.pkg} is stale: run \`npm run build:wasm\` and commit it.`);
  }
  console.log(`build-wasm: ${module.pkg} belongs to the sources`);
}

/** @param {WasmModule} module */
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
  console.error(`build-wasm: ${messageOf(error)}`);
  process.exit(1);
}
