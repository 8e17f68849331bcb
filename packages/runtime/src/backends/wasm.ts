import type { Backend } from '../backend';

/** The CPU by WebAssembly with SIMD; threads where the page is cross-origin isolated. */
export const wasm: Backend = {
  name: 'wasm',
  probe() {
    if (typeof WebAssembly === 'undefined') {
      return Promise.resolve({ supported: false, reason: 'WebAssembly is not available' });
    }
    return Promise.resolve(
      WebAssembly.validate(DOT_PROBE)
        ? { supported: true }
        : { supported: false, reason: 'WebAssembly has no SIMD here' },
    );
  },
  route: () => 'wasm',
  provider: 'wasm',
  threads() {
    // Without isolation there is no shared memory, and ONNX Runtime would fall back by itself.
    if (!globalThis.crossOriginIsolated) return 1;
    return Math.max(1, Math.min(4, Math.ceil((navigator.hardwareConcurrency || 1) / 2)));
  },
};

// A module with one function that uses i32x4.dot_i16x8_s: partial SIMD implementations lack it.
const DOT_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 16, 1, 14, 0, 65, 0, 253, 15, 65, 0, 253,
  15, 253, 186, 1, 26, 11,
]);
