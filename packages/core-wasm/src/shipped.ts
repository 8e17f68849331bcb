// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 55169,
    sha256: '9d98f1528576bccd007a8c77efcc4553f94b457c4617e73841960cd06d85feb5',
  },
  'kernels-scalar': {
    bytes: 38400,
    sha256: '5a3370027b8ba8ddc70f996e70df1eb89eef61d146ec314fd357083ea2290a27',
  },
} as const;
