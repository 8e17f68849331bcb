import type { PreparedInput } from './ports/contract';

const TRANSFERABLE = [
  'ArrayBuffer',
  'ImageBitmap',
  'VideoFrame',
  'AudioData',
  'OffscreenCanvas',
  'MessagePort',
  'ReadableStream',
  'WritableStream',
  'TransformStream',
] as const;

/**
 * Finds all transferable objects in `value`, each once: in arrays, plain objects, maps and sets, and the buffers of
 * typed arrays and image data. Shared memory is not transferable. The buffer of a WebAssembly memory is found like any
 * other, but `postMessage` refuses to transfer it.
 */
export function findTransferables(value: unknown): Transferable[] {
  const found = new Set<Transferable>();
  const seen = new Set<object>();
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const next = todo.pop();
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (isTransferable(next)) found.add(next as Transferable);
    else if (ArrayBuffer.isView(next)) todo.push(next.buffer);
    else if (isImageData(next)) todo.push(next.data);
    else if (next instanceof Map) todo.push(...next.keys(), ...next.values());
    else if (next instanceof Set) todo.push(...next);
    else if (isPlain(next)) todo.push(...(Object.values(next) as unknown[]));
  }
  return [...found];
}

// By name, because Node and older browsers lack some of these globals.
function isTransferable(value: object): boolean {
  return TRANSFERABLE.some((name) => {
    const constructor = (globalThis as Record<string, unknown>)[name];
    return typeof constructor === 'function' && value instanceof constructor;
  });
}

function isImageData(value: object): value is ImageData {
  return typeof ImageData !== 'undefined' && value instanceof ImageData;
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Closes the frames and bitmaps of an input. Those that were transferred to a worker are detached here; closing them does nothing. */
export function closeInput({ transfer }: PreparedInput): void {
  for (const item of transfer) closeValue(item);
}

/** Calls `close` of a value that has it, such as a frame or a bitmap. */
export function closeValue(value: unknown): void {
  (value as { close?: () => void } | null | undefined)?.close?.();
}
