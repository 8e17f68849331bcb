//! Pixels as all resamplers take them: red, green, blue and a byte that is carried along unused,
//! because four equal lanes suit SIMD.

/// Bytes of one pixel.
pub const PIXEL: usize = 4;

/// Bytes that may be read behind the last pixel of a buffer, whatever they hold. A vertical pass of
/// blocks may read a block further than a row, a horizontal one three pixels.
pub const SLACK: usize = 32;

/// The luma of a colour in all four bytes (Pillow 13.0.0 Convert.c, `rgb2l`).
pub fn grey(colour: [u8; 3]) -> [u8; PIXEL] {
    let [red, green, blue] = colour.map(u32::from);
    [((red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16) as u8; PIXEL]
}

/// Replaces every pixel by its luma.
pub fn to_grey(pixels: &mut [[u8; PIXEL]]) {
    for pixel in pixels {
        let [red, green, blue, _] = *pixel;
        *pixel = grey([red, green, blue]);
    }
}
