// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 55258,
    sha256: 'a01053a58203820ed5080d0333f01b867cc328d31cd8e5fcc1762a3292b861cf',
  },
  'kernels-scalar': {
    bytes: 34538,
    sha256: 'c447780242d99570856314c671ba73d2cd95842ceddfc2652e46cdde1b7300e0',
  },
} as const;
