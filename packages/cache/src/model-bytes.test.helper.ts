/** Bytes that follow from a seed and look like weights: no two places are alike. */
export function modelBytes(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed * 0x9e3779b9 || 1;
  for (let index = 0; index < words.length; index += 1) {
    // Xorshift (Marsaglia, 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, length).slice();
}
