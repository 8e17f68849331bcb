import type { BackendName } from '@hayate/core';
import type { InitOptions } from '../wire/protocol';
import type { LocalLoadOptions } from './create-local-load';

type Choices = Pick<LocalLoadOptions, 'backends' | 'threads'>;

/** The page's choices before the worker's own; and what is left of them where workers have died. */
export function hostOptions<Own extends Choices>(
  own: Own,
  { options, fallback }: InitOptions,
): Own & Choices {
  const merged = { ...own, ...options };
  if (fallback === 'none') return merged;
  // An app that wants a GPU and nothing else gets no other.
  const backends: readonly BackendName[] =
    merged.backends?.includes('wasm') === false ? merged.backends : ['wasm'];
  return { ...merged, backends, ...(fallback === 'one-thread' && { threads: 1 }) };
}
