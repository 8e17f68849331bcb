import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The playground's Vite: bench is no workspace and has none of its own. Only there once the packages are. */
export function loadVite() {
  const require = createRequire(join(import.meta.dirname, '../apps/playground/package.json'));
  return import(pathToFileURL(require.resolve('vite')).href);
}
