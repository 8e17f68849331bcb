/* tslint:disable */
/* eslint-disable */
export const memory: WebAssembly.Memory;
export const detectionbuffer_classes_ptr: (a: number) => number;
export const detectionbuffer_faces_len: (a: number) => number;
export const detectionbuffer_faces_ptr: (a: number) => number;
export const detectionbuffer_free: (a: number) => void;
export const detectionbuffer_input_ptr: (a: number) => number;
export const detectionbuffer_new: () => number;
export const detectionbuffer_output_len: (a: number) => number;
export const detectionbuffer_output_ptr: (a: number) => number;
export const detectionbuffer_reserve: (a: number, b: number) => number;
export const detectionbuffer_reserve_classes: (a: number, b: number) => number;
export const detectionbuffer_run: (
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
) => number;
export const detectionbuffer_run_faces: (a: number, b: number, c: number, d: number, e: number) => number;
export const detectionbuffer_set_grid: (
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
) => void;
export const imageplan_configure: (a: number) => number;
export const imageplan_free: (a: number) => void;
export const imageplan_new: () => number;
export const imageplan_numbers_ptr: (a: number) => number;
export const imageplan_reserve: (a: number, b: number, c: number, d: number, e: number, f: number) => number;
export const imageplan_run: (a: number) => number;
export const maskbuffer_free: (a: number) => void;
export const maskbuffer_input_ptr: (a: number) => number;
export const maskbuffer_new: () => number;
export const maskbuffer_output_len: (a: number) => number;
export const maskbuffer_output_ptr: (a: number) => number;
export const maskbuffer_reserve: (a: number, b: number, c: number) => number;
export const maskbuffer_run: (
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
  j: number,
) => number;
export const scorebuffer_best_len: (a: number) => number;
export const scorebuffer_best_ptr: (a: number) => number;
export const scorebuffer_cosine_similarity: (a: number) => number;
export const scorebuffer_free: (a: number) => void;
export const scorebuffer_input_ptr: (a: number) => number;
export const scorebuffer_log_softmax: (a: number) => number;
export const scorebuffer_mean_pool: (a: number, b: number, c: number) => number;
export const scorebuffer_new: () => number;
export const scorebuffer_normalize: (a: number, b: number) => number;
export const scorebuffer_output_len: (a: number) => number;
export const scorebuffer_output_ptr: (a: number) => number;
export const scorebuffer_reserve: (a: number, b: number) => number;
export const scorebuffer_sigmoid: (a: number) => number;
export const scorebuffer_softmax: (a: number) => number;
export const scorebuffer_top_k: (a: number, b: number) => number;
export const __wbindgen_externrefs: WebAssembly.Table;
export const __wbindgen_start: () => void;
