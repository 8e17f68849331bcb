// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 54922,
    sha256: '6909d1d4db5acb74d051e35b2b0b36e2d348126312cdb40c4a75cbbf3fa39c7c',
  },
  'kernels-scalar': {
    bytes: 34154,
    sha256: '24e514adc94748dabab58c7d9df42fed97ae22f0222e2a3018d71c604155c6c7',
  },
} as const;
