import {
  HayateError,
  type AnyPipeline,
  type BackendName,
  type FileStore,
  type LoadSession,
  type Manifest,
} from '@hayate/core';
import { loadSession } from '@hayate/runtime';
import type { LoadModel } from '../engine/model';
import { loadModel } from './load-model';
import { resolveModel, type ModelResolver } from './resolve-model';

/** What can be loaded on this thread, and with which backends, store and runtime. */
export interface LocalLoadOptions {
  /** The pipelines of the tasks that can be loaded. Bundlers include only these. */
  readonly pipelines: readonly AnyPipeline[];
  /** The backends, tried in this order. @defaultValue ['webgpu', 'wasm'] */
  readonly backends?: readonly BackendName[];
  /** The number of threads of the WebAssembly backend. @defaultValue half the cores, 4 at most; see `loadSession` */
  readonly threads?: number;
  /**
   * Whether each model runs once on a zero-filled input while it loads, so that the first real run is as fast as later ones.
   * @defaultValue true
   */
  readonly warmUp?: boolean;
  /** The store that downloads, verifies and keeps files. */
  readonly store: FileStore;
  /** The inference runtime. @defaultValue ONNX Runtime, by `loadSession` of `@hayate/runtime` */
  readonly loadSession?: LoadSession;
  /** Functions from an address to a manifest, tried in order. An address that none of them knows must be a manifest's. */
  readonly resolvers?: readonly ModelResolver[];
}

/** Creates the function that loads models on this thread. */
export function createLocalLoad(options: LocalLoadOptions): LoadModel {
  const pipelines = new Map(options.pipelines.map((pipeline) => [pipeline.task, pipeline]));
  const parts = {
    store: options.store,
    loadSession: options.loadSession ?? loadSession,
    backends: options.backends,
    threads: options.threads,
    warmUp: options.warmUp ?? true,
  };
  return async (task, config, { signal, onProgress }) => {
    const pipeline = pipelines.get(task);
    if (pipeline === undefined) throw unknownTask(task, [...pipelines.keys()]);
    const { model } = config as { readonly model: Manifest | string };
    const manifest = await resolveModel(model, options.resolvers ?? [], options.store, signal);
    if (manifest.task !== task) {
      const reason = `"${manifest.id}" is a model for ${manifest.task}, not for ${task}`;
      throw new HayateError('bad-model', `The model does not fit: ${reason}.`, { reason });
    }
    return loadModel(pipeline, config, manifest, parts, { signal, onProgress });
  };
}

function unknownTask(task: string, known: readonly string[]): HayateError<'unknown-task'> {
  const message = `The engine has no pipeline for ${task}; add it to "pipelines". It has: ${known.join(', ') || 'none'}.`;
  return new HayateError('unknown-task', message, { task, known });
}
