import {
  unlessAborted,
  type AnyPipeline,
  type BackendName,
  type FileStore,
  type LoadProgress,
  type LoadSession,
  type Manifest,
  type ModelPlacement,
  type PipelineContext,
  type PipelineSessionOptions,
  type RuntimeFile,
  type Session,
} from '@hayate/core';
import type { Model } from '../engine/model';
import { createLoadedModel } from './loaded-model';
import { loadModelFiles } from './model-files';
import { createProgressTotal } from './progress-total';
import { sharedResource } from './shared-resources';

/** What all loads of a thread use. */
export interface LoadParts {
  readonly store: FileStore;
  readonly loadSession: LoadSession;
  readonly backends: readonly BackendName[] | undefined;
  readonly threads: number | undefined;
  readonly warmUp: boolean;
}

/** Loads a pipeline with its files, sessions and shared resources. A failure frees what was loaded so far. */
export async function loadModel(
  pipeline: AnyPipeline,
  config: unknown,
  manifest: Manifest,
  parts: LoadParts,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: LoadProgress) => void },
): Promise<Model> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const total = createProgressTotal(options.onProgress);
  const files = loadModelFiles(manifest, parts.store, total, signal);
  const sessions = createSessions(manifest, parts, files, total, signal);
  const context: PipelineContext = {
    manifest,
    signal,
    file: files.bytes,
    session: sessions.load,
    shared: (key, make) => unlessAborted(sharedResource(key, make, parts.store), signal),
  };
  let loaded: Awaited<ReturnType<AnyPipeline['load']>> | undefined;
  try {
    loaded = await pipeline.load(context, config);
    if (parts.warmUp) await loaded.warmUp?.();
    // A load ends only when its files are stored, so that the next visit need not download them.
    await unlessAborted(Promise.all([files.stored, sessions.stored()]), signal);
    return createLoadedModel(loaded, await sessions.placement(), sessions.dispose);
  } catch (error) {
    failed.abort();
    try {
      loaded?.dispose();
    } finally {
      await sessions.dispose();
    }
    throw error;
  } finally {
    files.close();
  }
}

/** The sessions of one model. */
function createSessions(
  manifest: Manifest,
  parts: LoadParts,
  files: ReturnType<typeof loadModelFiles>,
  total: ReturnType<typeof createProgressTotal>,
  signal: AbortSignal,
) {
  const loading = new Map<string, Promise<Session>>();
  /** For each file of the runtime, which is used before it is stored: settles when it is stored or has failed. */
  const storing: Promise<unknown>[] = [];

  /** Fetches a file of the runtime; resolves before it is stored. All models share it, so an abort does not end the download. */
  function loadRuntimeFile({ url, ...expected }: RuntimeFile): Promise<Uint8Array<ArrayBuffer>> {
    const onProgress = total.add(expected.bytes);
    return new Promise((resolve, reject) => {
      const fetching = parts.store.getFile(url, { ...expected, onProgress, onVerified: resolve });
      storing.push(
        fetching.then(({ bytes }) => {
          onProgress({ loadedBytes: bytes.length, totalBytes: bytes.length }); // a file from the storage has reported no progress
          resolve(bytes);
        }, reject),
      );
    });
  }

  /** The backends that the pipeline wants, without those that the engine does not allow. */
  function backendsFor({ backends: wanted }: PipelineSessionOptions): readonly BackendName[] | undefined {
    const allowed = wanted?.filter((name) => parts.backends?.includes(name) !== false);
    return allowed === undefined || allowed.length === 0 ? parts.backends : allowed;
  }

  function load(name: string, options: PipelineSessionOptions = {}): Promise<Session> {
    const start = async () => {
      const backends = backendsFor(options);
      return parts.loadSession(
        { graph: () => files.bytes(name), externalData: () => files.externalData(name) },
        {
          ...(backends && { backends }),
          ...(parts.threads !== undefined && { threads: parts.threads }),
          ...(manifest.session?.config && { config: manifest.session.config }),
          keepsOutputs: options.keepsOutputs ?? false,
          loadFile: loadRuntimeFile,
          signal,
        },
      );
    };
    const session = start();
    loading.set(name, session);
    return session;
  }

  async function placement(): Promise<ModelPlacement> {
    const reports = await Promise.all(
      Object.keys(manifest.files).map(async (name) => {
        const session = await loading.get(name);
        if (session === undefined) return [];
        const { backend, threads, refused } = session;
        return [{ name, backend, threads, refused }];
      }),
    );
    const sessions = reports.flat();
    const [main = { backend: 'wasm', threads: 1, refused: [] } as const] = [
      ...sessions.filter(({ name }) => name === 'model'),
      ...sessions,
    ];
    const { backend, threads, refused } = main;
    return { backend, threads, refused, sessions };
  }

  async function dispose(): Promise<void> {
    for (const settled of await Promise.allSettled(loading.values())) {
      if (settled.status === 'fulfilled') await settled.value.dispose();
    }
  }

  return { load, placement, dispose, stored: () => Promise.all(storing) };
}
