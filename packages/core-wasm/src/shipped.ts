// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 53999,
    sha256: '47f0c3b484e21f168411c4b41d16843d0e89d695c679498252d4e65d09e102c4',
  },
  'kernels-scalar': {
    bytes: 33727,
    sha256: '5fda3236411f3be8afc9c25f7eebf245262ac869e595d79811714af528019bac',
  },
} as const;
