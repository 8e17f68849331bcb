// `npm test`: everything that can be checked on this machine in a quarter of an hour: two steps at a time, each with its
// time, then the slowest tests and one line of counts. `--only static,unit,…` runs some of the steps; `--changed` or
// `--changed=<revision>` runs what a change against HEAD, or against a revision, can affect; CI=true demands what else
// may be skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { affectedFolders } from './affected.mjs';
import { install } from './install.mjs';
import { print, run as runCommand, runSteps } from './steps.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'hayate-test-'));
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, changed: { type: 'string' } },
  args: withValue(process.argv.slice(2)),
});
const only = options.only?.split(',');
/** The folders that are tested; undefined for all. */
const folders = options.changed === undefined ? undefined : affectedFolders(options.changed);
/** Whether a change affects one of these. @param {readonly string[]} rooms the beginnings of their folders */
const touches = (...rooms) =>
  folders === undefined || folders.some((folder) => rooms.some((room) => folder.startsWith(room)));
// turbo looks for pnpm on the path.
const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const totals = { passed: 0, failed: 0, skipped: 0 };
// Named once more at the end, where a long log is read first.
/** @type {string[]} */
const failures = [];
/** The slowest tests so far. @type {{ name: string, ms: number }[]} */
let slowest = [];
const SHOWN_SLOWEST = 10;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string }} [options]
 */
const run = (command, args, options = {}) =>
  runCommand(command, args, { cwd: root, env, shell: process.platform === 'win32', ...options });

/** `--changed` alone means HEAD. @param {readonly string[]} args */
function withValue(args) {
  return args.map((arg) => (arg === '--changed' ? '--changed=HEAD' : arg));
}

/** @template Value @param {() => Promise<Value>} job */
function once(job) {
  /** @type {Promise<Value> | undefined} */
  let done;
  return () => (done ??= job());
}

/** @param {string} name of a package of the root @param {readonly string[]} args */
const npx = (name, ...args) => run(process.execPath, [bin(name), ...args]);

/**
 * A package's own entry, so that no shell wrapper stands between.
 * @param {string} name
 * @param {string} [workspace]
 */
function bin(name, workspace = '') {
  const manifest = JSON.parse(
    readFileSync(join(root, workspace, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const path =
    typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name === 'typescript' ? 'tsc' : name];
  return join(root, workspace, 'node_modules', name, path);
}

/** @param {string} name @param {() => Promise<{ ok: boolean }>} job */
async function check(name, job) {
  const { ok } = await job();
  count(name, ok ? 1 : 0, ok ? 0 : 1);
  return ok;
}

/**
 * Adds to the totals.
 * @param {string} name
 * @param {number} passed
 * @param {number} failed
 * @param {number} [skipped]
 * @param {readonly string[]} [details] of what failed
 */
function count(name, passed, failed, skipped = 0, details = [name]) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  if (failed === 0) return;
  print(`${name}: FAILED`);
  failures.push(...details);
}

/**
 * The parts of vitest's report that are used.
 * @typedef {object} Report
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {{ name: string, message: string, assertionResults: TestReport[] }[]} testResults
 *
 * @typedef {object} TestReport
 * @property {string} fullName
 * @property {string} status
 * @property {number} [duration]
 * @property {string[]} failureMessages
 */

/** Runs a project of vitest.config.ts. @param {string} project @param {readonly string[]} options */
async function vitest(project, ...options) {
  // Folders are filters, and none would mean all.
  if (folders?.length === 0) return;
  const file = join(reports, `${project}.json`);
  const { ok } = await npx(
    'vitest',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    // Some folders have no tests of a kind.
    ...(folders === undefined ? [] : ['--passWithNoTests', ...folders.map((folder) => `${folder}/`)]),
    ...options,
  );
  if (!existsSync(file)) return count(project, 0, 1);
  /** @type {Report} */
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    const place = `${project}: ${relative(root, name)}`;
    if (tests.length === 0) return message ? [`${place}: ${message}`] : [];
    return tests.map((test) => `${place}: ${test.fullName}\n    ${test.failureMessages.join('\n    ')}`);
  });
  const times = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, duration = 0 }) => ({ name: `${project}: ${fullName}`, ms: duration })),
  );
  slowest = [...slowest, ...times].sort((one, other) => other.ms - one.ms).slice(0, SHOWN_SLOWEST);
  // A file that fails to load has no failed test to count.
  const least = ok ? 0 : 1;
  count(
    project,
    report.numPassedTests,
    Math.max(least, report.numFailedTests),
    report.numPendingTests,
    failed.length > 0 ? failed : [`${project}: an error outside its tests`],
  );
}

const caches = join(root, 'node_modules/.cache/hayate');
/**
 * Checks types. The checker's results are stored, so that the next check covers only what has changed.
 * @param {string} name
 * @param {string} entry the package of the type checker
 * @param {string} workspace
 * @param {readonly string[]} args
 */
const types = (name, entry, workspace, ...args) => {
  const kept = ['--incremental', '--tsBuildInfoFile', join(caches, `${name}.tsbuildinfo`)];
  return run(process.execPath, [bin(entry, workspace), '--noEmit', ...kept, ...args], {
    cwd: join(root, workspace),
  });
};
/** @param {string} name @param {string} config */
const tsc = (name, config) => types(name, 'typescript', '', '-p', config);

