/** The resampling filter; both are antialiased when shrinking, as Pillow does it. */
export type ImageFilter = 'bilinear' | 'bicubic';

/** The order of the axes of an image tensor: N images, C channels, H rows, W columns. */
export type TensorLayout = 'nchw' | 'nhwc';

/** How the four bytes of a source's pixel are arranged; the alpha is ignored. */
export type PixelFormat = 'rgba' | 'bgra';

/** A part of a picture, in pixels from its upper left corner. */
export interface PixelRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a source of any size becomes one of the model's size. All lengths are pixels. */
export type ImageFit =
  | { readonly kind: 'stretch'; readonly width: number; readonly height: number }
  | {
      /** The shorter side becomes `shorterSide`, then the centre is cut out (torchvision's rounding). */
      readonly kind: 'shorter-side-crop';
      readonly shorterSide: number;
      readonly crop: { readonly width: number; readonly height: number };
    };

/** What an image plan does: resize and crop, then `(x / 255 − mean) / std` per channel. */
export interface ImagePlanSpec {
  readonly fit: ImageFit;
  readonly filter: ImageFilter;
  readonly layout: TensorLayout;
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** A prepared path from pixels to a tensor that owns its input and output memory. */
export interface ImagePlan {
  /** The tensor's shape in the order of its layout, batch of 1. */
  readonly dims: readonly number[];
  /**
   * A view to write the source's pixels to, row by row; valid until the next call.
   * Memory grows only for a source larger than any before.
   */
  input(width: number, height: number, format: PixelFormat): Uint8ClampedArray<ArrayBuffer>;
  /** The part of the source that the tensor depends on; nothing else of `input` has to be written. */
  readonly region: PixelRegion;
  /** The tensor of what was written: a view that is valid until the next call. */
  run(): Float32Array<ArrayBuffer>;
  dispose(): void;
}

/** The best scores, best first, with their indices; equal scores keep the lower index first. */
export interface TopK {
  readonly indices: Uint32Array;
  readonly scores: Float32Array;
}

/** The kernels for pictures and scores. Implemented by `@hayate/core-wasm`. */
export interface VisionKernels {
  imagePlan(spec: ImagePlanSpec): ImagePlan;
  /** The softmax of a vector, numerically stable; the result is the caller's. */
  softmax(logits: Float32Array): Float32Array;
  /** The `k` best of a vector; fewer when it is shorter. The result is the caller's. */
  topK(scores: Float32Array, k: number): TopK;
}
