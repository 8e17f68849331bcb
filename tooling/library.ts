import { defineConfig, type Options } from 'tsup';

/** The one bundler configuration of all packages: ESM, types, no minifying (the app's bundler does that). */
export function library(options: Pick<Options, 'entry' | 'external' | 'noExternal'>) {
  return defineConfig({
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    clean: true,
    splitting: true,
    // The files of the kernels and of models stay beside the code that names them.
    external: [/^\.\.\/pkg\//],
    ...options,
  });
}
