import type { TensorData } from '@hayate/core';
import {
  define,
  integer,
  list,
  number,
  object,
  oneOf,
  optional,
  refine,
  tagged,
  type Schema,
  type SchemaType,
} from '@hayate/core/schema';
import { BORDERS, CHANNELS, CONVENTIONS, ELEMENTS, LAYOUTS } from './abi';
import { MAX_IMAGE_SIDE } from './bad-input';

const side = /* @__PURE__ */ integer(1, MAX_IMAGE_SIDE);

const filter = /* @__PURE__ */ oneOf('nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos');
const numerics = /* @__PURE__ */ oneOf('pillow', 'opencv-linear');
const layout = /* @__PURE__ */ oneOf(...LAYOUTS);
const channels = /* @__PURE__ */ oneOf(...CHANNELS);
const type = /* @__PURE__ */ oneOf(...ELEMENTS);
const size = { width: side, height: side };

const fit = /* @__PURE__ */ define(() =>
  tagged('kind', {
    stretch: size,
    /** The shorter side becomes `shorterSide`, then the centre is cut out (torchvision's rounding). */
    'shorter-side-crop': { shorterSide: side, crop: object(size) },
    /** The whole picture is fitted inside and keeps its aspect ratio. */
    letterbox: {
      ...size,
      /**
       * `yolo`: rounded and centred, as Ultralytics' `LetterBox`. `yolox`: truncated, in the upper left corner.
       * `mediapipe`: centred to a fraction of a pixel, sampled without antialiasing, black around it
       * (BlazeFace), whatever `pad` says; filter `bilinear` only.
       */
      convention: oneOf(...CONVENTIONS),
      /** The byte that fills what is left over, before normalisation; 114 unless given. */
      pad: optional(integer(0, 255)),
    },
    /**
     * A crop whose place is given to each `run` as a matrix, sampled as OpenCV 4's `warpAffine` (filter `bilinear` only,
     * no antialiasing). Outside the source it is black, or as the nearest edge.
     */
    affine: { ...size, border: oneOf(...BORDERS) },
  }),
);

const three = /* @__PURE__ */ list(number, 'three finite numbers', 3) as Schema<
  readonly [number, number, number]
>;

/** The schema of {@link ImagePlanSpec}. */
export const imagePlanFields = /* @__PURE__ */ define(() => ({
  fit,
  filter,
  /** `pillow` unless given. */
  numerics: optional(numerics),
  layout,
  /** `rgb` unless given. */
  channels: optional(channels),
  /** `float32` unless given. */
  type: optional(type),
  mean: three,
  std: refine(three, (values, name) => (values.includes(0) ? `"${name('')}" must not be 0` : undefined)),
  /** Of `uint8` and `int8`; unless given, `uint8` holds the bytes themselves when mean is 0 and std 1. */
  quantization: optional(
    object({
      scale: refine(number, (value, name) =>
        value === 0 ? `"${name('')}" must be a number other than 0` : undefined,
      ),
      zeroPoint: integer(Number.MIN_SAFE_INTEGER),
    }),
  ),
}));

/** The conditions that concern several fields of a plan. */
export function imagePlanProblem(
  spec: SchemaType<Schema<Fields>>,
  name: (field: string) => string,
): string | undefined {
  const { fit: how } = spec;
  if (how.kind === 'shorter-side-crop' && Math.max(how.crop.width, how.crop.height) > how.shorterSide) {
    return `"${name('fit.crop')}" is larger than "${name('fit.shorterSide')}"`;
  }
  const linear =
    spec.numerics === 'opencv-linear' ||
    how.kind === 'affine' ||
    (how.kind === 'letterbox' && how.convention === 'mediapipe');
  if (linear && spec.filter !== 'bilinear') {
    return `"${name('filter')}" must be "bilinear" for OpenCV's numerics, an affine crop and MediaPipe's letterbox`;
  }
  if (spec.type === 'int8' && spec.quantization === undefined) {
    return `"${name('quantization')}" must be given for int8`;
  }
  return undefined;
}

const fields = /* @__PURE__ */ object(imagePlanFields);
type Fields = SchemaType<typeof fields>;

/** What an image plan must be described by; gives type and check. */
export const imagePlanSpec = /* @__PURE__ */ refine(fields, imagePlanProblem);

