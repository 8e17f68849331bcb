/* @ts-self-types="./hayate_kernels.d.ts" */

/**
 * An image plan; see `image_plan::ImagePlan`.
 */
export class ImagePlan {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        ImagePlanFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_imageplan_free(ptr, 0);
    }
    /**
     * Length of the source in bytes.
     * @returns {number}
     */
    input_len() {
        const ret = wasm.imageplan_input_len(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Address of the source bytes; changes with `reserve`.
     * @returns {number}
     */
    input_ptr() {
        const ret = wasm.imageplan_input_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * `fit` 0 stretches to `width` × `height`; 1 brings the shorter side to `shorter_side` and
     * crops to `width` × `height`. `filter` 0 is bilinear, 1 bicubic; `layout` 0 is NCHW, 1
     * NHWC. Refused arguments show as the status of every later call.
     * @param {number} fit
     * @param {number} shorter_side
     * @param {number} width
     * @param {number} height
     * @param {number} filter
     * @param {number} layout
     * @param {number} mean_r
     * @param {number} mean_g
     * @param {number} mean_b
     * @param {number} std_r
     * @param {number} std_g
     * @param {number} std_b
     */
    constructor(fit, shorter_side, width, height, filter, layout, mean_r, mean_g, mean_b, std_r, std_g, std_b) {
        const ret = wasm.imageplan_new(fit, shorter_side, width, height, filter, layout, mean_r, mean_g, mean_b, std_r, std_g, std_b);
        this.__wbg_ptr = ret;
        ImagePlanFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Length of the tensor in floats.
     * @returns {number}
     */
    output_len() {
        const ret = wasm.imageplan_output_len(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Address of the tensor; changes with `reserve`.
     * @returns {number}
     */
    output_ptr() {
        const ret = wasm.imageplan_output_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * One bound of the part of the source that counts, in pixels: 0 left, 1 right, 2 top,
     * 3 bottom; right and bottom are just outside.
     * @param {number} bound
     * @returns {number}
     */
    region(bound) {
        const ret = wasm.imageplan_region(this.__wbg_ptr, bound);
        return ret >>> 0;
    }
    /**
     * Makes room for a source, in pixels. `order` 0 is RGBX, 1 BGRX.
     * @param {number} width
     * @param {number} height
     * @param {number} order
     * @returns {number}
     */
    reserve(width, height, order) {
        const ret = wasm.imageplan_reserve(this.__wbg_ptr, width, height, order);
        return ret >>> 0;
    }
    /**
     * Converts the source.
     * @returns {number}
     */
    run() {
        const ret = wasm.imageplan_run(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Status of the constructor's arguments.
     * @returns {number}
     */
    status() {
        const ret = wasm.imageplan_status(this.__wbg_ptr);
        return ret >>> 0;
    }
}
if (Symbol.dispose) ImagePlan.prototype[Symbol.dispose] = ImagePlan.prototype.free;

/**
 * Scores in, softmax or the k best out; buffers are kept between calls.
 */
export class ScoreBuffer {
    __destroy_into_raw() {
        const ptr = this.__wbg_ptr;
        this.__wbg_ptr = 0;
        ScoreBufferFinalization.unregister(this);
        return ptr;
    }
    free() {
        const ptr = this.__destroy_into_raw();
        wasm.__wbg_scorebuffer_free(ptr, 0);
    }
    /**
     * Address of the indices of the last `top_k`.
     * @returns {number}
     */
    indices_ptr() {
        const ret = wasm.scorebuffer_indices_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Address of the input floats; changes with `reserve`.
     * @returns {number}
     */
    input_ptr() {
        const ret = wasm.scorebuffer_input_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * A buffer without memory yet.
     */
    constructor() {
        const ret = wasm.scorebuffer_new();
        this.__wbg_ptr = ret;
        ScoreBufferFinalization.register(this, this.__wbg_ptr, this);
        return this;
    }
    /**
     * Number of output floats, and of indices after `top_k`.
     * @returns {number}
     */
    output_len() {
        const ret = wasm.scorebuffer_output_len(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Address of the output floats of the last call.
     * @returns {number}
     */
    output_ptr() {
        const ret = wasm.scorebuffer_output_ptr(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * Makes room for `len` input floats.
     * @param {number} len
     * @returns {number}
     */
    reserve(len) {
        const ret = wasm.scorebuffer_reserve(this.__wbg_ptr, len);
        return ret >>> 0;
    }
    /**
     * Softmax of the input into the output.
     * @returns {number}
     */
    softmax() {
        const ret = wasm.scorebuffer_softmax(this.__wbg_ptr);
        return ret >>> 0;
    }
    /**
     * The `k` best of the input: scores into the output, places into the indices.
     * @param {number} k
     * @returns {number}
     */
    top_k(k) {
        const ret = wasm.scorebuffer_top_k(this.__wbg_ptr, k);
        return ret >>> 0;
    }
}
if (Symbol.dispose) ScoreBuffer.prototype[Symbol.dispose] = ScoreBuffer.prototype.free;
function __wbg_get_imports() {
    const import0 = {
        __proto__: null,
        __wbg___wbindgen_throw_4c88d8bf264fd984: function(arg0, arg1) {
            throw new Error(getStringFromWasm0(arg0, arg1));
        },
        __wbindgen_init_externref_table: function() {
            const table = wasm.__wbindgen_externrefs;
            table.set(0, undefined);
            table.set(1024, undefined);
            table.set(1025, null);
            table.set(1026, true);
            table.set(1027, false);
        },
    };
    return {
        __proto__: null,
        "./hayate_kernels_bg.js": import0,
    };
}

const ImagePlanFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_imageplan_free(ptr, 1));
const ScoreBufferFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.__wbg_scorebuffer_free(ptr, 1));

function getStringFromWasm0(ptr, len) {
    ptr = ptr >>> 0;
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}

let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {
        cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
    }
    return cachedUint8ArrayMemory0;
}

let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(bytes) {
    numBytesDecoded += bytes.length;
    if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
        cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
        cachedTextDecoder.decode();
        numBytesDecoded = bytes.length;
    }
    return cachedTextDecoder.decode(bytes);
}

let wasmModule, wasmInstance, wasm;
function __wbg_finalize_init(instance, module) {
    wasmInstance = instance;
    wasm = instance.exports;
    wasmModule = module;
    cachedUint8ArrayMemory0 = null;
    wasm.__wbindgen_start();
    return wasm;
}

async function __wbg_load(module, imports) {
    if (typeof Response === 'function' && module instanceof Response) {
        if (!module.ok) {
            throw new Error(`failed to fetch Wasm: ${module.status} ${module.statusText} fetching '${module.url}'`);
        }

        if (typeof WebAssembly.instantiateStreaming === 'function') {
            try {
                return await WebAssembly.instantiateStreaming(module, imports);
            } catch (e) {
                const validResponse = expectedResponseType(module.type);

                if (validResponse && module.headers.get('Content-Type') !== 'application/wasm') {
                    console.warn("`WebAssembly.instantiateStreaming` failed because your server does not serve Wasm with `application/wasm` MIME type. Falling back to `WebAssembly.instantiate` which is slower. Original error:\n", e);

                } else { throw e; }
            }
        }

        const bytes = await module.arrayBuffer();
        return await WebAssembly.instantiate(bytes, imports);
    } else {
        const instance = await WebAssembly.instantiate(module, imports);

        if (instance instanceof WebAssembly.Instance) {
            return { instance, module };
        } else {
            return instance;
        }
    }

    function expectedResponseType(type) {
        switch (type) {
            case 'basic': case 'cors': case 'default': return true;
        }
        return false;
    }
}

function initSync(module) {
    if (wasm !== undefined) return wasm;


    if (module !== undefined) {
        if (Object.getPrototypeOf(module) === Object.prototype) {
            ({module} = module)
        } else {
            console.warn('using deprecated parameters for `initSync()`; pass a single object instead')
        }
    }

    const imports = __wbg_get_imports();
    if (!(module instanceof WebAssembly.Module)) {
        module = new WebAssembly.Module(module);
    }
    const instance = new WebAssembly.Instance(module, imports);
    return __wbg_finalize_init(instance, module);
}

let __wbg_init_promise;
async function __wbg_init(module_or_path) {
    if (wasm !== undefined) return wasm;
    if (__wbg_init_promise === undefined) {
        __wbg_init_promise = __wbg_init_once(module_or_path);
        __wbg_init_promise.catch(() => { __wbg_init_promise = undefined; });
    }
    return __wbg_init_promise;
}

async function __wbg_init_once(module_or_path) {

    if (module_or_path !== undefined) {
        if (Object.getPrototypeOf(module_or_path) === Object.prototype) {
            ({module_or_path} = module_or_path)
        } else {
            console.warn('using deprecated parameters for the initialization function; pass a single object instead')
        }
    }


    const imports = __wbg_get_imports();

    if (typeof module_or_path === 'string' || (typeof Request === 'function' && module_or_path instanceof Request) || (typeof URL === 'function' && module_or_path instanceof URL)) {
        module_or_path = fetch(module_or_path);
    }

    const { instance, module } = await __wbg_load(await module_or_path, imports);

    return __wbg_finalize_init(instance, module);
}

export { initSync, __wbg_init as default };
