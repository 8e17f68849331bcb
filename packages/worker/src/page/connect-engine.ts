import type { Store } from '@hayate/core';
import { createQueuedEngine, type QueuedEngine, type QueuedEngineOptions } from '../engine/queued-engine';
import type { RemoteOptions } from '../wire/protocol';
import { createRemoteLoad } from './remote-model';
import { createSupervisor, type EngineHealth, type RecycleOptions, type RestartOptions } from './supervisor';

/** How {@link connectEngine} starts, watches and replaces workers. Backends and threads default to the worker's own. */
export interface ConnectOptions extends RemoteOptions, QueuedEngineOptions {
  /** How long a worker may take to start, in milliseconds. @defaultValue 30000 */
  readonly startDeadlineMs?: number;
  /**
   * How long a load may make no progress, in milliseconds. This includes starting the model and runs of other models,
   * because all share the worker's thread. @defaultValue 120000
   */
  readonly loadStallMs?: number;
  readonly restart?: RestartOptions;
  readonly recycle?: RecycleOptions;
}

/** An engine in a worker. */
export interface ConnectedEngine extends QueuedEngine {
  /** The state of the engine's worker, to show or to log. */
  readonly health: Store<EngineHealth>;
}

/**
 * Creates an engine that runs in a worker, which the first load starts. Every call settles: if the worker dies or is
 * stuck, the run in it rejects with `worker-crashed` or `deadline-exceeded`, a new worker loads the models again from
 * the store, and the waiting runs continue.
 *
 * @param spawn - Creates the worker. The worker's file belongs to the app, so that every bundler finds it.
 */
export function connectEngine(spawn: () => Worker, options: ConnectOptions = {}): ConnectedEngine {
  const { backends, threads, startDeadlineMs = 30_000, loadStallMs = 120_000 } = options;
  const supervisor = createSupervisor(spawn, {
    remote: { ...(backends && { backends }), ...(threads !== undefined && { threads }) },
    startDeadlineMs,
    restart: options.restart ?? {},
    recycle: options.recycle ?? {},
  });
  const load = createRemoteLoad(supervisor, loadStallMs);
  const engine = createQueuedEngine(load, options, supervisor.dispose);
  return { ...engine, health: supervisor.health };
}
