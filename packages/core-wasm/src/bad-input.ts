import { HayateError } from '@hayate/core';

/** The error for arguments that the kernels refuse: code `bad-input`, details { reason }. */
export function badInput(reason: string): HayateError<'bad-input'> {
  return new HayateError('bad-input', `Bad input: ${reason}.`, { reason });
}

/** Throws `bad-input` for a kernel status other than 0 (the numbers of crate/src/error.rs). */
export function checkStatus(status: number): void {
  if (status === 0) return;
  const reasons: Readonly<Record<number, string>> = {
    1: 'a size is out of range',
    2: 'mean, std and quantization must be finite, std and scale not 0',
    3: 'the image needs a buffer of more than 256 MiB',
    4: 'there is not enough memory',
    5: 'run was called before input',
    6: 'unknown fit, filter or layout',
  };
  throw badInput(reasons[status] ?? `kernel status ${status}`);
}
