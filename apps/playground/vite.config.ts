import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import { defaultClientConditions, defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Cross-origin isolation: ONNX Runtime's threads need shared memory.
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export default defineConfig({
  // Relative addresses, so that the built pages also work in a folder of a site.
  base: './',
  // Two pages and no router: an address that is not there is a 404, not the first page.
  appType: 'mpa',
  plugins: [
    react(),
    vue(),
    VitePWA({
      // The app's own service worker; the page registers it, and the manifest is a file.
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: false,
      manifest: false,
      injectManifest: {
        // Not all browsers take modules as service workers.
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,svg,png,jpg,webmanifest}', 'assets/sha256-*.wasm'],
        // Their names have a digest already.
        dontCacheBustURLsMatching: /^assets\//,
        // More than that does not belong into `install`.
        maximumFileSizeToCacheInBytes: 2 * 2 ** 20,
      },
    }),
  ],
  // The packages' sources, so that the playground needs none of them built.
  resolve: { conditions: ['@hayate/source', ...defaultClientConditions] },
  worker: { format: 'es' },
  optimizeDeps: {
    exclude: [
      '@hayate/cache',
      '@hayate/core',
      '@hayate/core-wasm',
      '@hayate/model-blazeface',
      '@hayate/model-centernet',
      '@hayate/model-efficientnet-lite0',
      '@hayate/react',
      '@hayate/runtime',
      '@hayate/vision',
      '@hayate/vue',
      '@hayate/worker',
      'onnxruntime-web',
    ],
    include: ['@hayate/worker > comlink'],
  },
  build: {
    target: 'es2022',
    // Models and WebAssembly stay files, and a strict CSP forbids data: addresses.
    assetsInlineLimit: 0,
    // The polyfill is for browsers older than the target.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      input: { index: page('index.html'), react: page('react/index.html'), vue: page('vue/index.html') },
    },
  },
  server: { headers },
  preview: { headers },
});
