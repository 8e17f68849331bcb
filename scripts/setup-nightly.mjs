// The nightly Rust of the fuzzer and of Miri, in one version: what is there is used, what is missing is installed.
import { spawnSync } from 'node:child_process';

export const NIGHTLY = 'nightly-2026-10-30';
const CARGO_FUZZ = '0.13.2';

function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout : '';
}

function run(command, args) {
  console.log(`setup-nightly: ${command} ${args.join(' ')}`);
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} failed (${result.status ?? result.error})`);
}

const hasComponents = () =>
  ['miri', 'rust-src'].every((name) =>
    output('rustup', ['component', 'list', '--toolchain', NIGHTLY, '--installed']).includes(name),
  );
const hasFuzzer = () => output('cargo-fuzz', ['--version']).trim() === `cargo-fuzz ${CARGO_FUZZ}`;

/** Installs what is missing. Throws an Error with a sentence when that is not possible. */
export function setupNightly() {
  if (output('rustup', ['--version']) === '') {
    throw new Error(
      'rustup was not found. Install it from https://rustup.rs; it brings the nightly compiler.',
    );
  }
  if (!hasComponents()) {
    // prettier-ignore
    run('rustup', ['toolchain', 'install', NIGHTLY, '--profile', 'minimal', '--component', 'miri', '--component', 'rust-src']);
  }
  if (!hasFuzzer()) run('cargo', ['install', 'cargo-fuzz', '--version', CARGO_FUZZ, '--locked', '--force']);
}
