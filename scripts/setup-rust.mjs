// Makes the Rust tools for `npm run build:wasm` available: the wasm32 target, wasm-bindgen and
// wasm-pack. What is on PATH in the right version is used as it is.
import { isMain, messageOf, output, run } from './run.mjs';

export const WASM_BINDGEN_VERSION = '0.2.130';
export const WASM_PACK_VERSION = '0.15.1';
const TARGET = 'wasm32-unknown-unknown';

// The tools run for seconds; an optimised build of them would cost minutes.
const FAST_INSTALL = {
  CARGO_PROFILE_RELEASE_LTO: 'false',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '1',
};

/**
 * Installs a program of crates.io unless it is there in this version.
 * @param {string} crate
 * @param {string} binary
 * @param {string} version
 */
function ensureCrate(crate, binary, version) {
  if (output(binary, ['--version'])?.split(' ')[1] === version) {
    console.log(`setup-rust: ${binary} ${version} is on PATH`);
    return;
  }
  // No --locked: the lock files of these releases hold dependencies that may have been yanked.
  run('setup-rust', 'cargo', ['install', crate, '--version', version, '--force'], { env: FAST_INSTALL });
}

/** Installs what is missing. Throws an Error with a sentence when that is not possible. */
export function setupRust() {
  if (output('cargo', ['--version']) === undefined) {
    throw new Error(
      'cargo was not found. Install rustup from https://rustup.rs, open a new shell and try again; ' +
        'rust-toolchain.toml selects the toolchain.',
    );
  }
  const installed = output('rustup', ['target', 'list', '--installed']);
  if (installed === undefined) {
    console.log(`setup-rust: no rustup; the toolchain has to bring ${TARGET} itself`);
  } else if (installed.split(/\s+/).includes(TARGET)) {
    console.log(`setup-rust: target ${TARGET} is installed`);
  } else {
    run('setup-rust', 'rustup', ['target', 'add', TARGET]);
  }
  ensureCrate('wasm-bindgen-cli', 'wasm-bindgen', WASM_BINDGEN_VERSION);
  ensureCrate('wasm-pack', 'wasm-pack', WASM_PACK_VERSION);
}

if (isMain(import.meta)) {
  try {
    setupRust();
  } catch (error) {
    console.error(`setup-rust: ${messageOf(error)}`);
    process.exit(1);
  }
}
