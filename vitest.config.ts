import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

import { CHROMIUM_FLAGS, WEBGPU_FLAGS } from './scripts/chromium-flags.mjs';
import { cacheModules } from './tooling/cache-modules.ts';
import { firefox } from './tooling/firefox.ts';

const conditions = ['@hayate/source', 'module', 'import', 'development', 'default'];
// Read by the sources of the packages, so that tests need no build.
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };

// Set by scripts/test.mjs, which finds or installs browsers.
const executablePath = process.env['HAYATE_CHROMIUM'] ?? '/usr/bin/chromium';
const firefoxPath = process.env['HAYATE_FIREFOX'] ?? '/usr/bin/firefox';
const flags = [
  ...CHROMIUM_FLAGS,
  ...WEBGPU_FLAGS,
  // A camera that shows a test picture, without a question.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // For the soak tests: memory is measured at once, not when the browser finds a good moment.
  '--enable-blink-features=ForceEagerMeasureMemory',
  '--js-flags=--expose-gc',
];

// `npm run test:long` sets these; see packages/core-wasm/src/fuzz.any.test.ts.
const fuzz = {
  rounds: Number(process.env['HAYATE_FUZZ_ROUNDS'] ?? 300),
  seed: Number(process.env['HAYATE_FUZZ_SEED'] ?? 1),
};

// Likewise; see packages/worker/src/page/{supervision,soak}.browser.test.ts.
const soak = {
  kills: Number(process.env['HAYATE_SOAK_KILLS'] ?? 6),
  runs: Number(process.env['HAYATE_SOAK_RUNS'] ?? 1000),
  cycles: Number(process.env['HAYATE_SOAK_CYCLES'] ?? 6),
  aborts: Number(process.env['HAYATE_SOAK_ABORTS'] ?? 60),
  seed: Number(process.env['HAYATE_SOAK_SEED'] ?? 1),
};

// Likewise; see packages/cache/src/download/{cuts,flips}*.test.ts.
const store = {
  cutEvery: Number(process.env['HAYATE_STORE_CUT_EVERY'] ?? 499),
  cuts: Number(process.env['HAYATE_STORE_CUTS'] ?? 10),
  flips: Number(process.env['HAYATE_STORE_FLIPS'] ?? 60),
  faultsEvery: Number(process.env['HAYATE_STORE_FAULTS_EVERY'] ?? 3),
  quotaEvery: Number(process.env['HAYATE_STORE_QUOTA_EVERY'] ?? 14),
  seed: Number(process.env['HAYATE_STORE_SEED'] ?? 1),
};
const faultServer = 'packages/cache/src/download/fault-server.test.setup.ts';

type BrowserOptions = NonNullable<NonNullable<TestProjectInlineConfiguration['test']>['browser']>;

/** The browser tests in one browser. */
function inBrowser(
  name: string,
  browser: string,
  provider: BrowserOptions['provider'],
): TestProjectInlineConfiguration {
  return {
    plugins: [cacheModules()],
    resolve: { conditions: ['@hayate/source', 'module', 'browser', 'development', 'default'] },
    optimizeDeps: {
      exclude: ['onnxruntime-web'],
      include: ['react', 'react-dom/client', 'vue', 'comlink'],
    },
    worker: { format: 'es' },
    server: {
      headers: {
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      },
    },
    test: {
      name,
      // A restart takes twice as long in Firefox.
      provide: {
        fuzz,
        soak: name === 'firefox' ? { ...soak, kills: Math.ceil(soak.kills / 3) } : soak,
        store,
      },
      globalSetup: faultServer,
      include: ['{packages,models,examples}/**/*.{any,browser}.test.{ts,tsx}'],
      fileParallelism: false,
      testTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider,
        instances: [{ browser }],
      } as BrowserOptions,
    },
  };
}

/** Tests that drive browsers from Node, one file at a time. */
function endToEnd(name: string, folder: string): TestProjectInlineConfiguration {
  return {
    resolve,
    ssr,
    test: {
      name,
      server: { deps: { inline: [/@hayate\//] } },
      provide: { store },
      include: [`${folder}/*.spec.ts`],
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          provide: { fuzz, store },
          globalSetup: faultServer,
          include: ['{apps,packages,models,examples}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.{browser,models}.test.*', '**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
          server: { deps: { inline: [/@hayate\//] } },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'models',
          include: ['packages/**/*.models.test.ts'],
          testTimeout: 60_000,
          server: { deps: { inline: [/@hayate\//] } },
        },
      },
      {
        resolve,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: './tsconfig.json',
          },
        },
      },
      endToEnd('e2e', 'apps/playground/e2e'),
      endToEnd('e2e-cache', 'packages/cache/e2e'),
      inBrowser('browser', 'chromium', playwright({ launchOptions: { executablePath, args: flags } })),
      inBrowser('firefox', 'firefox', firefox(firefoxPath)),
    ],
  },
});
