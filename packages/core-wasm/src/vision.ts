import {
  HayateError,
  type ImagePlan,
  type ImagePlanSpec,
  type PixelFormat,
  type TopK,
  type VisionKernels,
} from '@hayate/core';

import { ImagePlan as WasmImagePlan, ScoreBuffer } from '../pkg/hayate_kernels.js';

import { badInput, checkSide, checkSpec, checkStatus } from './bad-input';

/**
 * The typed face of an initialised module with memory `memory`. Views are made at each use,
 * because memory that grows detaches those made before.
 */
export function createVision(memory: WebAssembly.Memory): VisionKernels {
  // Made on first use: a page that only prepares images keeps no score buffer.
  let buffer: ScoreBuffer | undefined;

  function fill(values: Float32Array): ScoreBuffer {
    buffer ??= new ScoreBuffer();
    checkStatus(buffer.reserve(values.length));
    new Float32Array(memory.buffer, buffer.input_ptr(), values.length).set(values);
    return buffer;
  }

  function output(scores: ScoreBuffer): Float32Array<ArrayBuffer> {
    const length = scores.output_len();
    // A typed array made from a view is a copy, which the caller may keep.
    return new Float32Array(new Float32Array(memory.buffer, scores.output_ptr(), length));
  }

  return {
    imagePlan: (spec) => createImagePlan(memory, spec),

    softmax(logits) {
      if (logits.length === 0) throw badInput('softmax needs at least one logit');
      const scores = fill(logits);
      checkStatus(scores.softmax());
      return output(scores);
    },

    topK(values, k): TopK {
      if (!Number.isInteger(k) || k < 1) throw badInput('k must be an integer of at least 1');
      const scores = fill(values);
      checkStatus(scores.top_k(Math.min(k, values.length)));
      const length = scores.output_len();
      const view = new Uint32Array(memory.buffer, scores.indices_ptr(), length);
      return { indices: new Uint32Array(view), scores: output(scores) };
    },
  };
}

// In the order of the crate's numbers.
const ORDERS: readonly PixelFormat[] = ['rgba', 'bgra'];

function createImagePlan(memory: WebAssembly.Memory, spec: ImagePlanSpec): ImagePlan {
  checkSpec(spec);
  const { fit, filter, layout, mean, std } = spec;
  const crops = fit.kind === 'shorter-side-crop';
  const { width, height } = crops ? fit.crop : fit;
  // prettier-ignore
  let plan: WasmImagePlan | undefined = new WasmImagePlan(
    crops ? 1 : 0, crops ? fit.shorterSide : 0, width, height,
    filter === 'bicubic' ? 1 : 0, layout === 'nhwc' ? 1 : 0, ...mean, ...std,
  );

  function alive(): WasmImagePlan {
    if (plan === undefined) {
      throw new HayateError('disposed', 'The image plan has been disposed.', {});
    }
    return plan;
  }

  return {
    dims: layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3],

    input(sourceWidth: number, sourceHeight: number, format: PixelFormat) {
      const live = alive();
      const order = ORDERS.indexOf(format);
      if (order === -1) throw badInput(`the pixel format must be one of ${ORDERS.join(', ')}`);
      checkSide('the width', sourceWidth);
      checkSide('the height', sourceHeight);
      checkStatus(live.reserve(sourceWidth, sourceHeight, order));
      return new Uint8ClampedArray(memory.buffer, live.input_ptr(), live.input_len());
    },

    get region() {
      const live = alive();
      const [x, y] = [live.region(0), live.region(2)];
      return { x, y, width: live.region(1) - x, height: live.region(3) - y };
    },

    run() {
      const live = alive();
      checkStatus(live.run());
      return new Float32Array(memory.buffer, live.output_ptr(), live.output_len());
    },

    dispose() {
      plan?.free();
      plan = undefined;
    },
  };
}
