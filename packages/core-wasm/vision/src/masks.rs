//! Masks.

use hayate_binding::export;
use hayate_kernels::buffer::{AlignedBytes, set_count};
use hayate_kernels::error::status_of;
use hayate_kernels::masks::{MaskPainter, MaskSpec, Window};

/// A small mask in, one of the picture's size out; buffers are kept between calls.
#[derive(Default)]
pub struct MaskBuffer {
    width: u32,
    height: u32,
    input: AlignedBytes,
    painter: MaskPainter,
}

export! {
    MaskBuffer: maskbuffer_new, maskbuffer_free,
    maskbuffer_reserve = reserve(width: u32, height: u32) -> u32;
    maskbuffer_input_ptr = input_ptr() -> *const f32;
    maskbuffer_run = run(left: f64, top: f64, width: f64, height: f64, out_width: u32, out_height: u32, threshold: f32, coloured: bool, colour: u32) -> u32;
    maskbuffer_output_ptr = output_ptr() -> *const u8;
    maskbuffer_output_len = output_len() -> usize;
}

impl MaskBuffer {
    /// Makes room for a mask of `height` rows of `width` floats.
    pub fn reserve(&mut self, width: u32, height: u32) -> u32 {
        (self.width, self.height) = (width, height);
        let len = (width as usize).saturating_mul(height as usize);
        status_of(set_count::<f32>(&mut self.input, len))
    }

    /// Address of the input floats; changes with `reserve`.
    pub fn input_ptr(&self) -> *const f32 {
        self.input.as_slice::<f32>().as_ptr()
    }

    /// Upsamples the window and compares. `colour` holds red in its lowest byte and alpha in its
    /// highest; without `coloured` a pixel is one byte, 1 or 0.
    #[allow(clippy::too_many_arguments)]
    pub fn run(
        &mut self,
        left: f64,
        top: f64,
        width: f64,
        height: f64,
        out_width: u32,
        out_height: u32,
        threshold: f32,
        coloured: bool,
        colour: u32,
    ) -> u32 {
        let spec = MaskSpec {
            width: self.width,
            height: self.height,
            window: Window {
                left,
                top,
                width,
                height,
            },
            out_width,
            out_height,
            threshold,
            colour: coloured.then_some(colour.to_le_bytes()),
        };
        status_of(self.painter.run(self.input.as_slice(), &spec))
    }

    /// Address of the bytes of the last `run`.
    pub fn output_ptr(&self) -> *const u8 {
        self.painter.output().as_ptr()
    }

    /// Number of bytes.
    pub fn output_len(&self) -> usize {
        self.painter.output().len()
    }
}
