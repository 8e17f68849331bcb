import { createCompiler, type CompileOptions } from './create-compiler';
import { createEmbeddings } from './create-embeddings';
import { createLoader, type RunningModule } from './create-loader';
import type { EmbeddingKernels } from './output-kernels';
import { chooseFile, type FamilyFiles, type KernelsFile } from './family-files';
import { embeddings } from './shipped';

export type { WasmSource } from './compile';
export type { SimdChoice } from './create-compiler';
export type { EmbeddingKernels } from './output-kernels';
export type { RunningModule } from './create-loader';
export type { KernelsFile } from './family-files';
export { hasSimd } from '@hayate/core';

/** Options of {@link loadEmbeddings} and {@link compileEmbeddings}. */
export type LoadEmbeddingsOptions = CompileOptions;

/** The kernels for embeddings, with the module they run in, which can be posted to workers. */
export type WasmEmbeddingsKernels = EmbeddingKernels & RunningModule;

// Each address is written in one expression: bundlers recognise this form and ship the file.
const FILES: FamilyFiles = {
  simd: () => new URL('../embeddings/pkg/embeddings-simd.wasm', import.meta.url),
  scalar: () => new URL('../embeddings/pkg/embeddings-scalar.wasm', import.meta.url),
};

/** The file that {@link loadEmbeddings} would fetch here, for those who fetch, verify and keep it themselves. */
export const embeddingsFile = (): KernelsFile => chooseFile(FILES, embeddings);

/** Compiles the module without starting it, to be posted to workers. Rejects as {@link loadEmbeddings} does. */
export const compileEmbeddings = /* @__PURE__ */ createCompiler(FILES);

/**
 * Loads the kernels for embeddings: one instance for each compiled module, shared by all callers in this thread.
 *
 * Rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be loaded, and
 * with the signal's reason if it aborts first.
 */
export const loadEmbeddings = /* @__PURE__ */ createLoader(
  compileEmbeddings,
  'vectorbuffer_mean_pool',
  createEmbeddings,
);
