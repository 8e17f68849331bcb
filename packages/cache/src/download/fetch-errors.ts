import { HayateError } from '@hayate/core';

/** The error for a file that cannot be had. */
export function unreachable(url: string, status: number | undefined, reason: string, cause?: unknown) {
  return new HayateError(
    'model-unreachable',
    `${url} could not be fetched: ${reason}.`,
    { url, status },
    { cause },
  );
}

/** The error for bytes that are not the promised ones. */
export function corrupt(url: string, expected: string, actual: string): HayateError<'model-corrupt'> {
  const message = `${url} is not what was expected: ${expected}, but got ${actual}.`;
  return new HayateError('model-corrupt', message, { url, expected, actual });
}

/** What may pass: an answer that did not come, ended too soon, or asks to come again. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  constructor(
    reason: string,
    readonly status?: number,
    options?: ErrorOptions,
    /** How long to wait, when the server says. */
    readonly retryAfterMs?: number,
  ) {
    super(reason, options);
  }
}
