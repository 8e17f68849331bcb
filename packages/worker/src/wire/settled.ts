import { HayateError, isHayateError, type ErrorCode, type ErrorDetails } from '@hayate/core';

/** An error as it crosses: plain data, with its cause. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code?: ErrorCode;
  readonly details?: unknown;
  readonly cause?: WireError;
}

/** A result or an error, as it crosses. Comlink alone would keep an error's message and drop the rest. */
export type Settled<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: WireError };

/** Waits for `job` and packs what became of it. Never rejects. */
export async function settle<Value>(job: () => Value | Promise<Value>): Promise<Settled<Value>> {
  try {
    return { ok: true, value: await job() };
  } catch (error) {
    return { ok: false, error: encodeError(error) };
  }
}

/** An outcome, packed. */
export function toSettled<Value>(result: PromiseSettledResult<Value>): Settled<Value> {
  return result.status === 'fulfilled'
    ? { ok: true, value: result.value }
    : { ok: false, error: encodeError(result.reason) };
}

/** The value, or the error thrown as it was on the other side. */
export function unpack<Value>(settled: Settled<Value>): Value {
  if (settled.ok) return settled.value;
  throw decodeError(settled.error);
}

/** An error as plain data, `depth` causes deep. */
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

/** The error again: a HayateError, the platform's AbortError, or a plain Error with its name. */
export function decodeError(wire: WireError): Error {
  const cause = wire.cause && decodeError(wire.cause);
  const options = cause && { cause };
  if (wire.code !== undefined) {
    const error = new HayateError(wire.code, wire.message, wire.details as ErrorDetails[ErrorCode], options);
    if (wire.stack !== undefined) error.stack = wire.stack;
    return error;
  }
  if (wire.name === 'AbortError') return new DOMException(wire.message, 'AbortError');
  const error = new Error(wire.message, options);
  error.name = wire.name;
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}
