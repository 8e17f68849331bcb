import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const crate = join(import.meta.dirname, 'fast-image-resize');
const optimizer = join(import.meta.dirname, '../../node_modules/.bin/wasm-opt');

/** Builds fast_image_resize as our kernels are built. Gives the version and the file, without Rust only the version. */
export function buildYardstick() {
  const lock = readFileSync(join(crate, 'Cargo.lock'), 'utf8');
  const [, version] = lock.match(/name = "fast_image_resize"\nversion = "(.+)"/) ?? [];
  if (spawnSync('cargo', ['--version']).status !== 0) return { version };
  const built = join(crate, 'target/wasm32-unknown-unknown/release/fast_image_resize_yardstick.wasm');
  const wasm = join(crate, 'target/fast-image-resize.wasm');
  run('cargo', ['build', '--quiet', '--locked', '--release', '--target', 'wasm32-unknown-unknown'], {
    CARGO_ENCODED_RUSTFLAGS: '-Ctarget-feature=+simd128',
  });
  run(optimizer, ['-O3', '--strip-debug', '--strip-producers', built, '-o', wasm]);
  return { wasm, version };
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: crate,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${command} failed (${error?.message ?? `exit ${status}`})`);
}
