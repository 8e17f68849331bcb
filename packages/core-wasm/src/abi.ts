// Written by crate/tests/abi.rs, from what the crate declares: `npm run build:wasm` writes it anew.
// The place of a name in its list is its number in Rust.

export const FIT_KINDS = ['stretch', 'shorter-side-crop', 'letterbox', 'affine'] as const;
export const CONVENTIONS = ['yolo', 'yolox', 'mediapipe'] as const;
export const BORDERS = ['zero', 'replicate'] as const;
export const SAMPLINGS = [
  'nearest',
  'box',
  'bilinear',
  'hamming',
  'bicubic',
  'lanczos',
  'opencv-linear',
] as const;
export const LAYOUTS = ['nchw', 'nhwc'] as const;
export const CHANNELS = ['rgb', 'bgr', 'luma'] as const;
export const ELEMENTS = ['float32', 'float16', 'uint8', 'int8'] as const;
export const FORMATS = ['rgbx', 'bgrx', 'grey', 'i420', 'nv12'] as const;
export const MATRICES = ['bt601', 'bt709'] as const;
export const RANGES = ['limited', 'full'] as const;
export const DETECTOR_LAYOUTS = [
  'yolov8',
  'yolox',
  'nanodet',
  'nanodet-apart',
  'xyxy',
  'cxcywh',
  'end-to-end',
] as const;

/** Where the fields of an image plan's block lie, in f64. */
export const PLAN_BLOCK = {
  fit: 0,
  width: 1,
  height: 2,
  shorterSide: 3,
  convention: 4,
  border: 5,
  pad: 6,
  sampling: 7,
  layout: 8,
  channels: 9,
  element: 10,
  mean: 11,
  std: 14,
  scale: 17,
  zeroPoint: 18,
  matrix: 19,
  input: 25,
  output: 27,
  region: 29,
  length: 33,
} as const;

/** Where the fields of a detection lie, in words of 4 bytes. */
export const DETECTION = {
  corners: 0,
  score: 4,
  class: 5,
  anchor: 6,
  length: 7,
} as const;

/** The same of a candidate of top-k. */
export const CANDIDATE = {
  score: 0,
  index: 1,
  length: 2,
} as const;

/** The same of a face. */
export const FACE = {
  corners: 0,
  score: 4,
  keypoints: 5,
  length: 17,
} as const;

/** Anchors of BlazeFace, and the numbers of each. */
export const FACE_ANCHORS = 896;
export const FACE_ANCHOR_NUMBERS = 16;

/** The reason of each status of a kernel other than 0, which is success. */
export const REASONS: Readonly<Record<number, string>> = {
  1: 'a size is out of range, or sizes do not fit each other',
  2: 'mean, std and quantization must be finite, std and scale not 0',
  3: 'a buffer of more than 256 MiB would be needed',
  4: 'there is not enough memory',
  5: 'run was called before input',
  6: 'a choice has an unknown number',
};
