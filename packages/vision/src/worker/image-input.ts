import { toHayateError, type AnyTensor, type TensorData } from '@hayate/core';
import type { AffineMatrix, ImagePlan, ImageTensorType, VisionKernels } from '@hayate/core-wasm/vision';
import type { DecodeImage, WireImage } from '../image';
import type { ImagePreprocess } from './image-preprocess';
import { readImage, type PixelTarget } from './read-image';

/** How a picture was placed in the model's input. */
export interface SeenImage {
  /** The size of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The affine matrix from pixels of the model's input to pixels of the picture; see `ImagePlan.toSource`. */
  readonly toSource: AffineMatrix;
}

/** The values of an image tensor. */
export type ImageTensorData = TensorData[ImageTensorType];

/** A picture as values of a graph's input. */
export interface ImageItem {
  readonly data: ImageTensorData;
  readonly seen: SeenImage;
}

/** Converts pictures to a graph's input, one at a time. */
export interface ImageReader {
  readonly type: ImageTensorType;
  /** The shape for one picture, with a batch axis of 1. */
  readonly dims: readonly number[];
  /**
   * Reads, resizes and normalises a picture. The values are a copy, because the kernels' memory may grow for another
   * model before the session runs.
   */
  read(image: WireImage, signal: AbortSignal, spend: (stage: string, ms: number) => void): Promise<ImageItem>;
  /** Joins the tensors of one or several pictures to one batch. */
  stack(items: readonly ImageItem[]): AnyTensor;
  /** A zero-filled picture of the model's size. */
  blank(): ImageItem;
  dispose(): void;
}

const ARRAYS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array, int8: Int8Array };

/** The size of the graph's input, in pixels. */
export function inputSize({ fit }: ImagePreprocess): { readonly width: number; readonly height: number } {
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  return { width, height };
}

/** Creates the plan that a manifest describes. Throws the error of `refuse` if the kernels cannot. */
export function createImageReader(
  vision: VisionKernels,
  preprocess: ImagePreprocess,
  decode: DecodeImage | undefined,
  refuse: (reason: string, cause?: unknown) => Error,
): ImageReader {
  const plan = makePlan();
  const { type, dims } = plan;

  // If the kernels throw, the manifest is wrong.
  function makePlan(): ImagePlan {
    try {
      return vision.imagePlan(preprocess);
    } catch (cause) {
      throw refuse(`"preprocess": ${toHayateError(cause).message}`, cause);
    }
  }

  return {
    type,
    dims,
    async read(image, signal, spend) {
      let size = { width: 0, height: 0 };
      /** The plan as a target that records the size of the picture. */
      const target: PixelTarget = {
        input(width, height, format, colorSpace) {
          size = { width, height };
          return plan.input(width, height, format, colorSpace);
        },
        get copyOptions() {
          return plan.copyOptions;
        },
      };
      const { decodeMs, copyMs } = await readImage(image, target, decode, signal);
      spend('decode', decodeMs);
      spend('copy', copyMs);
      const start = performance.now();
      const data = plan.run().slice();
      const { toSource } = plan;
      spend('preprocess', performance.now() - start);
      return { data, seen: { ...size, toSource } };
    },
    stack(items) {
      const data = joined(items.map((item) => item.data));
      return { type, dims: [items.length, ...dims.slice(1)], location: 'cpu', data } as AnyTensor;
    },
    blank() {
      const values = dims.reduce((product, side) => product * side, 1);
      return {
        data: new ARRAYS[type](values),
        seen: { ...inputSize(preprocess), toSource: [1, 0, 0, 0, 1, 0] },
      };
    },
    dispose() {
      plan.dispose();
    },
  };
}

/** Concatenates tensors. */
function joined(parts: readonly ImageTensorData[]): ImageTensorData {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first as ImageTensorData;
  const TypedArray = first.constructor as new (length: number) => Uint8Array;
  const whole = new TypedArray(first.length * parts.length);
  parts.forEach((part, place) => {
    whole.set(part, place * first.length);
  });
  return whole;
}
