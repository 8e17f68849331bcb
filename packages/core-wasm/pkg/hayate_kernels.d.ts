/* tslint:disable */
/* eslint-disable */

/**
 * An image plan; see `image_plan::ImagePlan`.
 */
export class ImagePlan {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Length of the source in bytes.
     */
    input_len(): number;
    /**
     * Address of the source bytes; changes with `reserve`.
     */
    input_ptr(): number;
    /**
     * `fit` 0 stretches to `width` × `height`; 1 brings the shorter side to `shorter_side` and
     * crops to `width` × `height`. `filter` 0 is bilinear, 1 bicubic; `layout` 0 is NCHW, 1
     * NHWC. Refused arguments show as the status of every later call.
     */
    constructor(fit: number, shorter_side: number, width: number, height: number, filter: number, layout: number, mean_r: number, mean_g: number, mean_b: number, std_r: number, std_g: number, std_b: number);
    /**
     * Length of the tensor in floats.
     */
    output_len(): number;
    /**
     * Address of the tensor; changes with `reserve`.
     */
    output_ptr(): number;
    /**
     * One bound of the part of the source that counts, in pixels: 0 left, 1 right, 2 top,
     * 3 bottom; right and bottom are just outside.
     */
    region(bound: number): number;
    /**
     * Makes room for a source, in pixels. `order` 0 is RGBX, 1 BGRX.
     */
    reserve(width: number, height: number, order: number): number;
    /**
     * Converts the source.
     */
    run(): number;
    /**
     * Status of the constructor's arguments.
     */
    status(): number;
}

/**
 * Scores in, softmax or the k best out; buffers are kept between calls.
 */
export class ScoreBuffer {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Address of the indices of the last `top_k`.
     */
    indices_ptr(): number;
    /**
     * Address of the input floats; changes with `reserve`.
     */
    input_ptr(): number;
    /**
     * A buffer without memory yet.
     */
    constructor();
    /**
     * Number of output floats, and of indices after `top_k`.
     */
    output_len(): number;
    /**
     * Address of the output floats of the last call.
     */
    output_ptr(): number;
    /**
     * Makes room for `len` input floats.
     */
    reserve(len: number): number;
    /**
     * Softmax of the input into the output.
     */
    softmax(): number;
    /**
     * The `k` best of the input: scores into the output, places into the indices.
     */
    top_k(k: number): number;
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_imageplan_free: (a: number, b: number) => void;
    readonly __wbg_scorebuffer_free: (a: number, b: number) => void;
    readonly imageplan_input_len: (a: number) => number;
    readonly imageplan_input_ptr: (a: number) => number;
    readonly imageplan_new: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => number;
    readonly imageplan_output_len: (a: number) => number;
    readonly imageplan_output_ptr: (a: number) => number;
    readonly imageplan_region: (a: number, b: number) => number;
    readonly imageplan_reserve: (a: number, b: number, c: number, d: number) => number;
    readonly imageplan_run: (a: number) => number;
    readonly imageplan_status: (a: number) => number;
    readonly scorebuffer_indices_ptr: (a: number) => number;
    readonly scorebuffer_input_ptr: (a: number) => number;
    readonly scorebuffer_new: () => number;
    readonly scorebuffer_output_len: (a: number) => number;
    readonly scorebuffer_output_ptr: (a: number) => number;
    readonly scorebuffer_reserve: (a: number, b: number) => number;
    readonly scorebuffer_softmax: (a: number) => number;
    readonly scorebuffer_top_k: (a: number, b: number) => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
