import { decodeError, encodeError, type WireError } from '@hayate/core';

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