/**
 * What an image plan does: resize, cut or pad, then `x = (byte / 255 − mean) / std` per channel, in the order of
 * the tensor's channels. Whole-numbered types hold `round(x / scale) + zeroPoint`, kept within the type.
 */
export type ImagePlanSpec<Type extends ImageTensorType = ImageTensorType> = Omit<Fields, 'type'> & {
  readonly type?: Type;
};

/** How a source of any size becomes one of the model's size. All lengths are pixels. */
export type ImageFit = SchemaType<typeof fit>;

/** The resampling filter. All but `nearest` are antialiased when shrinking, as Pillow does it. */
export type ImageFilter = SchemaType<typeof filter>;

/**
 * Whose arithmetic, bit for bit: `pillow` is Pillow 13.0.0's; `opencv-linear` that of `cv2.resize` 4.13.0 with
 * `INTER_LINEAR` (no antialiasing, filter `bilinear` only).
 */
export type ImageNumerics = SchemaType<typeof numerics>;

/** The order of the axes of an image tensor: N images, C channels, H rows, W columns. */
export type TensorLayout = SchemaType<typeof layout>;

/** The channels of an image tensor; `luma` is one, Pillow's `convert('L')`. */
export type TensorChannels = SchemaType<typeof channels>;

/** The element types of an image tensor; `float16` comes as its bits. */
export type ImageTensorType = SchemaType<typeof type>;

/** Formats of four bytes a pixel; the fourth is ignored. */
export type PackedFormat = 'rgba' | 'rgbx' | 'bgra' | 'bgrx';

/** Formats of a video frame: a plane of luma, then chroma of half the width and height, rounded up. */
export type YuvFormat = 'i420' | 'nv12';

/** How a source's bytes are arranged, row by row and plane by plane without gaps. */
export type PixelFormat = PackedFormat | YuvFormat | 'grey';

/** How a YUV source's colours are coded, by ITU-R BT.601 or BT.709, with limited (16–235) or full range. */
export interface YuvColorSpace {
  readonly matrix: 'bt601' | 'bt709';
  readonly range: 'limited' | 'full';
}

/** A part of a picture, in pixels from its upper left corner. */
export interface PixelRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** x' = m₀x + m₁y + m₂, y' = m₃x + m₄y + m₅, in pixels. */
export type AffineMatrix = readonly [m0: number, m1: number, m2: number, m3: number, m4: number, m5: number];

/** What a plan needs to know of a run besides the pixels. */
export interface RunPlanOptions {
  /**
   * Where an affine crop reads: from the numbers of the tensor's pixels to those of the source's, as OpenCV's
   * `WARP_INVERSE_MAP`. It stays until another is given; the identity at first.
   */
  readonly matrix?: AffineMatrix;
}

/** A prepared path from pixels to a tensor that owns its input and output memory. */
export interface ImagePlan<Type extends ImageTensorType = ImageTensorType> {
  readonly type: Type;
  /** The tensor's shape in the order of its layout, batch of 1. */
  readonly dims: readonly number[];
  /**
   * A view to write the source's pixels to; valid until the next call. A size and format seen before
   * needs no memory. `colorSpace` counts for YUV formats, BT.709 with limited range unless given.
   */
  input(
    width: number,
    height: number,
    format: PixelFormat,
    colorSpace?: YuvColorSpace,
  ): Uint8ClampedArray<ArrayBuffer>;
  /** The part of the source that the tensor depends on; nothing else of `input` has to be written. */
  readonly region: PixelRegion;
  /**
   * For `VideoFrame.copyTo` into `input`: it writes just the region, in place, and as little around it as browsers
   * allow. The rectangle counts from the source's corner, so a frame's `visibleRect` has to be added. The frame's
   * format has to be the input's.
   */
  readonly copyOptions: { readonly rect: PixelRegion; readonly layout: PlaneLayout[] };
  /**
   * The map from the tensor to the source, for boxes and key points: coordinates are pixels whose edges are whole
   * numbers. For an affine crop and MediaPipe's letterbox it is the matrix that they are sampled by.
   */
  readonly toSource: AffineMatrix;
  /** The tensor of what was written: a view that is valid until the next call. */
  run(options?: RunPlanOptions): TensorData[Type];
  dispose(): void;
}
