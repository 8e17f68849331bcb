/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const vectorbuffer_candidates_len: (a: number) => number;
export const vectorbuffer_candidates_ptr: (a: number) => number;
export const vectorbuffer_cosine_similarity: (a: number) => number;
export const vectorbuffer_free: (a: number) => void;
export const vectorbuffer_input_ptr: (a: number) => number;
export const vectorbuffer_mean_pool: (a: number, b: number, c: number) => number;
export const vectorbuffer_new: () => number;
export const vectorbuffer_normalize: (a: number, b: number) => number;
export const vectorbuffer_output_len: (a: number) => number;
export const vectorbuffer_output_ptr: (a: number) => number;
export const vectorbuffer_reserve: (a: number, b: number) => number;
export const vectorbuffer_sigmoid: (a: number) => number;
export const vectorbuffer_softmax: (a: number) => number;
export const vectorbuffer_top_k: (a: number, b: number) => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_start: () => void;
