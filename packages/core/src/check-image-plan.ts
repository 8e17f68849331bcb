import type { ImagePlanSpec } from './kernels';

/** The largest side of a source, a target or a crop, in pixels. */
export const MAX_IMAGE_SIDE = 32_768;

/** Whether `value` can be a side: a whole number from 1 to {@link MAX_IMAGE_SIDE}. */
export function isImageSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_IMAGE_SIDE;
}

/** Calls `refuse` with a reason that names the field, unless every part of a plan's description is usable. */
export function checkImagePlan(spec: ImagePlanSpec, refuse: (reason: string) => never): void {
  const { fit, filter, numerics = 'pillow', layout, channels = 'rgb', type = 'float32' } = spec ?? {};
  const among = (name: string, value: unknown, names: readonly string[]) => {
    if (!names.includes(value as string)) refuse(`"${name}" must be one of ${names.join(', ')}`);
  };
  const side = (name: string, value: unknown) => {
    if (!isImageSide(value)) {
      refuse(`"${name}" must be a whole number from 1 to ${MAX_IMAGE_SIDE}, not ${String(value)}`);
    }
  };
  among('fit.kind', fit?.kind, ['stretch', 'shorter-side-crop', 'letterbox', 'affine']);
  among('filter', filter, ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos']);
  among('numerics', numerics, ['pillow', 'opencv-linear']);
  among('layout', layout, ['nchw', 'nhwc']);
  among('channels', channels, ['rgb', 'bgr', 'luma']);
  among('type', type, ['float32', 'float16', 'uint8', 'int8']);
  if (fit.kind === 'shorter-side-crop') {
    side('fit.shorterSide', fit.shorterSide);
    side('fit.crop.width', fit.crop?.width);
    side('fit.crop.height', fit.crop.height);
    if (Math.max(fit.crop.width, fit.crop.height) > fit.shorterSide) {
      refuse('"fit.crop" is larger than "fit.shorterSide"');
    }
  } else {
    side('fit.width', fit.width);
    side('fit.height', fit.height);
  }
  if (fit.kind === 'affine') among('fit.border', fit.border, ['zero', 'replicate']);
  if (fit.kind === 'letterbox') {
    among('fit.convention', fit.convention, ['yolo', 'yolox', 'mediapipe']);
    const { pad = 0 } = fit;
    if (!(Number.isInteger(pad) && pad >= 0 && pad <= 255)) refuse('"fit.pad" must be a byte');
  }
  const linear =
    numerics === 'opencv-linear' ||
    fit.kind === 'affine' ||
    (fit.kind === 'letterbox' && fit.convention === 'mediapipe');
  if (linear && filter !== 'bilinear') {
    refuse('"filter" must be "bilinear" for OpenCV\'s numerics, an affine crop and MediaPipe\'s letterbox');
  }
  checkNumbers(spec, refuse);
}

function checkNumbers(
  { mean, std, type, quantization }: ImagePlanSpec,
  refuse: (reason: string) => never,
): void {
  for (const [name, values] of Object.entries({ mean, std })) {
    const usable = Array.isArray(values) && values.length === 3 && values.every(Number.isFinite);
    if (!usable) refuse(`"${name}" must be three finite numbers`);
  }
  if (std.some((value) => value === 0)) refuse('"std" must not be 0');
  if (quantization === undefined) {
    if (type === 'int8') refuse('"quantization" must be given for int8');
    return;
  }
  const { scale, zeroPoint } = quantization;
  if (!Number.isFinite(scale) || scale === 0) refuse('"quantization.scale" must be a number other than 0');
  if (!Number.isInteger(zeroPoint)) refuse('"quantization.zeroPoint" must be a whole number');
}
