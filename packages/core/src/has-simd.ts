/**
 * Whether this JavaScript engine compiles SIMD. The probe is a function with `i32x4.dot_i16x8_s`, which the kernels and
 * ONNX Runtime need: some engines support only part of the instructions.
 */
export function hasSimd(): boolean {
  // prettier-ignore
  return WebAssembly.validate(Uint8Array.of(
    0, 97, 115, 109, 1, 0, 0, 0, // magic, version
    1, 5, 1, 96, 0, 1, 123, // type: () → v128
    3, 2, 1, 0, // one function of this type
    10, 15, 1, 13, 0, 65, 0, 253, 15, 65, 0, 253, 15, 253, 186, 1, 11, // dot(splat(0), splat(0))
  ));
}
