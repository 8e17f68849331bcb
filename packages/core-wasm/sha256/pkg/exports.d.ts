/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const buffer_len: () => number;
export const buffer_ptr: () => number;
export const digest: () => void;
export const reset: () => void;
export const restore: () => number;
export const save: () => void;
export const update: (a: number) => void;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_start: () => void;
