// Written by scripts/build-wasm.mjs.
export const SHIPPED = {
  'kernels-simd': {
    bytes: 55591,
    sha256: '3436bb649e6f296682e2044aa5ba726307042ab8ca948dddd07bdef9d3a76153',
  },
  'kernels-scalar': {
    bytes: 34547,
    sha256: 'ae745de4ad6d781f40ee57b04881e8eb89df9b2e509851dd683adddab59c0654',
  },
} as const;
