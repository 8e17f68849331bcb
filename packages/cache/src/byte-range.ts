/** What a request asks for of a file: bytes `first` to `last`, both included; all of it; or what it does not have. */
export type ByteRange = { readonly first: number; readonly last: number } | 'whole' | 'unsatisfiable';

/**
 * Reads a `Range` header against a file of so many bytes (RFC 9110, 14.1.2). Several ranges, other units and what makes
 * no sense are as if there were no header, as servers may answer them.
 */
export function readByteRange(header: string | null, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  // Without a beginning it is the number of bytes at the end.
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
