import { unlessAborted, type AnyContract, type PreparedInput } from '@hayate/core';

/** Prepares an input on the page's side; after an abort, what still comes of it is closed. */
export async function prepareInput(
  contract: AnyContract,
  input: unknown,
  signal: AbortSignal | undefined,
): Promise<PreparedInput> {
  signal?.throwIfAborted();
  const preparing = Promise.resolve(contract.prepare(input, signal));
  try {
    return await unlessAborted(preparing, signal);
  } catch (error) {
    preparing.then(closePrepared, () => undefined);
    throw error;
  }
}

/** Closes the frames and bitmaps of an input that will not be used. */
export function closePrepared({ transfer }: PreparedInput): void {
  for (const item of transfer) closeFrame(item);
}

/** Closes a frame or a bitmap; anything else is left alone. */
export function closeFrame(value: unknown): void {
  (value as { close?: () => void } | null | undefined)?.close?.();
}
