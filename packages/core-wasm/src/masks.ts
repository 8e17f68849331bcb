import type { MaskOptions, MaskKernels } from './output-kernels';

import { badInput, checkFinite, checkStatus, isImageSide, MAX_IMAGE_SIDE } from './bad-input';
import type { VisionExports } from './create-vision';
import { writeFloats } from './vectors';
import { createHandle, type KernelInstance } from './instance';

/** The kernels for masks. */
export function createMasks(instance: KernelInstance<VisionExports>): MaskKernels {
  const buffer = createHandle(
    instance,
    (exports) => exports.maskbuffer_new(),
    (exports, address) => {
      exports.maskbuffer_free(address);
    },
  );

  /** A view of the result, in RGBA if there is a colour. */
  function run(options: MaskOptions, color?: number): Uint8Array<ArrayBuffer> {
    const { mask, width, height, outputWidth, outputHeight, threshold = 0 } = options;
    const { window = { x: 0, y: 0, width, height } } = options;
    for (const side of [width, height, outputWidth, outputHeight]) {
      if (!isImageSide(side)) throw badInput(`sides must be whole numbers from 1 to ${MAX_IMAGE_SIDE}`);
    }
    if (mask.length !== width * height) throw badInput('the mask must be width × height numbers');
    checkFinite('threshold', threshold);
    const inside = window.x >= 0 && window.x + window.width <= width && window.width > 0;
    if (!inside || !(window.y >= 0 && window.y + window.height <= height && window.height > 0)) {
      throw badInput('the window must be a part of the mask');
    }
    const { address } = buffer;
    checkStatus(instance.call((exports) => exports.maskbuffer_reserve(address, width, height)));
    const start = instance.call((exports) => exports.maskbuffer_input_ptr(address));
    writeFloats(instance, start, [mask]);
    const [coloured, pixel] = color === undefined ? [0, 0] : [1, color];
    const status = instance.call((exports) =>
      // prettier-ignore
      exports.maskbuffer_run(
        address, window.x, window.y, window.width, window.height, outputWidth, outputHeight,
        threshold, coloured, pixel,
      ),
    );
    checkStatus(status);
    return instance.call((exports) => {
      const length = exports.maskbuffer_output_len(address);
      return new Uint8Array(instance.buffer, exports.maskbuffer_output_ptr(address), length);
    });
  }

  return {
    binaryMask: (options) => new Uint8Array(run(options)),

    rgbaMask(options) {
      if (!options.color.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) {
        throw badInput('color must be four bytes');
      }
      const [r, g, b, a] = options.color;
      return new Uint8ClampedArray(run(options, r | (g << 8) | (b << 16) | (a << 24)));
    },
  };
}
