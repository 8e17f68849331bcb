import type { PixelRegion } from './image-plan-spec';

/** Floats in one array, or in several that are read one after the other. */
export type Floats = Float32Array | readonly Float32Array[];

/** Which boxes count, and which of them stay: greedy non-maximum suppression as torchvision and ONNX define it. */
export interface SuppressionOptions {
  /** A score has to be greater than this; 0.25 unless given. */
  readonly scoreThreshold?: number;
  /**
   * A box goes if its intersection over union with a better one that stays is greater than this; 0.45 unless
   * given. 1 lets all stay.
   */
  readonly iouThreshold?: number;
  /** How many boxes stay at most; 300 unless given. Only the best 30 000 are looked at. */
  readonly maxDetections?: number;
  /** The classes that may be found; all unless given. A box whose best class is another one does not count. */
  readonly classes?: readonly number[];
  /** Whether boxes of different classes suppress each other; they do not unless given. */
  readonly classAgnostic?: boolean;
  /** Whether a box counts once for each class over the threshold, rather than for its best alone. */
  readonly multiLabel?: boolean;
}

/** The size of a model's input, in pixels, over which its grids lie. */
interface GridSize {
  readonly inputWidth: number;
  readonly inputHeight: number;
  /** Pixels from cell to cell in each grid, at most four. */
  readonly strides?: readonly number[];
}

/** How a detector lays out its output. Scores are those after the sigmoid; a batch has one image. */
export type DetectorOutput =
  | {
      /** YOLOv8, YOLO11: `[4 + classCount + others, anchors]`, centre, size and scores. Others are not read. */
      readonly layout: 'yolov8';
      readonly output: Floats;
      readonly classCount: number;
      /** Needed when there are others, such as mask coefficients. */
      readonly anchors?: number;
    }
  | ({
      /** YOLOX: `[anchors, 5 + classCount]` before decoding; strides 8, 16 and 32 unless given. */
      readonly layout: 'yolox';
      readonly output: Floats;
      readonly classCount: number;
    } & GridSize)
  | ({
      /**
       * NanoDet (strides 8, 16 and 32 unless given): `[anchors, classCount + 4 · (regMax + 1)]`, or scores and distances apart, stride after stride.
       * Distances are before their softmax. Boxes are clipped to the input.
       */
      readonly layout: 'nanodet';
      readonly output: Floats | { readonly scores: Floats; readonly distances: Floats };
      readonly classCount: number;
      /** The greatest distance, in strides; 7 unless given. */
      readonly regMax?: number;
    } & GridSize)
  | {
      /** Models with their own suppression: rows of left, top, right, bottom, score and class. */
      readonly layout: 'end-to-end';
      readonly output: Floats;
    };

/** Boxes with scores, as detectors of the DETR family and others give them. */
export interface ScoredBoxes {
  /** `[boxes, 4]`. */
  readonly boxes: Floats;
  /** Left, top, right and bottom, unless `cxcywh` says centre and size. */
  readonly boxFormat?: 'xyxy' | 'cxcywh';
  /** `[boxes, classCount]`. */
  readonly scores: Floats;
  /** 1 unless given. */
  readonly classCount?: number;
}

/** What was found, best first; equal scores keep the order of the model's output. */
export interface Detections {
  /** `[count, 4]`: left, top, right and bottom, in the units of the model. */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  /** Zero-based class numbers. */
  readonly classes: Uint32Array;
  /** Which anchor (or box, or row) of the output each is. */
  readonly anchors: Uint32Array;
}

/** The output of BlazeFace's short-range model and what counts as a face. */
export interface FaceDetectorOutput {
  /** 896 logits. */
  readonly scores: Floats;
  /** `[896, 16]`: centre, size and six key points. */
  readonly boxes: Floats;
  /** Side of the model's input, in pixels; 128 unless given. */
  readonly inputSize?: number;
  /** A face's score is at least this; 0.5 unless given. */
  readonly scoreThreshold?: number;
  /** Boxes with a greater intersection over union are taken for one face; 0.3 unless given. */
  readonly iouThreshold?: number;
  /** How many faces at most; all unless given. */
  readonly maxFaces?: number;
}

