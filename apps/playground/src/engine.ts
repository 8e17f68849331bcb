import {
  createStore,
  type AnyContract,
  type BackendAttempt,
  type BackendName,
  type LoadedTask,
  type Manifest,
  type ModelSource,
  type Store,
} from '@hayate/core';
import { connectEngine, type ConnectedEngine, type EngineHealth } from '@hayate/worker';

/** What the switch offers: the best backend that works here, or exactly one. */
export const backendChoices = ['auto', 'wasm', 'webgpu'] as const;

/** One of {@link backendChoices}. */
export type BackendChoice = (typeof backendChoices)[number];

/** Where the model is to run. Lives in the address, never in a storage. */
export interface EngineChoice {
  readonly backend: BackendChoice;
  /** Threads of the WebAssembly backend; Hayate's own choice when undefined. */
  readonly threads: number | undefined;
}

/** Reads `?backend=…&threads=…`; what makes no sense is as if it were not there. */
export function readEngineChoice(search: string): EngineChoice {
  const query = new URLSearchParams(search);
  const backend = backendChoices.find((name) => name === query.get('backend')) ?? 'auto';
  const threads = Number(query.get('threads') ?? Number.NaN);
  return { backend, threads: Number.isInteger(threads) && threads >= 1 ? threads : undefined };
}

/** The query that {@link readEngineChoice} reads back; empty for the default. */
export function writeEngineChoice({ backend, threads }: EngineChoice): string {
  const query = new URLSearchParams();
  if (backend !== 'auto') query.set('backend', backend);
  if (threads !== undefined) query.set('threads', String(threads));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** A model that the engine holds. */
export interface HeldModel {
  readonly model: ModelSource;
  readonly backend: BackendName;
  readonly threads: number;
  readonly refused: readonly BackendAttempt[];
}

/** The page's engine, which can move elsewhere. */
export interface PageEngine extends ConnectedEngine {
  readonly choice: Store<EngineChoice>;
  /** The models that are loaded; the one that was loaded or ran last comes last. */
  readonly held: Store<readonly HeldModel[]>;
  /** Ends the worker with all its models. Tasks made before are of no use any more; the next one's load starts anew. */
  choose(backend: BackendChoice): void;
}

/**
 * How long a model stays after its page has been left: long enough to go and look at another page, and no longer,
 * for it takes memory.
 */
export const KEEP_ALIVE_MS = 60_000;

/** How often it is told anew, at most, what is held and where. */
const HELD_MS = 2000;

/** Makes the page's engine. Its worker starts with the first load. */
export function createPageEngine(initial: EngineChoice): PageEngine {
  const choice = createStore(initial);
  let current = connect(initial);
  const health = createStore(current.health.getSnapshot());
  let stop = follow(current.health);
  const loaded = new Map<LoadedTask<AnyContract>, ModelSource>();
  const held = createStore<readonly HeldModel[]>([]);

  function follow(store: Store<EngineHealth>): () => void {
    const show = () => {
      health.set(store.getSnapshot());
    };
    show();
    return store.subscribe(show);
  }

  let shownAt = 0;
  function showHeld(): void {
    shownAt = performance.now();
    held.set(
      [...loaded].map(([{ backend, threads, refused }, model]) => ({ model, backend, threads, refused })),
    );
  }

  /** Counted among the held ones until it is released. */
  function counted<Contract extends AnyContract>(
    task: LoadedTask<Contract>,
    model: ModelSource,
  ): LoadedTask<Contract> {
    loaded.set(task, model);
    showHeld();
    const run: typeof task.run = (...parameters) =>
      task.run(...parameters).finally(() => {
        // It may have been loaded again elsewhere meanwhile. Not for each frame of a camera: it is shown to people.
        if (!loaded.delete(task)) return;
        loaded.set(task, model);
        if (performance.now() - shownAt > HELD_MS || held.getSnapshot().at(-1)?.model !== model) showHeld();
      });
    const release = () => {
      loaded.delete(task);
      showHeld();
      return task.release();
    };
    return Object.create(task, { run: { value: run }, release: { value: release } }) as typeof task;
  }

  return {
    async load(contract, config, options) {
      const engine = current;
      const task = await engine.load(contract, config, options);
      const { model } = config as { readonly model: ModelSource };
      return engine === current ? counted(task, model) : task;
    },
    dispose: () => current.dispose(),
    health,
    choice,
    held,
    choose(backend) {
      stop();
      void current.dispose();
      loaded.clear();
      showHeld();
      choice.set({ ...choice.getSnapshot(), backend });
      current = connect(choice.getSnapshot());
      stop = follow(current.health);
    },
  };
}

function connect({ backend, threads }: EngineChoice): ConnectedEngine {
  return connectEngine(spawnWorker, {
    ...(backend !== 'auto' && { backends: [backend] }),
    ...(threads !== undefined && { threads }),
  });
}

/** Starts the worker of this page. */
export function spawnWorker(): Worker {
  return new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
}

/** The length of all files of a model, where it is known. */
export function modelBytes({ files }: Manifest): number | undefined {
  return Object.values(files).reduce<number | undefined>((sum, { blob, bytes = blob?.size }) => {
    return sum === undefined || bytes === undefined ? undefined : sum + bytes;
  }, 0);
}
