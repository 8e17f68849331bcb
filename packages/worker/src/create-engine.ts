import { createModelStore } from '@hayate/cache';
import {
  HayateError,
  parseManifest,
  type AnyPipeline,
  type BackendName,
  type Engine,
  type Manifest,
  type ModelStore,
  type Tokenizer,
} from '@hayate/core';
import { createQueuedEngine, type EngineInternals, type QueuedEngineOptions } from './engine';
import { loadKernels } from './kernels';
import { loadModel, type EngineParts } from './load-model';
import { createProgressTotal } from './progress-total';
import { createReadImage, type DecodeImage } from './read-image';

/** What an engine is made of. */
export interface EngineOptions extends QueuedEngineOptions {
  /** The tasks it can do; only those listed are bundled. */
  readonly pipelines: readonly AnyPipeline[];
  /** Tried in this order. @defaultValue ['webgpu', 'wasm'] */
  readonly backends?: readonly BackendName[];
  /** Threads of the WebAssembly backend; see `loadSession`. */
  readonly threads?: number;
  /** Run each model once over nothing while it loads, so that the first real run is as quick as the others. @defaultValue true */
  readonly warmUp?: boolean;
  readonly store?: ModelStore;
  /** Decodes image files where the browser's decoder is missing, as in Node. */
  readonly decode?: DecodeImage;
  /** Makes a tokenizer of a model's files, for tasks on text. */
  readonly loadTokenizer?: (manifest: Manifest) => Promise<Tokenizer>;
}

/**
 * Makes an engine on this thread: for Node, tests and tiny models. In a page, `connectEngine` keeps
 * the thread free and survives a crash. Here a run that has begun cannot be stopped: a deadline and a hard cancel
 * settle its call, and the next run waits for it.
 */
export function createEngine(options: EngineOptions): Engine {
  return assembleEngine(options, {});
}

/** {@link createEngine}, as the host makes it too. */
export function assembleEngine(options: EngineOptions, internals: EngineInternals): Engine {
  const pipelines = new Map(options.pipelines.map((pipeline) => [pipeline.contract.name, pipeline]));
  const store = options.store ?? createModelStore();
  const parts: EngineParts = {
    store,
    kernels: { vision: (signal) => loadKernels(store, signal) },
    readImage: createReadImage(options.decode),
    backends: options.backends,
    threads: options.threads,
    warmUp: options.warmUp ?? true,
    loadTokenizer: options.loadTokenizer,
  };

  return createQueuedEngine(
    async ({ name }, config, { signal, onProgress }) => {
      const pipeline = pipelines.get(name);
      if (pipeline === undefined) throw unknownTask(name, [...pipelines.keys()]);
      const { model } = config as { readonly model: Manifest | string };
      const manifest = await resolveManifest(model, store, signal);
      if (manifest.task !== name) {
        const reason = `"${manifest.id}" is a model for ${manifest.task}, not for ${name}`;
        throw new HayateError('bad-model', `The model does not fit: ${reason}.`, { reason });
      }
      const total = createProgressTotal(onProgress);
      return loadModel(pipeline, config, manifest, parts, { signal, total });
    },
    options,
    internals,
  );
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
