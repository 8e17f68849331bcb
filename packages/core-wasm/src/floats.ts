import type { Floats } from './output-kernels';

import { badInput } from './bad-input';
import type { KernelInstance } from './instance';

/** The instance whose memory is read and written. */
type MemoryOwner = Pick<KernelInstance<unknown>, 'buffer'>;

/** One array or several as a list of parts. Throws `bad-input` for anything else. */
export function partsOf(name: string, floats: Floats): readonly Float32Array[] {
  const parts = floats instanceof Float32Array ? [floats] : floats;
  if (Array.isArray(parts) && parts.every((part) => part instanceof Float32Array)) return parts;
  throw badInput(`${name} must be a Float32Array or several`);
}

/** The number of floats in all parts. */
export function countFloats(parts: readonly Float32Array[]): number {
  return parts.reduce((count, part) => count + part.length, 0);
}

/** Writes the parts one after the other, from address `start` on. */
export function writeFloats(instance: MemoryOwner, start: number, parts: readonly Float32Array[]): void {
  const view = new Float32Array(instance.buffer, start, countFloats(parts));
  let at = 0;
  for (const part of parts) {
    view.set(part, at);
    at += part.length;
  }
}

/** A copy of `count` floats from address `start` on. */
export function copyFloats(instance: MemoryOwner, start: number, count: number): Float32Array<ArrayBuffer> {
  // A typed array made from a view is a copy.
  return new Float32Array(new Float32Array(instance.buffer, start, count));
}
