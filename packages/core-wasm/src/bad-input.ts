import { HayateError, type ImagePlanSpec } from '@hayate/core';

/** Largest side of a source, target or crop, in pixels. */
export const MAX_SIDE = 32_768;

/** The error for arguments that the kernels refuse: code `bad-input`, details { reason }. */
export function badInput(reason: string): HayateError<'bad-input'> {
  return new HayateError('bad-input', `Bad input: ${reason}.`, { reason });
}

/** Throws `bad-input` for a kernel status other than 0 (the numbers of crate/src/error.rs). */
export function checkStatus(status: number): void {
  if (status === 0) return;
  const reasons: Readonly<Record<number, string>> = {
    1: 'a size is out of range',
    2: 'mean and std must be finite and std must not be 0',
    3: 'the image needs a buffer of more than 256 MiB',
    4: 'there is not enough memory',
    5: 'run was called before input',
    6: 'unknown fit, filter or layout',
  };
  throw badInput(reasons[status] ?? `kernel status ${status}`);
}

/** Throws `bad-input` unless `value` is an integer from 1 to `MAX_SIDE`. */
export function checkSide(name: string, value: number): void {
  // Checked here as well as in wasm, because numbers lose their fraction at the border.
  if (!Number.isInteger(value) || value < 1 || value > MAX_SIDE) {
    throw badInput(`${name} must be an integer from 1 to ${MAX_SIDE}, not ${String(value)}`);
  }
}

/** Throws `bad-input` unless every part of `spec` is usable. */
export function checkSpec(spec: ImagePlanSpec): void {
  const { fit, filter, layout, mean, std } = spec;
  if (fit.kind === 'stretch') {
    checkSide('width', fit.width);
    checkSide('height', fit.height);
  } else if (fit.kind === 'shorter-side-crop') {
    checkSide('shorterSide', fit.shorterSide);
    checkSide('crop.width', fit.crop.width);
    checkSide('crop.height', fit.crop.height);
    if (Math.max(fit.crop.width, fit.crop.height) > fit.shorterSide) {
      throw badInput('the crop is larger than shorterSide');
    }
  } else {
    throw badInput('unknown fit');
  }
  if (filter !== 'bilinear' && filter !== 'bicubic') throw badInput('unknown filter');
  if (layout !== 'nchw' && layout !== 'nhwc') throw badInput('unknown layout');
  const numbers = [...mean, ...std];
  if (mean.length !== 3 || std.length !== 3 || !numbers.every(Number.isFinite)) {
    throw badInput('mean and std must be three finite numbers each');
  }
  if (std.some((value) => value === 0)) throw badInput('std must not be 0');
}
