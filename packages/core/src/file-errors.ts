import { HayateError } from './errors';

/** The error for a file that cannot be downloaded or read. */
export function fileUnreachable(
  url: string,
  status: number | undefined,
  reason: string,
  cause?: unknown,
): HayateError<'model-unreachable'> {
  const message = `${url} could not be fetched: ${reason}.`;
  return new HayateError('model-unreachable', message, { url, status }, { cause });
}

/** The error for a file whose bytes are not the expected ones. */
export function fileCorrupt(url: string, expected: string, actual: string): HayateError<'model-corrupt'> {
  const message = `${url} is not what was expected: ${expected}, but got ${actual}.`;
  return new HayateError('model-corrupt', message, { url, expected, actual });
}
