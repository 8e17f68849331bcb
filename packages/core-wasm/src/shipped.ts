// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 54047,
    sha256: '8ad43bc70f489fbdf82daf5c867ca75b46c895f237a89b0266ae730f0afcc7c9',
  },
  'kernels-scalar': {
    bytes: 33743,
    sha256: 'ea811771e39ee1be43b0b14a68e9d41092fb02cf8a238f6daccd00e9fc582015',
  },
} as const;
