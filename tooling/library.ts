import { defineConfig, type Options } from 'tsup';

/** The bundler configuration that all packages share: ESM and types, not minified, as the app's bundler minifies. */
export function library(options: Pick<Options, 'entry' | 'external' | 'noExternal'>) {
  return defineConfig({
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // tsup sets `baseUrl`, which TypeScript 6 warns of.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    clean: true,
    splitting: true,
    // The kernels' files in `pkg` are not bundled; the code refers to them by relative address.
    external: [/^\.\.\/pkg\//],
    ...options,
  });
}
