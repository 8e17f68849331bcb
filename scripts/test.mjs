// `npm test`: everything that can be checked on this machine in a quarter of an hour, each step with its time, then one
// line of counts. `--only static,unit,…` runs some of the steps; `--changed` or `--changed=<revision>` runs what a change
// against HEAD, or against a revision, can affect; CI=true demands what else may be skipped.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { affectedFolders } from './affected.mjs';
import { install } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'hayate-test-'));
const { values: options } = parseArgs({
  options: { only: { type: 'string' }, changed: { type: 'string' } },
  args: withValue(process.argv.slice(2)),
});
const only = options.only?.split(',');
/** The folders that are tested; undefined for all. */
const folders = options.changed === undefined ? undefined : affectedFolders(options.changed);
const touches = (...rooms) =>
  folders === undefined || folders.some((folder) => rooms.some((room) => folder.startsWith(room)));
// turbo looks for pnpm on the path.
const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
/** @type {NodeJS.ProcessEnv} */
const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const totals = { passed: 0, failed: 0, skipped: 0 };
// Named once more at the end, where a long log is read first.
const failures = [];
/** The slowest tests so far. */
let slowest = [];
const SHOWN_SLOWEST = 10;

function run(command, args, options = {}) {
  const shell = process.platform === 'win32';
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'inherit'],
      ...options,
    });
    let output = '';
    child.stdout.on('data', (data) => {
      process.stdout.write(data);
      output += data;
    });
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (status) => resolve({ ok: status === 0, output }));
  });
}

/** `--changed` alone means HEAD. */
function withValue(args) {
  return args.map((arg) => (arg === '--changed' ? '--changed=HEAD' : arg));
}

const npx = (name, ...args) => run(process.execPath, [bin(name), ...args]);

// The package's own entry, so that no shell wrapper stands between.
function bin(name, workspace = '') {
  const manifest = JSON.parse(
    readFileSync(join(root, workspace, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const path =
    typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[name === 'typescript' ? 'tsc' : name];
  return join(root, workspace, 'node_modules', name, path);
}

async function check(name, job) {
  const { ok } = await job();
  count(name, ok ? 1 : 0, ok ? 0 : 1);
}

function count(name, passed, failed, skipped = 0, details = [name]) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
  if (failed === 0) return;
  console.log(`${name}: FAILED`);
  failures.push(...details);
}

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

const steps = {
  async static() {
    // Each has one thread.
    await Promise.all([
      check('types', () => npx('typescript', '--noEmit')),
      check('types of worker code', () => npx('typescript', '--noEmit', '-p', 'tsconfig.worker.json')),
      check('types of scripts', () => npx('typescript', '--noEmit', '-p', 'scripts/tsconfig.json')),
      check('types of benchmarks', () => npx('typescript', '--noEmit', '-p', 'bench/tsconfig.json')),
      check('types of the playground', () =>
        run(process.execPath, [bin('vue-tsc', 'apps/playground'), '--noEmit'], {
          cwd: join(root, 'apps/playground'),
        }),
      ),
      check('lint', () => npx('eslint', '.', '--max-warnings', '0')),
      check('format', () => npx('prettier', '--check', '--log-level', 'warn', '.')),
      check('exports and dependencies are used', () => npx('knip', '--no-progress', '--no-config-hints')),
      check('boundaries', () => run(process.execPath, ['scripts/check-boundaries.mjs'])),
      check('docs', () => run(process.execPath, ['scripts/check-docs.mjs'])),
      check('kernels are built from these sources', () =>
        run(process.execPath, ['scripts/build-wasm.mjs', '--check']),
      ),
    ]);
  },
  async unit() {
    await vitest('types');
    await vitest('unit', '--maxWorkers=100%');
  },
  async rust() {
    if (!touches('packages/core-wasm')) return;
    if (spawnSync('cargo', ['--version']).status !== 0) {
      console.log('cargo test: SKIPPED, there is no Rust on this machine (https://rustup.rs installs it)');
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
  async browser() {
    env.HAYATE_CHROMIUM = await (await import('./ensure-browser.mjs')).ensureBrowser();
    await vitest('browser');
  },
  async firefox() {
    const path = (await import('./ensure-browser.mjs')).ensureFirefox();
    if (path === undefined) {
      console.log('firefox: SKIPPED, there is no Firefox on this machine (HAYATE_FIREFOX may name one)');
      return count('firefox', 0, process.env.CI ? 1 : 0, 1);
    }
    env.HAYATE_FIREFOX = path;
    await vitest('firefox');
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
  async e2e() {
    if (!touches('packages/', 'models/', 'apps/')) return;
    const { ensureBrowser, ensureFirefox } = await import('./ensure-browser.mjs');
    env.HAYATE_CHROMIUM ??= await ensureBrowser();
    env.HAYATE_FIREFOX ??= ensureFirefox() ?? '';
    const failed = totals.failed;
    await check('playground builds', () => run(process.execPath, ['scripts/start.mjs', '--build-only']));
    if (totals.failed > failed) return; // its tests would wait for a page that is not there
    await vitest('e2e');
  },
};

if (folders !== undefined) console.log(`Affected: ${folders.join(', ') || 'only texts'}`);

const unknown = only?.filter((name) => !(name in steps)) ?? [];
if (unknown.length > 0) {
  console.error(`test: no such step: ${unknown.join(', ')}. There are ${Object.keys(steps).join(', ')}.`);
  process.exit(1);
}

install();
for (const [name, step] of Object.entries(steps)) {
  if (only !== undefined && !only.includes(name)) continue;
  const start = Date.now();
  console.log(`\n── ${name}`);
  try {
    await step();
  } catch (error) {
    console.error(error);
    count(name, 0, 1);
  }
  console.log(`── ${name}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}
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
