import { HayateError, isHayateError, type ErrorCode, type ErrorDetails } from './errors';

/** An error as plain data, with its cause, for `postMessage`: structured cloning drops `code` and `details`. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: ErrorCode;
  readonly details?: unknown;
  readonly cause?: WireError;
}

/** Converts an error to plain data, with at most `depth` causes. */
export function encodeError(error: unknown, depth = 4): WireError {
  if (!(error instanceof Error) && !(error instanceof DOMException)) {
    return { name: 'Error', message: String(error), stack: undefined };
  }
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(isHayateError(error) && { code: error.code, details: error.details }),
    ...(error.cause !== undefined && depth > 0 && { cause: encodeError(error.cause, depth - 1) }),
  };
}

/** Restores the error that {@link encodeError} converted: a HayateError, an `AbortError`, or an Error with its name. */
export function decodeError({ name, message, stack, code, details, cause }: WireError): Error {
  if (code === undefined && name === 'AbortError') return new DOMException(message, name);
  const options = cause && { cause: decodeError(cause) };
  const error =
    code === undefined
      ? Object.assign(new Error(message, options), { name })
      : new HayateError(code, message, details as ErrorDetails[ErrorCode], options);
  if (stack !== undefined) error.stack = stack;
  return error;
}
