//! `fast_image_resize` with its buffers in wasm memory: RGBA in, RGBA out, alpha not blended.

use std::cell::RefCell;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

struct State {
    source: Vec<u8>,
    source_size: (u32, u32),
    target: Image<'static>,
    resizer: Resizer,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

fn with<T>(action: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(|state| action(state.as_mut().expect("prepare comes first")))
}

/// Makes the buffers and returns the address of the source.
#[unsafe(no_mangle)]
pub extern "C" fn prepare(width: u32, height: u32, to_width: u32, to_height: u32) -> *const u8 {
    let state = State {
        source: vec![0; width as usize * height as usize * 4],
        source_size: (width, height),
        target: Image::new(to_width, to_height, PixelType::U8x4),
        resizer: Resizer::new(),
    };
    let address = state.source.as_ptr();
    STATE.set(Some(state));
    address
}

/// Resizes the source; `filter` 0 is bilinear, 1 bicubic (Catmull-Rom, as Pillow's).
#[unsafe(no_mangle)]
pub extern "C" fn resize(filter: u32) {
    let filter = [FilterType::Bilinear, FilterType::CatmullRom][filter as usize];
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .use_alpha(false);
    with(|state| {
        let (width, height) = state.source_size;
        let source =
            ImageRef::new(width, height, &state.source, PixelType::U8x4).expect("a fitting buffer");
        let State {
            target, resizer, ..
        } = state;
        resizer.resize(&source, target, &options).expect("a resize");
    });
}

/// Address of the result.
#[unsafe(no_mangle)]
pub extern "C" fn target() -> *const u8 {
    with(|state| state.target.buffer().as_ptr())
}
