import { createModelStore } from '@hayate/cache';
import {
  HayateError,
  parseManifest,
  unlessAborted,
  type AnyContract,
  type AnyPipeline,
  type BackendName,
  type Engine,
  type LoadOptions,
  type LoadedTask,
  type Manifest,
  type ModelSource,
  type ModelStore,
  type ReadImage,
  type Tokenizer,
} from '@hayate/core';
import { loadModel, type EngineParts, type Model } from './load-model';
import { createProgressTotal } from './progress-total';
import { createReadImage, type DecodeImage } from './read-image';
import { createSharedModels } from './shared-models';

/** What an engine is made of. */
export interface EngineOptions {
  /** The tasks it can do; only those listed are bundled. */
  readonly pipelines: readonly AnyPipeline[];
  /** Tried in this order. @defaultValue ['webgpu', 'wasm'] */
  readonly backends?: readonly BackendName[];
  /** Threads of the WebAssembly backend; see `loadSession`. */
  readonly threads?: number;
  readonly store?: ModelStore;
  /** Decodes image files where the browser's decoder is missing, as in Node. */
  readonly decode?: DecodeImage;
  /** Makes a tokenizer of a model's files, for tasks on text. */
  readonly loadTokenizer?: (manifest: Manifest) => Promise<Tokenizer>;
}

/**
 * Makes an engine on this thread: for Node, tests and tiny models. In a page, `connectEngine` keeps
 * the thread free and survives a crash.
 */
export function createEngine(options: EngineOptions): Engine {
  const pipelines = new Map(options.pipelines.map((pipeline) => [pipeline.contract.name, pipeline]));
  const parts: EngineParts = {
    store: options.store ?? createModelStore(),
    readImage: createReadImage(options.decode) satisfies ReadImage,
    backends: options.backends,
    threads: options.threads,
    loadTokenizer: options.loadTokenizer,
  };
  const models = createSharedModels<Model>((model) => model.dispose());
  let disposed = false;

  async function load<Contract extends AnyContract>(
    contract: Contract,
    config: { readonly model: ModelSource },
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    if (disposed) throw engineDisposed();
    const pipeline = pipelines.get(contract.name);
    if (pipeline === undefined) throw unknownTask(contract.name, [...pipelines.keys()]);
    const key = `${contract.name} ${contract.key(config)}`;
    const lease = models.acquire(key, async (shared, progress) => {
      const manifest = await resolveManifest(config.model, parts.store, shared);
      if (manifest.task !== contract.name) {
        const reason = `"${manifest.id}" is a model for ${manifest.task}, not for ${contract.name}`;
        throw new HayateError('bad-model', `The model does not fit: ${reason}.`, { reason });
      }
      const total = createProgressTotal(progress);
      return loadModel(pipeline, config, manifest, parts, { signal: shared, total });
    });
    const stop = onProgress && lease.onProgress(onProgress);
    let model: Model;
    try {
      model = await unlessAborted(lease.value, signal);
    } catch (error) {
      lease.release();
      throw error;
    } finally {
      stop?.();
    }

    let released = false;
    return {
      backend: model.backend,
      threads: model.threads,
      refused: model.refused,
      async run(input, taskOptions, runOptions = {}) {
        if (released || disposed) throw new HayateError('disposed', 'The model has been released.', {});
        const start = performance.now();
        const prepared = await contract.prepare(input, runOptions.signal);
        const sendMs = performance.now() - start;
        const { output, timings } = await model.run(prepared.value, taskOptions ?? {}, runOptions);
        return { output, timings: { send: sendMs, ...timings, total: performance.now() - start } };
      },
      release() {
        if (!released) lease.release();
        released = true;
        return Promise.resolve();
      },
    };
  }

  return {
    load: load,
    async dispose() {
      disposed = true;
      await models.clear(engineDisposed());
    },
  };
}

async function resolveManifest(
  source: ModelSource,
  store: ModelStore,
  signal: AbortSignal,
): Promise<Manifest> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    return parseManifest(source, typeof location === 'undefined' ? 'file:///' : location.href);
  }
  const url = new URL(source, typeof location === 'undefined' ? undefined : location.href).href;
  const { bytes } = await store.getModel(url, { signal });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const reason = `${url} is not JSON`;
    throw new HayateError('bad-model', `The manifest cannot be used: ${reason}.`, { reason }, { cause });
  }
  return parseManifest(value, url);
}

function unknownTask(task: string, known: readonly string[]): HayateError<'unknown-task'> {
  const message = `The engine has no pipeline for ${task}; add it to "pipelines". It has: ${known.join(', ') || 'none'}.`;
  return new HayateError('unknown-task', message, { task, known });
}

function engineDisposed(): HayateError<'disposed'> {
  return new HayateError('disposed', 'The engine has been disposed.', {});
}
