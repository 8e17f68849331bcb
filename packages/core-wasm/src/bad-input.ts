import { HayateError } from '@hayate/core';

import { REASONS } from './abi';

/** The error for arguments that the kernels refuse: code `bad-input`, details { reason }. */
export function badInput(reason: string): HayateError<'bad-input'> {
  return new HayateError('bad-input', `Bad input: ${reason}.`, { reason });
}

/** Throws `bad-input` for a kernel status other than 0. */
export function checkStatus(status: number): void {
  if (status !== 0) throw badInput(REASONS[status] ?? `kernel status ${status}`);
}

/** Throws `bad-input` unless `value` is a whole number from `least` to `most`. */
export function checkCount(name: string, value: number, least = 1, most = 2 ** 31 - 1): void {
  // Checked here, because WebAssembly would drop the fraction.
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw badInput(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

/** Throws `bad-input` unless `value` is a finite number. */
export function checkFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw badInput(`${name} must be a finite number, not ${value}`);
}

/** The largest side of a source, a target or a crop, in pixels. */
export const MAX_IMAGE_SIDE = 32_768;

/** Whether `value` can be a side: a whole number from 1 to {@link MAX_IMAGE_SIDE}. */
export function isImageSide(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_IMAGE_SIDE;
}
