import { hasSimd } from '@hayate/core';
import type { Backend } from '../backend';

/** The CPU, by WebAssembly with SIMD; with threads if the page is cross-origin isolated. */
export const wasm: Backend = {
  name: 'wasm',
  probe() {
    if (typeof WebAssembly === 'undefined') {
      return Promise.resolve({ supported: false, reason: 'WebAssembly is not available' });
    }
    return Promise.resolve(
      hasSimd() ? { supported: true } : { supported: false, reason: 'WebAssembly has no SIMD here' },
    );
  },
  route: () => 'wasm',
  provider: 'wasm',
  threads() {
    // Threads need shared memory, which only an isolated page has.
    if (!globalThis.crossOriginIsolated) return 1;
    return Math.max(1, Math.min(4, Math.ceil((navigator.hardwareConcurrency || 1) / 2)));
  },
};
