// `npm run test:long [-- --seconds N --rounds N --seed N]`: the tests that get better the longer they run. Prints what
// they reached, with date and commit, as the table of docs/robustness.md.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser, ensureFirefox } from './ensure-browser.mjs';
import { fuzz, fuzzTargets } from './fuzz.mjs';
import { install } from './install.mjs';
import { miri } from './miri.mjs';
import { setupNightly } from './setup-nightly.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rows = [];

/** A number given by name, or another. */
function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number`);
  return value;
}

/** Runs one part and notes what it reached. `job` resolves with that and whether all was well. */
async function part(name, job) {
  const start = Date.now();
  const { ok, reached } = await job();
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  rows.push({ name, reached, seconds, ok });
  console.log(`test-long: ${name}: ${reached}, ${seconds} s${ok ? '' : ', FAILED'}`);
}

/** Both builds of the kernels against each other. */
function compareBuilds(project, rounds, seed, env) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', project, 'packages/core-wasm/src/fuzz.any.test.ts'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...env, HAYATE_FUZZ_ROUNDS: String(rounds), HAYATE_FUZZ_SEED: String(seed) },
    },
  );
  return { ok: status === 0, reached: `${rounds} cases of each kind from seed ${seed}` };
}

const seconds = option('seconds', 600);
const rounds = option('rounds', 20_000);
const seed = option('seed', Math.floor(Date.now() / 1000) % 1_000_000);
install();
setupNightly();
for (const target of fuzzTargets()) {
  await part(`libFuzzer, ${target}`, async () => {
    const { ok, runs, coverage } = await fuzz(target, seconds);
    return { ok, reached: `${runs} runs, ${coverage} edges` };
  });
}
await part('Miri', () => {
  const { passed, failed } = miri();
  return { ok: failed === 0, reached: `${passed} tests` };
});
await part('SIMD against scalar in Node', () => compareBuilds('unit', rounds, seed));
const chromium = await ensureBrowser();
await part('SIMD against scalar in Chromium', () =>
  compareBuilds('browser', rounds, seed + 1, { HAYATE_CHROMIUM: chromium }),
);
const firefox = ensureFirefox();
if (firefox === undefined) console.log('test-long: no Firefox on this machine');
else {
  await part('SIMD against scalar in Firefox', () =>
    compareBuilds('firefox', rounds, seed + 2, { HAYATE_FIREFOX: firefox }),
  );
}

const commit = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' });
console.log(`\n${new Date().toISOString().slice(0, 10)}, commit ${commit.stdout.trim()}\n`);
console.log('| test | reached | seconds | found |\n|---|---|---|---|');
for (const { name, reached, seconds, ok } of rows) {
  console.log(`| ${name} | ${reached} | ${seconds} | ${ok ? 'nothing' : 'a fault'} |`);
}
const faults = rows.filter(({ ok }) => !ok).length;
console.log(`\n${rows.length - faults} passed, ${faults} failed`);
process.exit(faults === 0 ? 0 : 1);
