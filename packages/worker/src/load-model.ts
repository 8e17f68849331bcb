import { loadVision } from '@hayate/core-wasm';
import {
  createSerial,
  HayateError,
  type AnyPipeline,
  type BackendAttempt,
  type BackendName,
  type Manifest,
  type ModelFile,
  type ModelStore,
  type ReadImage,
  type RunOptions,
  type RunResult,
  type Session,
  type Tokenizer,
} from '@hayate/core';
import { loadSession } from '@hayate/runtime';
import { closeFrame } from './prepare-input';
import type { ProgressTotal } from './progress-total';

/** What an engine hands to every model it loads. */
export interface EngineParts {
  readonly store: ModelStore;
  readonly readImage: ReadImage;
  readonly backends: readonly BackendName[] | undefined;
  readonly threads: number | undefined;
  readonly loadTokenizer: ((manifest: Manifest) => Promise<Tokenizer>) | undefined;
}

/** A pipeline with its sessions, ready to run; runs follow one another. */
export interface Model {
  readonly backend: BackendName;
  readonly threads: number;
  readonly refused: readonly BackendAttempt[];
  run(input: unknown, options: unknown, runOptions: RunOptions<unknown>): Promise<RunResult<unknown>>;
  dispose(): Promise<void>;
}

/** Loads what a pipeline asks for: files through the store, sessions, kernels. What was begun is freed when it fails. */
export async function loadModel(
  pipeline: AnyPipeline,
  config: unknown,
  manifest: Manifest,
  parts: EngineParts,
  options: { readonly signal: AbortSignal; readonly total: ProgressTotal },
): Promise<Model> {
  const { total } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const sessions: Promise<Session>[] = [];

  /** Through the store, counted in the progress. ONNX Runtime's own files are everybody's: no single load ends them. */
  async function fetchFile({ url, ...expected }: ModelFile, whileWanted?: AbortSignal) {
    const onProgress = total.file(expected.bytes);
    const request = { ...expected, onProgress, ...(whileWanted && { signal: whileWanted }) };
    const { bytes } = await parts.store.getModel(url, request);
    onProgress({ loadedBytes: bytes.length, totalBytes: bytes.length }); // from the storage there was none
    return bytes;
  }

  async function file(name: string) {
    const entry = manifest.files[name];
    if (entry !== undefined) return fetchFile(entry, signal);
    const reason = `the manifest of "${manifest.id}" has no file "${name}"`;
    throw new HayateError('bad-model', `The model cannot be loaded: ${reason}.`, { reason });
  }

  function session(name: string) {
    const loading = loadSession(file(name), {
      ...(parts.backends && { backends: parts.backends }),
      ...(parts.threads !== undefined && { threads: parts.threads }),
      loadOrtFile: (ortFile) => fetchFile(ortFile),
      signal,
    });
    sessions.push(loading);
    return loading;
  }

  function tokenizer() {
    if (parts.loadTokenizer) return parts.loadTokenizer(manifest);
    const reason = 'the engine was made without "loadTokenizer"';
    return Promise.reject(
      new HayateError('bad-model', `The model needs a tokenizer: ${reason}.`, { reason }),
    );
  }

  async function freeSessions() {
    for (const loading of await Promise.allSettled(sessions)) {
      if (loading.status === 'fulfilled') await loading.value.dispose();
    }
  }

  try {
    const kernels = { vision: () => loadVision({ signal }) };
    const { readImage } = parts;
    const context = { manifest, signal, file, session, kernels, tokenizer, readImage };
    const loaded = await pipeline.load(context, config);
    const main = await sessions[0];
    // A plan's memory belongs to one run at a time, and is freed after the last.
    const serial = createSerial();
    return {
      backend: main?.backend ?? 'wasm',
      threads: main?.threads ?? 1,
      refused: main?.refused ?? [],
      run: (input, taskOptions, runOptions) => serial(() => runOnce(loaded, input, taskOptions, runOptions)),
      dispose: () =>
        serial(async () => {
          try {
            loaded.dispose();
          } finally {
            await freeSessions();
          }
        }),
    };
  } catch (error) {
    failed.abort();
    await freeSessions();
    throw error;
  }
}

type Loaded = Awaited<ReturnType<AnyPipeline['load']>>;

async function runOnce(
  loaded: Loaded,
  input: unknown,
  options: unknown,
  { signal = new AbortController().signal, onPartial }: RunOptions<unknown>,
): Promise<RunResult<unknown>> {
  try {
    signal.throwIfAborted();
    const timings: Record<string, number> = {};
    const output: unknown = await loaded.run(input, options, {
      signal,
      emit: (partial: unknown) => onPartial?.(partial),
      time: (stage, ms) => (timings[stage] = ms),
    });
    return { output, timings };
  } finally {
    closeFrame(input); // what was transferred to us is ours to close
  }
}