/** @type {Record<string, () => Promise<{ ok: boolean }>>} The longest first. */
const statics = {
  lint: () => npx('eslint', '.', '--max-warnings', '0'),
  types: () => tsc('root', 'tsconfig.json'),
  'types of worker code': () => tsc('worker', 'tsconfig.worker.json'),
  'types of scripts': () => tsc('scripts', 'scripts/tsconfig.json'),
  'types of benchmarks': () => tsc('bench', 'bench/tsconfig.json'),
  'types of the playground': () => types('playground', 'vue-tsc', 'apps/playground'),
  format: () =>
    npx(
      'prettier',
      ...['--check', '--log-level', 'warn', '--cache', '--cache-location', join(caches, 'prettier'), '.'],
    ),
  'exports and dependencies are used': () => npx('knip', '--no-progress', '--no-config-hints'),
  boundaries: () => run(process.execPath, ['scripts/check-boundaries.mjs']),
  docs: () => run(process.execPath, ['scripts/check-docs.mjs']),
  'kernels are built from these sources': () => run(process.execPath, ['scripts/build-wasm.mjs', '--check']),
};

const findBrowsers = once(async () => {
  const { ensureBrowser, ensureFirefox } = await import('./ensure-browser.mjs');
  env.HAYATE_CHROMIUM = await ensureBrowser();
  env.HAYATE_FIREFOX = ensureFirefox() ?? '';
});

/** The longest step is first, so that it does not run alone at the end. @type {Record<string, () => Promise<void>>} */
const steps = {
  async e2e() {
    if (!touches('packages/', 'models/', 'apps/')) return;
    await findBrowsers();
    const built = await check('playground builds', () =>
      run(process.execPath, ['scripts/start.mjs', '--build-only']),
    );
    if (built) await vitest('e2e'); // else its tests would wait for a page that is not there
  },
  async static() {
    const todo = Object.entries(statics);
    const work = async () => {
      for (let next = todo.shift(); next !== undefined; next = todo.shift()) await check(...next);
    };
    await Promise.all(Array.from({ length: cores }, work));
  },
  async unit() {
    await vitest('types');
    await vitest('unit', `--maxWorkers=${cores}`);
  },
  async browser() {
    await findBrowsers();
    await vitest('browser');
  },
  async firefox() {
    await findBrowsers();
    if (env.HAYATE_FIREFOX !== '') return vitest('firefox');
    print('firefox: SKIPPED, there is no Firefox on this machine (HAYATE_FIREFOX may name one)');
    count('firefox', 0, process.env.CI ? 1 : 0, 1);
  },
  async 'e2e-cache'() {
    if (!touches('packages/')) return;
    await findBrowsers();
    await vitest('e2e-cache');
  },
  async packages() {
    if (!touches('packages/', 'models/')) return;
    await check('packages build', () =>
      npx(
        'turbo',
        'run',
        'build',
        '--filter=./packages/*',
        '--filter=./models/*',
        '--output-logs=errors-only',
      ),
    );
    await check('packages are no larger than promised', () => npx('size-limit'));
    await check('packages are well formed', () => run(process.execPath, ['scripts/check-packages.mjs']));
    await check('fresh apps classify with the packed packages', () =>
      run(process.execPath, ['scripts/check-consumers.mjs']),
    );
  },
  async rust() {
    if (!touches('packages/core-wasm')) return;
    if (spawnSync('cargo', ['--version']).status !== 0) {
      print('cargo test: SKIPPED, there is no Rust on this machine (https://rustup.rs installs it)');
      return count('cargo test', 0, process.env.CI ? 1 : 0, 1);
    }
    const { ok, output } = await run('cargo', ['test', '--locked', '--quiet']);
    let passed = 0;
    let failed = 0;
    for (const [, good, bad] of output.matchAll(/(\d+) passed; (\d+) failed/g)) {
      passed += Number(good);
      failed += Number(bad);
    }
    count('cargo test', passed, ok ? failed : Math.max(1, failed));
  },
};

if (folders !== undefined) console.log(`Affected: ${folders.join(', ') || 'only texts'}`);

const chosen = Object.keys(steps).filter((name) => only?.includes(name) ?? true);
/** How many steps run at the same time: while one waits for a browser, the other can use the processor. */
const lanes = Math.min(2, availableParallelism(), Math.max(1, chosen.length));
/** How many processes a step may run at the same time. */
const cores = Math.max(1, availableParallelism() - (lanes - 1));
const unknown = only?.filter((name) => !(name in steps)) ?? [];
if (unknown.length > 0) {
  console.error(`test: no such step: ${unknown.join(', ')}. There are ${Object.keys(steps).join(', ')}.`);
  process.exit(1);
}

install();
await runSteps(lanes, chosen, async (name) => {
  try {
    await steps[name]?.();
  } catch (error) {
    print(String(error instanceof Error ? error.stack : error));
    count(name, 0, 1);
  }
});
rmSync(reports, { recursive: true, force: true });
console.log('');
if (slowest.length > 0) console.log('The slowest tests:');
for (const { name, ms } of slowest) console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`);
console.log('');
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed === 0 ? 0 : 1);
