/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const __wbg_imageplan_free: (a: number, b: number) => void;
export const __wbg_scorebuffer_free: (a: number, b: number) => void;
export const imageplan_input_len: (a: number) => number;
export const imageplan_input_ptr: (a: number) => number;
export const imageplan_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => number;
export const imageplan_output_len: (a: number) => number;
export const imageplan_output_ptr: (a: number) => number;
export const imageplan_region: (a: number, b: number) => number;
export const imageplan_reserve: (a: number, b: number, c: number, d: number) => number;
export const imageplan_run: (a: number) => number;
export const imageplan_status: (a: number) => number;
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
