import { imagePlanSpec } from './image-plan-spec';
import { HayateError, type TensorData } from '@hayate/core';
import {
  type AffineMatrix,
  type ImageFit,
  type ImagePlan,
  type ImagePlanSpec,
  type ImageTensorType,
  type PixelFormat,
  type PixelRegion,
} from './image-plan-spec';

import { badInput, checkStatus, isImageSide, MAX_IMAGE_SIDE } from './bad-input';
import { crashed, createHandle, type KernelInstance } from './instance';

// Each in the order of the crate's numbers.
const FITS = ['stretch', 'shorter-side-crop', 'letterbox', 'affine'];
const CONVENTIONS = ['yolo', 'yolox', 'mediapipe'];
const FILTERS = ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'];
const CHANNELS = ['rgb', 'bgr', 'luma'];
const TYPES = ['float32', 'float16', 'uint8', 'int8'];
const FORMATS: Readonly<Record<PixelFormat, number>> = {
  rgba: 0,
  rgbx: 0,
  bgra: 1,
  bgrx: 1,
  grey: 2,
  i420: 3,
  nv12: 4,
};

const MATRICES = ['bt601', 'bt709'];
const RANGES = ['limited', 'full'];

// Where in the block of numbers things lie; see binding/src/image.rs.
const MATRIX = 18;
const RESERVED = 24;
const NUMBERS = 32;

const VIEWS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array, int8: Int8Array };

/** A plan; see {@link ImagePlan}. Views are made at each use, because memory that grows detaches those made before. */
export function createImagePlan<Type extends ImageTensorType = 'float32'>(
  instance: KernelInstance,
  spec: ImagePlanSpec<Type>,
): ImagePlan<Type> {
  const settings = encode(spec);
  const { layout } = spec;
  const type = spec.type ?? ('float32' as Type);
  const { width, height } = spec.fit.kind === 'shorter-side-crop' ? spec.fit.crop : spec.fit;
  const channels = spec.channels === 'luma' ? 1 : 3;
  const handle = createHandle(
    instance,
    (exports) => {
      const plan = exports.imageplan_new();
      numbers(exports.imageplan_numbers_ptr(plan)).set(settings);
      // What it refuses would show in every later call; `encode` has refused it before.
      exports.imageplan_configure(plan);
      return plan;
    },
    (exports, address) => {
      exports.imageplan_free(address);
    },
  );
  let disposed = false;
  let source: Source | undefined;

  function numbers(address: number): Float64Array {
    return new Float64Array(instance.buffer, address, NUMBERS);
  }

  function alive(): number {
    if (disposed) throw new HayateError('disposed', 'The image plan has been disposed.', {});
    return handle.address;
  }

  function reserved(): Source {
    alive();
    if (source === undefined) throw badInput('input has to be called first');
    if (source.generation === instance.generation) return source;
    source = undefined;
    throw crashed('the pixels written to the plan went with the crash');
  }

  function run(matrix: AffineMatrix | undefined): TensorData[Type] {
    const present = reserved();
    if (matrix !== undefined && spec.fit.kind !== 'affine')
      throw badInput('only an affine crop takes a matrix');
    if (matrix !== undefined && !(matrix.length === 6 && matrix.every(Number.isFinite))) {
      throw badInput('the matrix must be six finite numbers');
    }
    const plan = handle.address;
    const status = instance.call((exports) => {
      if (matrix !== undefined) numbers(exports.imageplan_numbers_ptr(plan)).set(matrix, MATRIX);
      return exports.imageplan_run(plan);
    });
    checkStatus(status);
    if (matrix !== undefined) source = { ...present, toSource: matrix };
    const { output } = present;
    const View = VIEWS[type];
    const length = output.bytes / View.BYTES_PER_ELEMENT;
    return new View(instance.buffer, output.address, length) as TensorData[Type];
  }

  return {
    type,
    dims: layout === 'nchw' ? [1, channels, height, width] : [1, height, width, channels],

    input(sourceWidth, sourceHeight, format, colorSpace = { matrix: 'bt709', range: 'limited' }) {
      const plan = alive();
      const [formatNumber, matrix, range] = [
        FORMATS[format],
        MATRICES.indexOf(colorSpace.matrix),
        RANGES.indexOf(colorSpace.range),
      ];
      if (formatNumber === undefined)
        throw badInput(`the format must be one of ${Object.keys(FORMATS).join(', ')}`);
      if (matrix < 0 || range < 0) {
        throw badInput('the colour space must be of bt601 or bt709, and of limited or full range');
      }
      for (const side of [sourceWidth, sourceHeight]) {
        // Here, because numbers lose their fraction at the border.
        if (isImageSide(side)) continue;
        const reason = `whole numbers from 1 to ${MAX_IMAGE_SIDE}, not ${sourceWidth} × ${sourceHeight}`;
        throw badInput(`width and height must be ${reason}`);
      }
      source = undefined;
      const status = instance.call((exports) =>
        exports.imageplan_reserve(plan, sourceWidth, sourceHeight, formatNumber, matrix, range),
      );
      checkStatus(status);
      const block = numbers(instance.call((exports) => exports.imageplan_numbers_ptr(plan)));
      const [
        address = 0,
        bytes = 0,
        outputAddress = 0,
        outputBytes = 0,
        x = 0,
        y = 0,
        right = 0,
        bottom = 0,
      ] = block.subarray(RESERVED);
      source = {
        generation: instance.generation,
        output: { address: outputAddress, bytes: outputBytes },
        region: { x, y, width: right - x, height: bottom - y },
        copyOptions: copyOptions(sourceWidth, sourceHeight, format, [x, y, right, bottom]),
        toSource: [...block.subarray(MATRIX, RESERVED)] as unknown as AffineMatrix,
      };
      return new Uint8ClampedArray(instance.buffer, address, bytes);
    },

    get region() {
      return reserved().region;
    },

    get copyOptions() {
      return reserved().copyOptions;
    },

    get toSource() {
      return reserved().toSource;
    },

    run: ({ matrix } = {}) => run(matrix),

    runInto(target, { matrix } = {}) {
      const tensor = run(matrix);
      if (target.length !== tensor.length || target.constructor !== tensor.constructor) {
        throw badInput(`the target must be a ${tensor.constructor.name} of ${tensor.length} elements`);
      }
      (target as Float32Array).set(tensor);
    },

    dispose() {
      if (!disposed) handle.free();
      disposed = true;
    },
  };
}

