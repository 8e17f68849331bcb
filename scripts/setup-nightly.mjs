// The nightly Rust of the fuzzer and of Miri, in one version: what is there is used, what is missing is installed.
import { output, run } from './run.mjs';

export const NIGHTLY = 'nightly-2026-10-30';
const CARGO_FUZZ = '0.13.2';

const hasComponents = () =>
  ['miri', 'rust-src'].every((name) =>
    output('rustup', ['component', 'list', '--toolchain', NIGHTLY, '--installed'])?.includes(name),
  );
const hasFuzzer = () => output('cargo-fuzz', ['--version']) === `cargo-fuzz ${CARGO_FUZZ}`;

/** Installs what is missing. Throws an Error with a sentence when that is not possible. */
export function setupNightly() {
  if (output('rustup', ['--version']) === undefined) {
    throw new Error(
      'rustup was not found. Install it from https://rustup.rs; it brings the nightly compiler.',
    );
  }
  if (!hasComponents()) {
    // prettier-ignore
    run('setup-nightly', 'rustup', ['toolchain', 'install', NIGHTLY, '--profile', 'minimal', '--component', 'miri', '--component', 'rust-src']);
  }
  if (!hasFuzzer())
    run('setup-nightly', 'cargo', ['install', 'cargo-fuzz', '--version', CARGO_FUZZ, '--locked', '--force']);
}
