import { HayateError } from '@hayate/core';

/** The error for a file that cannot be downloaded or read. */
export function unreachable(url: string, status: number | undefined, reason: string, cause?: unknown) {
  return new HayateError(
    'model-unreachable',
    `${url} could not be fetched: ${reason}.`,
    { url, status },
    { cause },
  );
}

/** The error for bytes that are not the expected ones. */
export function corrupt(url: string, expected: string, actual: string): HayateError<'model-corrupt'> {
  const message = `${url} is not what was expected: ${expected}, but got ${actual}.`;
  return new HayateError('model-corrupt', message, { url, expected, actual });
}

/** A failure that may pass: no answer, an answer that ended too soon, or a status that asks to try again. */
export class Interruption extends Error {
  override readonly name = 'Interruption';

  constructor(
    reason: string,
    readonly status?: number,
    options?: ErrorOptions,
    /** The wait that the server asked for. */
    readonly retryAfterMs?: number,
  ) {
    super(reason, options);
  }
}
