// `node scripts/miri.mjs`: the buffers, which are all the unsafe code there is outside of SIMD, by themselves and in small
// fuzz cases of everything that uses them, under Miri, which sees undefined behaviour.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMain } from './run.mjs';
import { NIGHTLY, setupNightly } from './setup-nightly.mjs';

const CRATE = fileURLToPath(new URL('../packages/core-wasm/crate', import.meta.url));

/** Runs Miri and tells how many tests passed and failed. */
export function miri() {
  const args = [
    `+${NIGHTLY}`,
    'miri',
    'test',
    '--locked',
    '--quiet',
    '--lib',
    '--test',
    'fuzz',
    '--',
    'buffer::',
    'fuzz_',
  ];
  const { status, stdout } = spawnSync('cargo', args, {
    cwd: CRATE,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    // Seeds are files; and Miri otherwise makes powi a little wrong on purpose.
    env: { ...process.env, MIRIFLAGS: '-Zmiri-disable-isolation -Zmiri-deterministic-floats' },
  });
  const counts = [...(stdout ?? '').matchAll(/(\d+) passed; (\d+) failed/g)];
  /** @param {number} place */
  const sum = (place) => counts.reduce((total, found) => total + Number(found[place]), 0);
  if (status !== 0) console.error(stdout);
  return { passed: sum(1), failed: status === 0 ? sum(2) : Math.max(1, sum(2)) };
}

if (isMain(import.meta)) {
  setupNightly();
  const { passed, failed } = miri();
  console.log(`miri: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
