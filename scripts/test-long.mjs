// `npm run test:long [-- --seconds N --rounds N --kills N --runs N --cycles N --aborts N --live-seconds N --cuts N --flips N --seed N --only part]`: the tests that get better the longer they run. Prints what
// they reached, with date and commit, as the table of docs/robustness.md.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ensureBrowser, ensureFirefox } from './ensure-browser.mjs';
import { fuzz, fuzzTargets } from './fuzz.mjs';
import { install } from './install.mjs';
import { miri } from './miri.mjs';
import { setupNightly } from './setup-nightly.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {{ name: string, reached: string, seconds: string, ok: boolean }[]} */
const rows = [];

/**
 * What a part reached, in words.
 * @typedef {{ ok: boolean, reached: string }} Outcome
 */
/** @typedef {Readonly<Record<string, string>>} Environment */

/**
 * A number given by name, or another.
 * @param {string} name
 * @param {number} otherwise
 */
function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number`);
  return value;
}

/**
 * Runs one part and notes what it reached.
 * @param {string} name
 * @param {() => Outcome | Promise<Outcome>} job
 */
async function part(name, job) {
  const start = Date.now();
  const { ok, reached } = await job();
  const seconds = ((Date.now() - start) / 1000).toFixed(0);
  rows.push({ name, reached, seconds, ok });
  console.log(`test-long: ${name}: ${reached}, ${seconds} s${ok ? '' : ', FAILED'}`);
}

/**
 * Runs one file of tests; resolves with what it printed.
 * @param {string} project
 * @param {string} file
 * @param {Environment} [env]
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
function vitest(project, file, env) {
  return new Promise((resolve) => {
    const cli = join(root, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [cli, 'run', '--project', project, file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.on('close', (status) => {
      if (status !== 0) console.log(output);
      resolve({ ok: status === 0, output });
    });
  });
}

/**
 * Both builds of the kernels against each other.
 * @param {string} project
 * @param {number} rounds
 * @param {number} seed
 * @param {Environment} [env]
 * @returns {Promise<Outcome>}
 */
async function compareBuilds(project, rounds, seed, env) {
  const { ok } = await vitest(project, 'packages/core-wasm/src/fuzz.any.test.ts', {
    ...env,
    HAYATE_FUZZ_ROUNDS: String(rounds),
    HAYATE_FUZZ_SEED: String(seed),
  });
  return { ok, reached: `${rounds} cases of each kind from seed ${seed}` };
}

/**
 * Tests that print what they reached, in lines that begin with `label`.
 * @param {string} project
 * @param {string} file
 * @param {string} label
 * @param {Environment} [env]
 * @returns {Promise<Outcome>}
 */
async function soak(project, file, label, env) {
  const { ok, output } = await vitest(project, file, env);
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line.startsWith(label));
  return {
    ok: ok && lines.length > 0,
    reached: lines.map((line) => line.slice(label.length).trim()).join('; '),
  };
}

const seconds = option('seconds', 600);
const rounds = option('rounds', 20_000);
const seed = option('seed', Math.floor(Date.now() / 1000) % 1_000_000);
const at = process.argv.indexOf('--only');
const only = at < 0 ? undefined : process.argv[at + 1];
install();
const chromium = await ensureBrowser();

if (only === undefined || only === 'kernels') {
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
}

if (only === undefined || only === 'workers') {
  const env = { HAYATE_CHROMIUM: chromium, HAYATE_SOAK_SEED: String(seed) };
  await part('Workers killed', () =>
    soak('browser', 'packages/worker/src/page/supervision.browser.test.ts', 'kills:', {
      ...env,
      HAYATE_SOAK_KILLS: String(option('kills', 1000)),
    }),
  );
  await part('Many runs, engines and aborts', () =>
    soak('browser', 'packages/worker/src/page/soak.browser.test.ts', 'soak:', {
      ...env,
      HAYATE_SOAK_RUNS: String(option('runs', 10_000)),
      HAYATE_SOAK_CYCLES: String(option('cycles', 300)),
      HAYATE_SOAK_ABORTS: String(option('aborts', 1000)),
    }),
  );
}

if (only === undefined || only === 'store') {
  const env = { HAYATE_CHROMIUM: chromium, HAYATE_STORE_SEED: String(seed), HAYATE_STORE_FAULTS_EVERY: '1' };
  /**
   * @param {string} name
   * @param {string} project
   * @param {string} file
   * @param {Environment} [more]
   */
  const store = (name, project, file, more) =>
    part(name, () => soak(project, `packages/cache/src/download/${file}`, 'store:', { ...env, ...more }));
  await store('The store, cut at every byte of 64 KiB in Node', 'unit', 'cuts.test.ts', {
    HAYATE_STORE_CUT_EVERY: '1',
  });
  await store('The store, bits flipped', 'unit', 'flips.test.ts', {
    HAYATE_STORE_FLIPS: String(option('flips', 1000)),
  });
  await store('The store, 32 MiB cut in Chromium', 'browser', 'cuts.browser.test.ts', {
    HAYATE_STORE_CUTS: String(option('cuts', 1000)),
  });
  /**
   * @param {string} name
   * @param {string} file
   */
  const outside = (name, file) =>
    part(name, () =>
      soak('e2e-cache', `packages/cache/e2e/${file}`, 'store:', { ...env, HAYATE_STORE_QUOTA_EVERY: '1' }),
    );
  await outside('The store, every quota from 1 to 40 MiB in Chromium', 'quota.spec.ts');
  await outside('The store, many tabs and crashed ones in Chromium', 'tabs.spec.ts');
  await store('The store, wrong answers in Node', 'unit', 'faults.test.ts');
  await store('The store, wrong answers in Chromium', 'browser', 'faults.browser.test.ts');
  const firefox = ensureFirefox();
  if (firefox === undefined) console.log('test-long: no Firefox on this machine');
  else {
    const inFirefox = { HAYATE_FIREFOX: firefox };
    await store('The store, wrong answers in Firefox', 'firefox', 'faults.browser.test.ts', inFirefox);
  }
}

if (only === undefined || only === 'live') {
  const seconds = option('live-seconds', 60);
  const build = spawnSync(process.execPath, ['scripts/start.mjs', '--build-only'], {
    cwd: root,
    stdio: 'ignore',
  });
  if (build.status !== 0) throw new Error('the playground could not be built');
  await part(`Live video, ${seconds} s on each page`, () =>
    soak('e2e', 'apps/playground/e2e/live.spec.ts', 'live:', {
      HAYATE_CHROMIUM: chromium,
      HAYATE_LIVE_SECONDS: String(seconds),
    }),
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
