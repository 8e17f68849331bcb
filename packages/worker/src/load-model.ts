import {
  HayateError,
  unlessAborted,
  type AnyPipeline,
  type BackendName,
  type Manifest,
  type ModelFile,
  type ModelStore,
  type PreparedInput,
  type ReadImage,
  type Session,
  type Tokenizer,
  type VisionKernels,
} from '@hayate/core';
import { loadSession } from '@hayate/runtime';
import { isDeviceLost, type Model, type ModelRunOptions, type Settlement } from './model';
import { closePrepared } from './prepare-input';
import type { ProgressTotal } from './progress-total';
import { readBlob } from './read-blob';

/** What an engine hands to every model it loads. */
export interface EngineParts {
  readonly store: ModelStore;
  readonly kernels: { vision(signal: AbortSignal): Promise<VisionKernels> };
  readonly warmUp: boolean;
  readonly readImage: ReadImage;
  readonly backends: readonly BackendName[] | undefined;
  readonly threads: number | undefined;
  readonly loadTokenizer: ((manifest: Manifest) => Promise<Tokenizer>) | undefined;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** A file, and the model whose other files the store keeps with it. */
type WantedFile = ModelFile & { readonly model?: string };

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
  /** Each settles when a file that is read already is stored too, or cannot be had. */
  const storing: Promise<void>[] = [];

  /** Through the store or from what is in hand, counted in the progress. ONNX Runtime's own files are everybody's: no single load ends them. */
  async function fetchFile(
    { url, blob, ...expected }: WantedFile,
    whileWanted?: AbortSignal,
    onVerified?: (bytes: Bytes) => void,
  ): Promise<Bytes> {
    const onProgress = total.file(blob?.size ?? expected.bytes);
    if (blob !== undefined) {
      const data = await readBlob(blob, { url, ...expected });
      onProgress({ loadedBytes: data.length, totalBytes: data.length });
      return data;
    }
    const request = {
      ...expected,
      onProgress,
      ...(whileWanted && { signal: whileWanted }),
      ...(onVerified && { onVerified }),
    };
    const { bytes } = await parts.store.getModel(url, request);
    onProgress({ loadedBytes: bytes.length, totalBytes: bytes.length }); // from the storage there was none
    return bytes;
  }

  /** The same, for ONNX Runtime, which only reads the bytes: it starts while they are still being stored. */
  function fetchToRead(wanted: WantedFile, whileWanted?: AbortSignal): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      storing.push(fetchFile(wanted, whileWanted, resolve).then(resolve, reject));
    });
  }

  async function file(name: string, fetchBytes = fetchFile) {
    const entry = manifest.files[name];
    if (entry !== undefined) return fetchBytes({ ...entry, model: manifest.id }, signal);
    const reason = `the manifest of "${manifest.id}" has no file "${name}"`;
    throw new HayateError('bad-model', `The model cannot be loaded: ${reason}.`, { reason });
  }

  function session(name: string, { keepOnDevice = false } = {}) {
    const loading = loadSession(file(name, fetchToRead), {
      ...(parts.backends && { backends: parts.backends }),
      ...(parts.threads !== undefined && { threads: parts.threads }),
      keepOnDevice,
      loadOrtFile: (ortFile) => fetchToRead(ortFile),
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

  let pipelineLoaded: Loaded | undefined;
  try {
    const kernels = { vision: () => parts.kernels.vision(signal) };
    const { readImage } = parts;
    const context = {
      manifest,
      signal,
      file: (name: string) => file(name),
      session,
      kernels,
      tokenizer,
      readImage,
    };
    const loaded = (pipelineLoaded = await pipeline.load(context, config));
    if (parts.warmUp) await loaded.warmUp?.();
    // A model that is loaded is there at the next visit too.
    await unlessAborted(Promise.all(storing), signal);
    const main = await sessions[0];
    const lost = new AbortController();
    return {
      backend: main?.backend ?? 'wasm',
      threads: main?.threads ?? 1,
      refused: main?.refused ?? [],
      maxBatch: loaded.runBatch === undefined ? 1 : (loaded.maxBatch ?? 1),
      lost: lost.signal,
      async run(inputs, taskOptions, runOptions) {
        const settled: readonly Settlement[] = await runAll(loaded, inputs, taskOptions, runOptions).catch(
          (reason: unknown) => inputs.map((): Settlement => ({ status: 'rejected', reason })),
        );
        const gone = settled.find(isDeviceLost);
        if (gone) lost.abort(gone.reason); // a GPU that is lost does not come back
        return settled;
      },
      async dispose() {
        try {
          loaded.dispose();
        } finally {
          await freeSessions();
        }
      },
    };
  } catch (error) {
    failed.abort();
    try {
      pipelineLoaded?.dispose();
    } finally {
      await freeSessions();
    }
    throw error;
  }
}

type Loaded = Awaited<ReturnType<AnyPipeline['load']>>;

async function runAll(
  loaded: Loaded,
  inputs: readonly PreparedInput[],
  options: unknown,
  { signal, onPartial }: ModelRunOptions,
): Promise<readonly Settlement[]> {
  const timings: Record<string, number> = {};
  const time = (stage: string, ms: number) => (timings[stage] = ms);
  const values = inputs.map(({ value }) => value);
  async function outputs(): Promise<readonly PromiseSettledResult<unknown>[]> {
    if (inputs.length > 1 && loaded.runBatch)
      return (await loaded.runBatch(values, options, {
        signal,
        time,
      })) as readonly PromiseSettledResult<unknown>[];
    const emit = (partial: unknown) => onPartial?.(partial);
    return Promise.allSettled(values.map((value) => loaded.run(value, options, { signal, emit, time })));
  }
  try {
    signal.throwIfAborted();
    const settled = await outputs();
    return settled.map((result) =>
      result.status === 'fulfilled'
        ? { status: 'fulfilled', value: { output: result.value, timings } }
        : result,
    );
  } finally {
    for (const prepared of inputs) closePrepared(prepared); // what was transferred to us is ours to close
  }
}
