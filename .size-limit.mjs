// What the packages may weigh, gzip, each without its dependencies. `npx size-limit` after a build.
const wasm = (name, path, limit) => ({
  name,
  path,
  limit,
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, loader: { '.wasm': 'copy' } }),
});
const script = (name, path, limit, ignore, imported) => ({
  name,
  path,
  limit,
  ignore,
  ...(imported && { import: imported }),
  gzip: true,
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', logLevel: 'error' }),
});
const kernels = 'packages/core-wasm/pkg';
const sha256 = 'packages/core-wasm/sha256/pkg';

const cacheOwn = ['@hayate/core', '@hayate/core-wasm', '@noble/hashes'];

export default [
  wasm('kernels with SIMD', `${kernels}/kernels-simd.wasm`, '25 kB'),
  // 17.4 kB by gzip -9; this measures with a lower level.
  wasm('kernels without SIMD', `${kernels}/kernels-scalar.wasm`, '17.5 kB'),
  wasm('SHA-256 with SIMD', `${sha256}/sha256-simd.wasm`, '4 kB'),
  wasm('SHA-256 without SIMD', `${sha256}/sha256-scalar.wasm`, '4 kB'),
  script('@hayate/core', 'packages/core/dist/index.js', '4.5 kB', []),
  // Both with what they share with the first part.
  script('@hayate/core/stream', 'packages/core/dist/stream.js', '3 kB', []),
  script('@hayate/core/media', 'packages/core/dist/media/index.js', '3 kB', []),
  script('@hayate/core-wasm', 'packages/core-wasm/dist/index.js', '6 kB', ['@hayate/core']),
  script('@hayate/core-wasm/sha256', 'packages/core-wasm/dist/sha256.js', '2 kB', ['@hayate/core']),
  script('@hayate/runtime', 'packages/runtime/dist/index.js', '4 kB', ['@hayate/core', 'onnxruntime-web']),
  // What a page whose models are kept loads. What keeps files in a folder is for Node.
  {
    ...script('@hayate/cache', 'packages/cache/dist/index.js', '7 kB', cacheOwn, '{ createModelStore }'),
    modifyEsbuildConfig: (config) => ({
      ...config,
      format: 'esm',
      logLevel: 'error',
      external: [...config.external, './download-file-*'],
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
    'packages/worker/dist/index.js',
    '10 kB',
    ['@hayate/*', 'comlink'],
    '{ connectEngine, createEngine }',
  ),
  // A page that diagnoses itself has the first part already.
  script(
    '@hayate/worker diagnose',
    'packages/worker/dist/index.js',
    '11 kB',
    ['@hayate/*', 'comlink'],
    '{ diagnose }',
  ),
  script('@hayate/react', 'packages/react/dist/index.js', '1 kB', ['@hayate/core', 'react']),
  script('@hayate/vue', 'packages/vue/dist/index.js', '1 kB', ['@hayate/core', 'vue']),
];
