import { decodeError, encodeError, type WireError } from '@hayate/core';

/** A result or an error, as it is sent. Comlink alone would keep only an error's message. */
export type Settled<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: WireError };

/** Waits for `job` and packs its result or error. Never rejects. */
export async function settle<Value>(job: () => Value | Promise<Value>): Promise<Settled<Value>> {
  try {
    return { ok: true, value: await job() };
  } catch (error) {
    return { ok: false, error: encodeError(error) };
  }
}

/** Packs a settled result. */
export function toSettled<Value>(result: PromiseSettledResult<Value>): Settled<Value> {
  return result.status === 'fulfilled'
    ? { ok: true, value: result.value }
    : { ok: false, error: encodeError(result.reason) };
}

/** Returns the value, or throws the error of the other thread. */
export function unpack<Value>(settled: Settled<Value>): Value {
  if (settled.ok) return settled.value;
  throw decodeError(settled.error);
}
