/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_imageplan_free: (a: number, b: number) => void;
export const __wbg_scorebuffer_free: (a: number, b: number) => void;
export const imageplan_configure: (a: number) => number;
export const imageplan_new: () => number;
export const imageplan_numbers_ptr: (a: number) => number;
export const imageplan_reserve: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
export const imageplan_run: (a: number) => number;
export const scorebuffer_indices_ptr: (a: number) => number;
export const scorebuffer_input_ptr: (a: number) => number;
export const scorebuffer_new: () => number;
export const scorebuffer_output_len: (a: number) => number;
export const scorebuffer_output_ptr: (a: number) => number;
export const scorebuffer_reserve: (a: number, b: number) => number;
export const scorebuffer_softmax: (a: number) => number;
export const scorebuffer_top_k: (a: number, b: number) => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_start: () => void;
