import { unlessAborted, type AnyContract, type PreparedInput, type PrepareOptions } from '@hayate/core';

/** Prepares an input on the page's side. After an abort, what still comes of it is closed; so is what was given away. */
export async function prepareInput(
  contract: AnyContract,
  input: unknown,
  options: PrepareOptions,
): Promise<PreparedInput> {
  let preparing: Promise<PreparedInput> | undefined;
  try {
    options.signal?.throwIfAborted();
    preparing = Promise.resolve(contract.prepare(input, options));
    return await unlessAborted(preparing, options.signal);
  } catch (error) {
    preparing?.then(closePrepared, () => undefined);
    if (options.transfer) closeFrame(input);
    throw error;
  }
}

/** Closes the frames and bitmaps of an input that will not be used. */
export function closePrepared({ transfer }: PreparedInput): void {
  for (const item of transfer) closeFrame(item);
}

/** Closes a frame, a bitmap or whatever else can be closed. */
export function closeFrame(value: unknown): void {
  (value as { close?: () => void } | null | undefined)?.close?.();
}
