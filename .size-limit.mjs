// What the packages may weigh, gzip, each without its dependencies, and what an app loads of all of them.
// `npx size-limit` after a build.
/** @import { BuildOptions } from 'esbuild' */

/**
 * A file as it is served.
 * @param {string} name
 * @param {string} path
 * @param {string} limit
 */
const wasm = (name, path, limit) => ({
  name,
  path,
  limit,
  gzip: true,
  modifyEsbuildConfig: (/** @type {BuildOptions} */ config) => ({ ...config, loader: { '.wasm': 'copy' } }),
});
/**
 * A bundle of a built entry, or of some of its exports.
 * @param {string} name
 * @param {string} path
 * @param {string} limit
 * @param {readonly string[]} ignore what is left out, since others are measured for it
 * @param {string | Readonly<Record<string, string>>} [imported] what is imported; else everything. By file, where a part
 *   of an app is put together.
 */
const script = (name, path, limit, ignore, imported) => ({
  name,
  path,
  limit,
  ignore,
  ...(imported && { import: imported }),
  gzip: true,
  modifyEsbuildConfig: (/** @type {BuildOptions} */ config) => ({
    ...config,
    format: 'esm',
    logLevel: 'error',
  }),
});
const coreWasm = 'packages/core-wasm';
const core = 'packages/core/dist/index.js';
const worker = 'packages/worker/dist/index.js';
const host = 'packages/worker/dist/worker/host.js';
const classification = 'packages/vision/dist/tasks/image-classification';

const cacheOwn = ['@hayate/core', '@hayate/core-wasm', '@noble/hashes'];

export default [
  wasm('kernels for pictures with SIMD', `${coreWasm}/vision/pkg/vision-simd.wasm`, '23 kB'),
  wasm('kernels for pictures without SIMD', `${coreWasm}/vision/pkg/vision-scalar.wasm`, '17 kB'),
  wasm('kernels for embeddings with SIMD', `${coreWasm}/embeddings/pkg/embeddings-simd.wasm`, '3.5 kB'),
  wasm('kernels for embeddings without SIMD', `${coreWasm}/embeddings/pkg/embeddings-scalar.wasm`, '3 kB'),
  wasm('SHA-256 with SIMD', `${coreWasm}/sha256/pkg/sha256-simd.wasm`, '4 kB'),
  wasm('SHA-256 without SIMD', `${coreWasm}/sha256/pkg/sha256-scalar.wasm`, '4 kB'),
  // Everything that it exports; an app takes a part of it.
  script('@hayate/core', core, '7.5 kB', []),
  // With what it shares with the first part.
  script('@hayate/core/live', 'packages/core/dist/live/live.js', '3 kB', []),
  script('@hayate/vision', 'packages/vision/dist/index.js', '3 kB', ['@hayate/*']),
  script(
    '@hayate/core-wasm/vision',
    'packages/core-wasm/dist/vision.js',
    '6.6 kB',
    ['@hayate/core'],
    '{ compileVision, hasSimd, loadVision }',
  ),
  // What a page takes that only asks where the file is.
  script(
    '@hayate/core-wasm/vision (visionFile)',
    'packages/core-wasm/dist/vision.js',
    '0.6 kB',
    ['@hayate/core'],
    '{ visionFile }',
  ),
  script('@hayate/core-wasm/embeddings', 'packages/core-wasm/dist/embeddings.js', '3 kB', ['@hayate/core']),
  script('@hayate/core-wasm/sha256', 'packages/core-wasm/dist/sha256.js', '2 kB', ['@hayate/core']),
  script('@hayate/runtime', 'packages/runtime/dist/index.js', '4 kB', ['@hayate/core', 'onnxruntime-web']),
  // What a page whose models are kept loads. What keeps files in a folder is for Node.
  {
    ...script('@hayate/cache', 'packages/cache/dist/index.js', '7 kB', cacheOwn, '{ createModelStore }'),
    modifyEsbuildConfig: (/** @type {BuildOptions} */ config) => ({
      ...config,
      format: 'esm',
      logLevel: 'error',
      external: [...(config.external ?? []), './download-file-*'],
    }),
  },
  // The first download loads its other half; this is both.
  script(
    '@hayate/cache with downloads',
    'packages/cache/dist/index.js',
    '12 kB',
    cacheOwn,
    '{ createModelStore }',
  ),
  script('@hayate/cache/service-worker', 'packages/cache/dist/service-worker.js', '3 kB', cacheOwn),
  script(
    '@hayate/worker (page)',
    worker,
    '10 kB',
    ['@hayate/*', 'comlink'],
    '{ connectEngine, createEngine }',
  ),
  // A page that diagnoses itself has the first part already.
  script('@hayate/worker diagnose', worker, '11 kB', ['@hayate/*', 'comlink'], '{ diagnose }'),
  // What an app that classifies loads: its page, and its worker with all that it may load later but ONNX Runtime and the
  // kernels. A page that only connects to its engine has nothing of the store.
  script('a page that classifies', worker, '12 kB', [], {
    [core]: '{ createTask }',
    [worker]: '{ connectEngine }',
    [`${classification}/contract.js`]: '{ imageClassification }',
  }),
  script('a page that classifies, in React', worker, '12.5 kB', ['react'], {
    [worker]: '{ connectEngine }',
    'packages/react/dist/index.js': '{ EngineProvider, useClassifier }',
  }),
  script('a worker that classifies', host, '40 kB', ['onnxruntime-web'], {
    [host]: '{ serveEngine }',
    [`${classification}/pipeline.js`]: '{ imageClassificationPipeline }',
  }),
  script('@hayate/react', 'packages/react/dist/index.js', '1 kB', ['@hayate/*', 'react']),
  script('@hayate/vue', 'packages/vue/dist/index.js', '1 kB', ['@hayate/*', 'vue']),
];
