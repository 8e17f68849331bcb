import { createModelStore } from '@hayate/cache';
import {
  HayateError,
  isHayateError,
  parseManifest,
  unlessAborted,
  type AnyContract,
  type AnyPipeline,
  type BackendName,
  type ConfigOf,
  type Engine,
  type LoadOptions,
  type LoadedTask,
  type Manifest,
  type ModelStore,
  type ReadImage,
  type RunOptions,
  type Tokenizer,
} from '@hayate/core';
import { loadModel, type EngineParts, type Model } from './load-model';
import { closePrepared, prepareInput } from './prepare-input';
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
    config: ConfigOf<Contract>,
    { signal, onProgress }: LoadOptions = {},
  ): Promise<LoadedTask<Contract>> {
    signal?.throwIfAborted();
    if (disposed) throw engineDisposed();
    const pipeline = pipelines.get(contract.name);
    if (pipeline === undefined) throw unknownTask(contract.name, [...pipelines.keys()]);
    const plain = contract.plain(config) as { readonly model: Manifest | string };
    const key = `${contract.name} ${contract.key(plain)}`;
    const lease = models.acquire(key, async (shared, progress) => {
      const manifest = await resolveManifest(plain.model, parts.store, shared);
      if (manifest.task !== contract.name) {
        const reason = `"${manifest.id}" is a model for ${manifest.task}, not for ${contract.name}`;
        throw new HayateError('bad-model', `The model does not fit: ${reason}.`, { reason });
      }
      const total = createProgressTotal(progress);
      return loadModel(pipeline, plain, manifest, parts, { signal: shared, total });
    });
    const stop = onProgress && lease.onProgress(onProgress);
    let model: Model;
    try {
      model = await unlessAborted(lease.value, signal);
    } catch (error) {
      void lease.release();
      throw error;
    } finally {
      stop?.();
    }

    let released = false;
    async function run(input: unknown, options: unknown = {}, runOptions: RunOptions<unknown> = {}) {
      const start = performance.now();
      const prepared = await prepareInput(contract, input, runOptions.signal);
      const sendMs = performance.now() - start;
      if (released || disposed) {
        closePrepared(prepared);
        throw new HayateError('disposed', 'The model has been released.', {});
      }
      try {
        const { output, timings } = await model.run(prepared.value, options, runOptions);
        return { output, timings: { send: sendMs, ...timings, total: performance.now() - start } };
      } catch (error) {
        // A GPU that is lost does not come back: the next load must not find this model.
        if (isHayateError(error) && error.code === 'device-lost') lease.forget();
        throw error;
      }
    }

    return {
      backend: model.backend,
      threads: model.threads,
      refused: model.refused,
      run: run,
      async release() {
        if (released) return;
        released = true;
        await lease.release();
      },
    };
  }

  return {
    load,
    async dispose() {
      disposed = true;
      await models.clear(engineDisposed());
    },
  };
}

async function resolveManifest(
  source: Manifest | string,
  store: ModelStore,
  signal: AbortSignal,
): Promise<Manifest> {
  if (typeof source !== 'string') return source;
  // A manifest changes at its address; its files, by their digests, do not.
  const { bytes } = await store.getModel(source, { signal, revalidate: true });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const reason = `${source} is not JSON`;
    throw new HayateError('bad-model', `The manifest cannot be used: ${reason}.`, { reason }, { cause });
  }
  return parseManifest(value, source);
}

function unknownTask(task: string, known: readonly string[]): HayateError<'unknown-task'> {
  const message = `The engine has no pipeline for ${task}; add it to "pipelines". It has: ${known.join(', ') || 'none'}.`;
  return new HayateError('unknown-task', message, { task, known });
}

function engineDisposed(): HayateError<'disposed'> {
  return new HayateError('disposed', 'The engine has been disposed.', {});
}
