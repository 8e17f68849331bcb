import { HayateError, type ImagePlan, type ImagePlanSpec, type PixelFormat } from '@hayate/core';

import { badInput, checkSide, checkSpec, checkStatus } from './bad-input';
import { crashed, createHandle, type KernelInstance } from './instance';

// In the order of the crate's numbers.
const ORDERS: readonly PixelFormat[] = ['rgba', 'bgra'];

/** A plan; see {@link ImagePlan}. Views are made at each use, because memory that grows detaches those made before. */
export function createImagePlan(instance: KernelInstance, spec: ImagePlanSpec): ImagePlan {
  checkSpec(spec);
  const { fit, filter, layout, mean, std } = spec;
  const crops = fit.kind === 'shorter-side-crop';
  const { width, height } = crops ? fit.crop : fit;
  const handle = createHandle(
    instance,
    // prettier-ignore
    (exports) => exports.imageplan_new(
      crops ? 1 : 0, crops ? fit.shorterSide : 0, width, height,
      filter === 'bicubic' ? 1 : 0, layout === 'nhwc' ? 1 : 0, ...mean, ...std,
    ),
    (exports, address) => {
      exports.__wbg_imageplan_free(address, 0);
    },
  );
  let disposed = false;
  let filled: number | undefined;

  function alive(): number {
    if (disposed) throw new HayateError('disposed', 'The image plan has been disposed.', {});
    return handle.address;
  }

  return {
    dims: layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3],

    input(sourceWidth: number, sourceHeight: number, format: PixelFormat) {
      const plan = alive();
      const order = ORDERS.indexOf(format);
      if (order === -1) throw badInput(`the pixel format must be one of ${ORDERS.join(', ')}`);
      checkSide('the width', sourceWidth);
      checkSide('the height', sourceHeight);
      checkStatus(
        instance.call((exports) => exports.imageplan_reserve(plan, sourceWidth, sourceHeight, order)),
      );
      filled = instance.generation;
      return instance.call(
        (exports) =>
          new Uint8ClampedArray(
            instance.buffer,
            exports.imageplan_input_ptr(plan),
            exports.imageplan_input_len(plan),
          ),
      );
    },

    get region() {
      const plan = alive();
      return instance.call(({ imageplan_region: bound }) => {
        const [x, y] = [bound(plan, 0), bound(plan, 2)];
        return { x, y, width: bound(plan, 1) - x, height: bound(plan, 3) - y };
      });
    },

    run() {
      const plan = alive();
      if (filled !== undefined && filled !== instance.generation) {
        filled = undefined;
        throw crashed('the pixels written to the plan went with the crash');
      }
      checkStatus(instance.call((exports) => exports.imageplan_run(plan)));
      return instance.call(
        (exports) =>
          new Float32Array(
            instance.buffer,
            exports.imageplan_output_ptr(plan),
            exports.imageplan_output_len(plan),
          ),
      );
    },

    dispose() {
      if (!disposed) handle.free();
      disposed = true;
    },
  };
}
