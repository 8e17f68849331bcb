// `HAYATE_MODELS=<folder> npm run test:models`: the goldens of models that are not shipped. Each folder there has to be
// known here; one that concerns a task that is built fails the run when none of its tests passed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Model → its task; tests are those in a `describe` of the model's name.
 * @type {Readonly<Record<string, string>>}
 */
const TESTED = {
  'blazeface-front-128': 'face-detection',
  'mb3-centernet': 'object-detection',
  'nanodet-g': 'object-detection',
  'yolox-nano': 'object-detection',
};
/** @type {Readonly<Record<string, string>>} */
const NOT_YET = {
  'minilm-l6-v2': 'feature-extraction',
  'whisper-tiny.en': 'automatic-speech-recognition',
};

const root = fileURLToPath(new URL('..', import.meta.url));
if (!process.env.HAYATE_MODELS) {
  console.error('test-models: HAYATE_MODELS must name the folder of the models');
  process.exit(1);
}
const folder = resolve(process.env.HAYATE_MODELS);
const models = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const reports = mkdtempSync(join(tmpdir(), 'hayate-models-'));
const report = join(reports, 'report.json');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'models',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, HAYATE_MODELS: folder } },
);
/** @type {import('vitest/node').JsonTestResults} */
const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
const tests = testResults.flatMap((file) => file.assertionResults);
rmSync(reports, { recursive: true, force: true });

let failed = status !== 0;
for (const model of new Set([...models, ...Object.keys(TESTED)])) {
  const own = tests.filter(({ ancestorTitles: [title] }) => title === model);
  const passed = own.filter((test) => test.status === 'passed').length;
  if (model in NOT_YET) {
    console.log(`${model}: NOT TESTED, there is no ${NOT_YET[model]} yet`);
  } else if (!(model in TESTED)) {
    console.error(`${model}: FAILED, scripts/test-models.mjs does not know this model`);
    failed = true;
  } else if (passed === 0 || passed < own.length) {
    console.error(`${model}: FAILED, ${passed} of ${own.length} tests passed`);
    failed = true;
  } else {
    console.log(`${model}: ${passed} tests of ${TESTED[model]} passed`);
  }
}
process.exit(failed ? 1 : 0);
