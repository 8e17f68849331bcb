import { createStore, type Manifest, type Store, type WritableStore } from '@hayate/core';
import { connectEngine, type ConnectedEngine } from '@hayate/worker';

/** What the switch offers: the best backend that works here, or exactly one. */
export const backendChoices = ['auto', 'wasm', 'webgpu'] as const;

/** One of {@link backendChoices}. */
export type BackendChoice = (typeof backendChoices)[number];

/** Where the model is to run. It is kept in the page's address, never in a storage. */
export interface EngineChoice {
  readonly backend: BackendChoice;
  /** Threads of the WebAssembly backend; Hayate's own choice when undefined. */
  readonly threads: number | undefined;
}

/** Reads `?backend=…&threads=…`; values that cannot be used are ignored. */
export function readEngineChoice(search: string): EngineChoice {
  const query = new URLSearchParams(search);
  const backend = backendChoices.find((name) => name === query.get('backend')) ?? 'auto';
  const threads = Number(query.get('threads') ?? Number.NaN);
  return { backend, threads: Number.isInteger(threads) && threads >= 1 ? threads : undefined };
}

/** The query for {@link readEngineChoice}; empty for the default. */
export function writeEngineChoice({ backend, threads }: EngineChoice): string {
  const query = new URLSearchParams();
  if (backend !== 'auto') query.set('backend', backend);
  if (threads !== undefined) query.set('threads', String(threads));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** The page's engine, which can move elsewhere. */
export interface PageEngine extends ConnectedEngine {
  readonly choice: Store<EngineChoice>;
  /** Ends the worker with all its models and starts another one. Tasks that were made before are of no use any more. */
  choose(backend: BackendChoice): void;
}

/** How long a model stays loaded after its page was left: long enough to visit another page, for it takes memory. */
export const KEEP_ALIVE_MS = 60_000;

/** Makes the page's engine. Its worker starts with the first load. */
export function createPageEngine(initial: EngineChoice): PageEngine {
  const choice = createStore(initial);
  let current = connect(initial);
  const health = createStore(current.health.getSnapshot());
  const models = createStore(current.models.getSnapshot());
  let stop = followCurrent();

  function followCurrent(): () => void {
    const stops = [follow(current.health, health), follow(current.models, models)];
    return () => {
      for (const each of stops) each();
    };
  }

  return {
    load: (contract, config, options) => current.load(contract, config, options),
    dispose: () => current.dispose(),
    health,
    models,
    choice,
    choose(backend) {
      stop();
      void current.dispose();
      choice.set({ ...choice.getSnapshot(), backend });
      current = connect(choice.getSnapshot());
      stop = followCurrent();
    },
  };
}

/** Copies a store's value into another store now and after each change, until the returned function is called. */
function follow<Value>(from: Store<Value>, to: WritableStore<Value>): () => void {
  const copy = () => {
    to.set(from.getSnapshot());
  };
  copy();
  return from.subscribe(copy);
}

function connect({ backend, threads }: EngineChoice): ConnectedEngine {
  return connectEngine(spawnWorker, {
    ...(backend !== 'auto' && { backends: [backend] }),
    ...(threads !== undefined && { threads }),
  });
}

/** Starts this page's worker. */
export function spawnWorker(): Worker {
  return new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
}

/** The length of all files of a model in bytes, if all are known. */
export function modelBytes({ files }: Manifest): number | undefined {
  return Object.values(files).reduce<number | undefined>((sum, { blob, bytes = blob?.size }) => {
    return sum === undefined || bytes === undefined ? undefined : sum + bytes;
  }, 0);
}
