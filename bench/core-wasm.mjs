import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadVite } from './vite.mjs';

const root = join(import.meta.dirname, '..');

/** Bundles core-wasm's sources for Node into `outDir` and gives the module's address. */
export async function bundleCoreWasm(outDir) {
  const vite = await loadVite();
  const conditions = ['@hayate/source', ...vite.defaultServerConditions];
  await vite.build({
    configFile: false,
    root,
    logLevel: 'warn',
    resolve: { conditions },
    ssr: { noExternal: true, resolve: { conditions } },
    build: {
      ssr: join(root, 'packages/core-wasm/src/vision.ts'),
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'core-wasm.mjs' } },
    },
  });
  return pathToFileURL(join(outDir, 'core-wasm.mjs')).href;
}

/** The file of a module that is shipped: `simd` or `scalar`. */
export const shippedWasm = (build) => join(root, `packages/core-wasm/vision/pkg/vision-${build}.wasm`);
