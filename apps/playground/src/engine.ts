import { createStore, type Store } from '@hayate/core';
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

/** The page's engine, which can move elsewhere. */
export interface PageEngine extends ConnectedEngine {
  /**
   * Ends the worker with all its models and lets the next load start one as chosen.
   * Release the tasks first and load them afterwards.
   */
  choose(choice: EngineChoice): void;
}

/** Makes the page's engine. Its worker starts with the first load. */
export function createPageEngine(choice: EngineChoice): PageEngine {
  let current = connect(choice);
  const health = createStore(current.health.getSnapshot());
  let stop = follow(current.health);

  function follow(store: Store<EngineHealth>): () => void {
    const show = () => {
      health.set(store.getSnapshot());
    };
    show();
    return store.subscribe(show);
  }

  return {
    load: (...parameters) => current.load(...parameters),
    dispose: () => current.dispose(),
    health,
    choose(next) {
      stop();
      void current.dispose();
      current = connect(next);
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