/** The faces found, best first. Places are parts of the model's input: 0 is left and top, 1 right and bottom. */
export interface Faces {
  /** `[count, 4]`: left, top, right and bottom. */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  /** `[count, 6, 2]`: x and y of right eye, left eye, nose tip, mouth, right and left ear. */
  readonly keypoints: Float32Array;
}

/** A small mask, and the picture it becomes. */
export interface MaskOptions {
  /** `[height, width]`, logits or probabilities. */
  readonly mask: Float32Array;
  readonly width: number;
  readonly height: number;
  /**
   * The part of the mask that shows the picture, in samples of the mask (fractions are allowed): what a letterbox
   * left of it. All unless given.
   */
  readonly window?: PixelRegion;
  readonly outputWidth: number;
  readonly outputHeight: number;
  /** A pixel belongs to the mask if its value is greater; 0 unless given, which is right for logits. */
  readonly threshold?: number;
}

/** Kernels for a model's scores. Results are copies that the caller may keep; bad arguments throw `bad-input`. */
export interface ScoreKernels {
  /** The softmax of a vector, numerically stable. */
  softmax(logits: Float32Array): Float32Array;
  /** 1 / (1 + e^−x) of each value. */
  sigmoid(values: Float32Array): Float32Array;
  /** The `k` best of a vector; fewer when it is shorter. */
  topK(scores: Float32Array, k: number): TopK;
}

/** Kernels for the outputs of detectors. Results are copies that the caller may keep; bad arguments throw `bad-input`. */
export interface BoxKernels {
  /**
   * Boxes from a detector's output: those over the threshold are decoded (as in the models' own repositories) and
   * suppressed. Boxes with a side that is not finite are left out.
   */
  decodeDetections(options: DetectorOutput & SuppressionOptions): Detections;
  /** The boxes that stay; see {@link SuppressionOptions}. */
  nonMaximumSuppression(options: ScoredBoxes & SuppressionOptions): Detections;
  /**
   * Faces from BlazeFace's output, decoded and merged by weighted suppression as MediaPipe 0.10.21 does it in
   * `face_detection_short_range`.
   */
  decodeFaces(options: FaceDetectorOutput): Faces;
}

/** Kernels for masks. Results are copies that the caller may keep; bad arguments throw `bad-input`. */
export interface MaskKernels {
  /**
   * A mask in the picture's size, a byte of 1 or 0 for each pixel: bilinear interpolation as in torch's
   * `interpolate(mode: 'bilinear', align_corners: false)` of the window, then the threshold.
   */
  binaryMask(options: MaskOptions): Uint8Array;
  /** The same as RGBA for an `ImageData`: pixels of the mask have `color`, others are transparent. */
  rgbaMask(
    options: MaskOptions & { readonly color: readonly [r: number, g: number, b: number, a: number] },
  ): Uint8ClampedArray<ArrayBuffer>;
}

/** Kernels for embeddings. Results are copies that the caller may keep; bad arguments throw `bad-input`. */
export interface EmbeddingKernels extends ScoreKernels {
  /**
   * The means of texts' token embeddings as sentence-transformers pools them, `[texts, size]`, from `tokens`
   * `[texts, length, size]` (`dims`) and `attentionMask` `[texts, length]` (1 counts, 0 does not).
   */
  meanPool(options: {
    readonly tokens: Float32Array;
    readonly attentionMask: ArrayLike<number | bigint>;
    readonly dims: readonly [texts: number, length: number, size: number];
  }): Float32Array;
  /** Vectors `[count, size]` brought to length 1, as torch's `normalize`; those under 1e-12 become nearly 0. */
  normalize(options: { readonly embeddings: Float32Array; readonly size: number }): Float32Array;
  /** The cosine of the angle between two vectors of one size, from −1 to 1; 0 if one is zero. */
  cosineSimilarity(options: { readonly a: Float32Array; readonly b: Float32Array }): number;
}

/** The best scores, best first, with their indices; equal scores keep the lower index first. */
export interface TopK {
  readonly indices: Uint32Array;
  readonly scores: Float32Array;
}
