import { defineConfig, type Options } from 'tsup';

/** The one bundler configuration of all packages: ESM, types, no minifying (the app's bundler does that). */
export function library(options: Pick<Options, 'entry' | 'external' | 'noExternal'>) {
  return defineConfig({
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    // tsup sets `baseUrl`, which TypeScript 6 warns of.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    clean: true,
    splitting: true,
    // The files of the kernels and of models stay beside the code that names them.
    external: [/^\.\.\/pkg\//],
    ...options,
  });
}
