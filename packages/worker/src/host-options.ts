import type { BackendName } from '@hayate/core';
import type { EngineOptions } from './create-engine';
import type { Greeting } from './protocol';

/** The page's choices before the worker's own; and what is left of them where workers have died. */
export function hostOptions(own: EngineOptions, { options, caution, maxBatch }: Greeting): EngineOptions {
  const merged = {
    ...own,
    ...options,
    queue: { limit: Infinity, maxBatch },
    runDeadlineMs: Infinity,
  };
  if (caution === 'none') return merged;
  // An app that wants a GPU and nothing else gets no other.
  const backends: readonly BackendName[] =
    merged.backends?.includes('wasm') === false ? merged.backends : ['wasm'];
  return { ...merged, backends, ...(caution === 'one-thread' && { threads: 1 }) };
}