/** What the plan tells of the present source. */
interface Source {
  readonly generation: number;
  readonly output: { readonly address: number; readonly bytes: number };
  readonly region: PixelRegion;
  readonly copyOptions: ImagePlan['copyOptions'];
  readonly toSource: AffineMatrix;
}

/**
 * How a frame's part is copied into place. Its bounds are even where the source allows it: Firefox refuses others of
 * subsampled colour, and Chromium converts a part that begins at odd ones a pixel beside. Down to the last row it
 * begins at the first column: browsers want room for whole rows of the stride, and others would end beyond the plane.
 */
function copyOptions(
  width: number,
  height: number,
  format: PixelFormat,
  [x, y, right, bottom]: readonly [number, number, number, number],
): ImagePlan['copyOptions'] {
  const down = (bound: number) => bound - (bound % 2);
  const up = (bound: number, side: number) => Math.min(bound + (bound % 2), side);
  const [top, end] = [down(y), up(bottom, height)];
  const left = end === height ? 0 : down(x);
  return {
    rect: { x: left, y: top, width: up(right, width) - left, height: end - top },
    layout: planes(width, height, format, left, top),
  };
}

/** Where the part of each plane from a pixel on begins, and the length of the planes' rows, in bytes. */
function planes(width: number, height: number, format: PixelFormat, x: number, y: number): PlaneLayout[] {
  const plane = (start: number, stride: number, column: number, row: number) => ({
    offset: start + row * stride + column,
    stride,
  });
  const [halfWidth, halfHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const luma = width * height;
  if (format === 'grey') return [plane(0, width, x, y)];
  if (format === 'nv12') return [plane(0, width, x, y), plane(luma, halfWidth * 2, x, y / 2)];
  if (format !== 'i420') return [plane(0, width * 4, x * 4, y)];
  return [
    plane(0, width, x, y),
    plane(luma, halfWidth, x / 2, y / 2),
    plane(luma + halfWidth * halfHeight, halfWidth, x / 2, y / 2),
  ];
}

/** The settings as the numbers of binding/src/image.rs. Throws `bad-input` for what cannot be used. */
function encode(spec: ImagePlanSpec): Float64Array {
  const problem = imagePlanSpec.check(spec, '');
  if (problem !== undefined) throw badInput(problem);
  const { fit, filter, layout, mean, std } = spec;
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  const { scale, zeroPoint } = spec.quantization ?? { scale: 1 / 255, zeroPoint: 0 };
  return Float64Array.of(
    FITS.indexOf(fit.kind),
    width,
    height,
    fit.kind === 'shorter-side-crop' ? fit.shorterSide : 0,
    variant(fit),
    fit.kind === 'letterbox' ? (fit.pad ?? 114) : 0,
    spec.numerics === 'opencv-linear' ? FILTERS.length : FILTERS.indexOf(filter),
    layout === 'nhwc' ? 1 : 0,
    CHANNELS.indexOf(spec.channels ?? 'rgb'),
    TYPES.indexOf(spec.type ?? 'float32'),
    ...mean,
    ...std,
    scale,
    zeroPoint,
  );
}

function variant(fit: ImageFit): number {
  if (fit.kind === 'letterbox') return CONVENTIONS.indexOf(fit.convention);
  return fit.kind === 'affine' && fit.border === 'replicate' ? 1 : 0;
}
