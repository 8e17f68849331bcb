import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadVite } from '../vite.mjs';

const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Resolves Hayate's packages as the playground of `checkout` does, wherever they keep the picture tasks. */
export function hayateOf(checkout) {
  const importer = join(checkout, 'apps/playground/src/app.ts');
  const home = existsSync(join(checkout, 'packages/vision')) ? '@hayate/vision' : '@hayate/core';
  return {
    name: 'hayate-of-checkout',
    enforce: 'pre',
    resolveId(source) {
      const name = source.replace(/^vision:/, `${home}/`);
      return name.startsWith('@hayate/') ? this.resolve(name, importer, { skipSelf: true }) : undefined;
    },
  };
}

/** Builds the page with the packages of `checkout` into `outDir`. */
export async function buildOverheadPage(checkout, outDir) {
  const vite = await loadVite();
  await vite.build({
    configFile: false,
    root: import.meta.dirname,
    base: './',
    logLevel: 'warn',
    plugins: [hayateOf(checkout)],
    resolve: { conditions: ['@hayate/source', ...vite.defaultClientConditions] },
    worker: { format: 'es', plugins: () => [hayateOf(checkout)] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: Infinity,
    },
  });
}

/** Serves a folder cross-origin isolated. */
export async function serveFolder(outDir) {
  const vite = await loadVite();
  const server = await vite.preview({
    configFile: false,
    root: outDir,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1', headers: HEADERS },
  });
  return {
    base: server.resolvedUrls.local[0] ?? server.resolvedUrls.network[0],
    close: () => server.close(),
  };
}
