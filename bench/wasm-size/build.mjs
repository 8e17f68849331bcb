import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
// As in scripts/build-wasm.mjs, whose result the shipped step has to equal.
const flags = [
  '-Ctarget-feature=+simd128',
  '-Clink-arg=-zstack-size=131072',
  `--remap-path-prefix=${root}=/hayate`,
  `--remap-path-prefix=${cargoHome}=/cargo`,
];

/** Builds the kernels as `step` says, in the empty folder `out`, with the target folder `target`. Gives the file. */
export async function build({ profile, trap, optimize }, out, target) {
  const settings = Object.entries(profile).map(([name, value]) => [`CARGO_PROFILE_RELEASE_${name}`, value]);
  run(
    'cargo',
    // prettier-ignore
    ['build', '--quiet', '--locked', '--release', '--package', 'hayate-kernels-binding',
      '--target', 'wasm32-unknown-unknown', '--target-dir', target],
    { ...Object.fromEntries(settings), CARGO_ENCODED_RUSTFLAGS: flags.join('\x1f') },
  );
  const built = join(target, 'wasm32-unknown-unknown/release/hayate_kernels_binding.wasm');
  mkdirSync(out, { recursive: true });
  run('wasm-bindgen', [built, '--target', 'web', '--out-dir', out, '--out-name', 'kernels']);
  const bound = join(out, 'kernels_bg.wasm');
  if (trap) {
    // Imports binaryen, which is only there once the packages are.
    const { trapPanics } = await import('../../scripts/trap-panics.mjs');
    writeFileSync(bound, trapPanics(readFileSync(bound)));
  }
  if (optimize === undefined) return bound;
  const optimized = join(out, 'kernels.wasm');
  const optimizer = process.env.WASM_OPT ?? join(root, 'node_modules/.bin/wasm-opt');
  const strip = ['--strip-debug', '--strip-producers', '--strip-target-features'];
  run(optimizer, [optimize, ...strip, bound, '-o', optimized]);
  return optimized;
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} failed (${error?.message ?? `exit ${status}`})`);
}
