/** The part of a file that a request asks for: bytes `first` to `last`, both inclusive; the whole file; or none of it. */
export type ByteRange = { readonly first: number; readonly last: number } | 'whole' | 'unsatisfiable';

/**
 * Reads a `Range` header for a file of `size` bytes (RFC 9110, 14.1.2). Several ranges, other units and malformed
 * values are ignored, which the RFC allows.
 */
export function readByteRange(header: string | null, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  // `-500` means the last 500 bytes.
  if (from === '') {
    const length = Number(to);
    return length === 0 || size === 0
      ? 'unsatisfiable'
      : { first: Math.max(0, size - length), last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? Infinity : Number(to);
  if (last < first) return 'whole';
  return first >= size ? 'unsatisfiable' : { first, last: Math.min(last, size - 1) };
}
