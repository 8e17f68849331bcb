import type { BackendName } from '@hayate/core';
import type { InitOptions } from '../wire/protocol';
import type { LocalLoadOptions } from './create-local-load';

type Choices = Pick<LocalLoadOptions, 'backends' | 'threads'>;

/** Merges the page's options over the worker's own, and applies the fallback level. */
export function hostOptions<Own extends Choices>(
  own: Own,
  { options, fallback }: InitOptions,
): Own & Choices {
  const merged = { ...own, ...options };
  if (fallback === 'none') return merged;
  // An app that allows only the GPU gets no other backend.
  const backends: readonly BackendName[] =
    merged.backends?.includes('wasm') === false ? merged.backends : ['wasm'];
  return { ...merged, backends, ...(fallback === 'one-thread' && { threads: 1 }) };
}
