import {
  BORDERS,
  CHANNELS,
  CONVENTIONS,
  ELEMENTS,
  FIT_KINDS,
  FORMATS,
  LAYOUTS,
  MATRICES,
  PLAN_BLOCK,
  RANGES,
  SAMPLINGS,
} from './abi';
import { badInput, checkStatus, isImageSide, MAX_IMAGE_SIDE } from './bad-input';
import type { Bounds } from './copy-options';
import type { VisionExports } from './create-vision';
import {
  imagePlanSpec,
  type AffineMatrix,
  type ImagePlanSpec,
  type PixelFormat,
  type YuvColorSpace,
} from './image-plan-spec';
import { createHandle, type KernelInstance } from './instance';

/** A piece of the module's memory. */
export type Piece = readonly [address: number, bytes: number];

/** What the module reports of a reserved source. */
export interface ReservedSource {
  readonly input: Piece;
  readonly output: Piece;
  readonly region: Bounds;
  readonly toSource: AffineMatrix;
}

/** The plan inside the module: its calls, and its block of numbers. */
export interface NativePlan {
  /** Makes room for a source. Throws `bad-input`. */
  reserve(width: number, height: number, source: EncodedSource): ReservedSource;
  /** Converts the source, by another matrix from now on if one is given. Throws `bad-input`. */
  run(matrix: AffineMatrix | undefined): void;
  free(): void;
}

/** Makes a plan on first use, and again after its instance has been given up. `settings` are the block's. */
export function createNativePlan(
  instance: KernelInstance<VisionExports>,
  settings: Float64Array,
): NativePlan {
  const handle = createHandle(
    instance,
    (exports) => {
      const plan = exports.imageplan_new();
      block(exports.imageplan_block_ptr(plan)).set(settings);
      // What it refuses would show in every later call; `encodeSpec` has refused it before.
      exports.imageplan_configure(plan);
      return plan;
    },
    (exports, address) => {
      exports.imageplan_free(address);
    },
  );

  function block(address: number): Float64Array {
    return new Float64Array(instance.buffer, address, PLAN_BLOCK.length);
  }

  return {
    reserve(width, height, { format, matrix, range }) {
      const plan = handle.address;
      checkStatus(
        instance.call((exports) => exports.imageplan_reserve(plan, width, height, format, matrix, range)),
      );
      return readReserved(block(instance.call((exports) => exports.imageplan_block_ptr(plan))));
    },

    run(matrix) {
      const plan = handle.address;
      checkStatus(
        instance.call((exports) => {
          if (matrix !== undefined) block(exports.imageplan_block_ptr(plan)).set(matrix, PLAN_BLOCK.matrix);
          return exports.imageplan_run(plan);
        }),
      );
    },

    free: () => {
      handle.free();
    },
  };
}

function readReserved(block: Float64Array): ReservedSource {
  const read = (start: number, count: number) => [...block.subarray(start, start + count)] as unknown;
  return {
    input: read(PLAN_BLOCK.input, 2) as Piece,
    output: read(PLAN_BLOCK.output, 2) as Piece,
    region: read(PLAN_BLOCK.region, 4) as Bounds,
    toSource: read(PLAN_BLOCK.matrix, 6) as AffineMatrix,
  };
}

/** A source as the numbers that the module takes. */
export interface EncodedSource {
  readonly format: number;
  readonly matrix: number;
  readonly range: number;
}

/** The settings of a plan's block, which are all before its matrix. Throws `bad-input` for what cannot be used. */
export function encodeSpec(spec: ImagePlanSpec): Float64Array {
  const problem = imagePlanSpec.check(spec, '');
  if (problem !== undefined) throw badInput(problem);
  const { fit, numerics, filter, mean, std } = spec;
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  const { scale, zeroPoint } = spec.quantization ?? { scale: 1 / 255, zeroPoint: 0 };
  const block = new Float64Array(PLAN_BLOCK.matrix);
  block[PLAN_BLOCK.fit] = FIT_KINDS.indexOf(fit.kind);
  block[PLAN_BLOCK.width] = width;
  block[PLAN_BLOCK.height] = height;
  if (fit.kind === 'shorter-side-crop') block[PLAN_BLOCK.shorterSide] = fit.shorterSide;
  if (fit.kind === 'affine') block[PLAN_BLOCK.border] = BORDERS.indexOf(fit.border);
  if (fit.kind === 'letterbox') {
    block[PLAN_BLOCK.convention] = CONVENTIONS.indexOf(fit.convention);
    block[PLAN_BLOCK.pad] = fit.pad ?? 114;
  }
  block[PLAN_BLOCK.sampling] = SAMPLINGS.indexOf(numerics === 'opencv-linear' ? numerics : filter);
  block[PLAN_BLOCK.layout] = LAYOUTS.indexOf(spec.layout);
  block[PLAN_BLOCK.channels] = CHANNELS.indexOf(spec.channels ?? 'rgb');
  block[PLAN_BLOCK.element] = ELEMENTS.indexOf(spec.type ?? 'float32');
  block.set(mean, PLAN_BLOCK.mean);
  block.set(std, PLAN_BLOCK.std);
  block[PLAN_BLOCK.scale] = scale;
  block[PLAN_BLOCK.zeroPoint] = zeroPoint;
  return block;
}

/** The numbers of a source. Throws `bad-input` for what cannot be used. */
export function encodeSource(
  width: number,
  height: number,
  format: PixelFormat,
  colorSpace: YuvColorSpace,
): EncodedSource {
  // The fourth byte of a pixel is ignored, whatever it is called.
  const stored = format === 'rgba' ? 'rgbx' : format === 'bgra' ? 'bgrx' : format;
  const encoded = {
    format: FORMATS.indexOf(stored),
    matrix: MATRICES.indexOf(colorSpace.matrix),
    range: RANGES.indexOf(colorSpace.range),
  };
  if (encoded.format < 0) throw badInput(`the format must be one of rgba, bgra, ${FORMATS.join(', ')}`);
  if (encoded.matrix < 0 || encoded.range < 0) {
    throw badInput('the colour space must be of bt601 or bt709, and of limited or full range');
  }
  // Checked here, because WebAssembly would drop the fraction.
  if (!isImageSide(width) || !isImageSide(height)) {
    const reason = `whole numbers from 1 to ${MAX_IMAGE_SIDE}, not ${width} × ${height}`;
    throw badInput(`width and height must be ${reason}`);
  }
  return encoded;
}
