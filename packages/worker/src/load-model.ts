import { loadVision } from '@hayate/core-wasm';
import {
  HayateError,
  type AnyPipeline,
  type BackendAttempt,
  type BackendName,
  type Manifest,
  type ModelStore,
  type ReadImage,
  type RunOptions,
  type RunResult,
  type Session,
  type Tokenizer,
} from '@hayate/core';
import { loadSession } from '@hayate/runtime';
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
  { signal, total }: { readonly signal: AbortSignal; readonly total: ProgressTotal },
): Promise<Model> {
  const { store } = parts;
  const sessions: Session[] = [];

  async function fetchFile(file: {
    readonly url: string;
    readonly bytes?: number;
    readonly sha256?: string;
  }) {
    const onProgress = total.file(file.bytes);
    const { url, ...expected } = file;
    const { bytes } = await store.getModel(url, { ...expected, signal, onProgress });
    onProgress({ loadedBytes: bytes.length, totalBytes: bytes.length }); // from the storage there was none
    return bytes;
  }

  function file(name: string) {
    const entry = manifest.files[name];
    if (entry !== undefined) return fetchFile(entry);
    const reason = `the manifest of "${manifest.id}" has no file "${name}"`;
    return Promise.reject(new HayateError('bad-model', `The model cannot be loaded: ${reason}.`, { reason }));
  }

  async function session(name: string) {
    const model = file(name);
    model.catch(() => undefined); // awaited inside, unless something else fails first
    const loaded = await loadSession(model, {
      ...(parts.backends && { backends: parts.backends }),
      ...(parts.threads !== undefined && { threads: parts.threads }),
      loadOrtFile: fetchFile,
      signal,
    });
    sessions.push(loaded);
    return loaded;
  }

  async function tokenizer() {
    if (parts.loadTokenizer) return parts.loadTokenizer(manifest);
    throw new HayateError('internal', 'The engine was made without "loadTokenizer".', {
      reason: 'no tokenizer',
    });
  }

  const freeSessions = () => Promise.all(sessions.map((one) => one.dispose())).then(() => undefined);

  try {
    const kernels = { vision: () => loadVision({ signal }) };
    const { readImage } = parts;
    const loaded = await pipeline.load(
      { manifest, signal, file, session, kernels, tokenizer, readImage },
      config,
    );
    const main = sessions[0];
    return {
      backend: main?.backend ?? 'wasm',
      threads: main?.threads ?? 1,
      refused: main?.refused ?? [],
      run: serialRun(loaded),
      async dispose() {
        loaded.dispose();
        await freeSessions();
      },
    };
  } catch (error) {
    await freeSessions();
    throw error;
  }
}

type Loaded = Awaited<ReturnType<AnyPipeline['load']>>;

// A plan's memory belongs to one run at a time.
function serialRun(loaded: Loaded): Model['run'] {
  let last: Promise<unknown> = Promise.resolve();
  return (input, options, { signal, onPartial }) => {
    const job = async () => {
      signal?.throwIfAborted();
      const timings: Record<string, number> = {};
      const output: unknown = await loaded.run(input, options, {
        signal: signal ?? new AbortController().signal,
        emit: (partial: unknown) => onPartial?.(partial),
        time: (stage, ms) => (timings[stage] = ms),
      });
      return { output, timings };
    };
    const next = last.then(job, job);
    last = next.catch(() => undefined);
    return next.finally(() => {
      closeFrame(input);
    });
  };
}

// What was transferred to us is ours to close, on every path.
function closeFrame(input: unknown): void {
  (input as { close?: () => void } | null)?.close?.();
}
