import { createModelStore } from '@hayate/cache';
import { createQueuedEngine, type QueuedEngine, type QueuedEngineOptions } from './engine/queued-engine';
import { createLocalLoad } from './worker/create-local-load';
import type { HostOptions } from './worker/host';

/** The pipelines, backends, store, queues and deadlines of {@link createEngine}. */
export interface EngineOptions extends QueuedEngineOptions, HostOptions {}

/**
 * Creates an engine on this thread: for Node, tests and tiny models. In a page, `connectEngine` keeps
 * the thread free and survives a crash. Here a run that has begun cannot be stopped: a deadline and a hard cancel
 * settle its call, and the next run waits until it has ended.
 */
export function createEngine({ store = createModelStore(), ...options }: EngineOptions): QueuedEngine {
  return createQueuedEngine(createLocalLoad({ ...options, store }), options);
}
