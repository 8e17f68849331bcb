import { HayateError } from './errors';

/**
 * Throws unless the option is undefined or a whole number of at least 1.
 *
 * @throws HayateError `bad-input` that names the option.
 */
export function checkCountOption(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw badOption(`${name} must be a whole number of at least 1, not ${String(value)}`);
}

/**
 * Throws unless the option is undefined or a number from 0 to 1.
 *
 * @throws HayateError `bad-input` that names the option.
 */
export function checkShareOption(name: string, value: number | undefined): void {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= 1)) return;
  throw badOption(`${name} must be a number from 0 to 1, not ${String(value)}`);
}

/** The error for an option that cannot be used. */
export function badOption(reason: string): HayateError<'bad-input'> {
  return new HayateError('bad-input', `The option cannot be used: ${reason}.`, { reason });
}
