// Written by scripts/build-wasm.mjs.

export const vision = {
  simd: {
    bytes: 53081,
    sha256: 'ab8cca92ff07a8a1bf701b94a90d193c014ba24aec2041740a2796799fdb2290',
  },
  scalar: {
    bytes: 33496,
    sha256: '0a7527f43594fa0286e6375463864806a5e29f9aad8d034715df03f8945160be',
  },
} as const;

export const embeddings = {
  simd: {
    bytes: 6811,
    sha256: 'a5674bf9155cac955a36983c95663d6153fe6158ad9258839174f550052d7e28',
  },
  scalar: {
    bytes: 4997,
    sha256: '066c726a60f2d50a6092a431a18249936d6b122bd1869c7d37d8ac23ffa8cd46',
  },
} as const;
