//! A stream of images allocates nothing once the largest has been seen: every call into the allocator is counted.

use std::alloc::{GlobalAlloc, Layout as Block, System};
use std::cell::Cell;

use hayate_kernels::buffer::{AlignedBytes, MAX_BUFFER_BYTES};
use hayate_kernels::image::coefficients::Sampling;
use hayate_kernels::image::filter::Filter;
use hayate_kernels::image::fit::{Border, Convention, Fit};
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::source::Format;
use hayate_kernels::image::tensor::{Channels, Element, Layout, TensorSpec};
use hayate_kernels::image::yuv::{Conversion, Matrix, Range};

thread_local! {
    // Per thread, because the test harness allocates in its own.
    static CALLS: Cell<Calls> = const { Cell::new(Calls { allocations: 0, all: 0 }) };
}

/// Calls into the allocator: those that ask for a block, and all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Calls {
    allocations: u32,
    all: u32,
}

struct Counting;

impl Counting {
    fn count(allocations: u32) {
        CALLS.with(|calls| {
            let before = calls.get();
            calls.set(Calls {
                allocations: before.allocations + allocations,
                all: before.all + 1,
            });
        });
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, block: Block) -> *mut u8 {
        Self::count(1);
        unsafe { System.alloc(block) }
    }

    unsafe fn alloc_zeroed(&self, block: Block) -> *mut u8 {
        Self::count(1);
        unsafe { System.alloc_zeroed(block) }
    }

    unsafe fn dealloc(&self, address: *mut u8, block: Block) {
        Self::count(0);
        unsafe { System.dealloc(address, block) }
    }

    unsafe fn realloc(&self, address: *mut u8, block: Block, size: usize) -> *mut u8 {
        Self::count(1);
        unsafe { System.realloc(address, block, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls into the allocator that `action` makes.
fn calls(action: impl FnOnce()) -> Calls {
    let before = CALLS.with(Cell::get);
    action();
    let after = CALLS.with(Cell::get);
    Calls {
        allocations: after.allocations - before.allocations,
        all: after.all - before.all,
    }
}

/// Larger than any target below in both directions.
const LARGEST: (u32, u32) = (121, 93);

const fn letterbox(convention: Convention) -> Fit {
    Fit::Letterbox {
        width: 31,
        height: 24,
        convention,
        pad: 114,
    }
}

const FITS: [Fit; 7] = [
    Fit::Stretch {
        width: 20,
        height: 28,
    },
    // Small in one direction only: smaller sources are scaled up in it.
    Fit::Stretch {
        width: 8,
        height: 90,
    },
    Fit::ShorterSideCrop {
        shorter_side: 32,
        crop_width: 28,
        crop_height: 24,
    },
    letterbox(Convention::Yolo),
    letterbox(Convention::Yolox),
    letterbox(Convention::MediaPipe),
    Fit::Affine {
        width: 20,
        height: 28,
        border: Border::Replicate,
    },
];

const SAMPLINGS: [Option<Sampling>; 7] = [
    None,
    Some(Sampling::OpencvLinear),
    Some(Sampling::Pillow(Filter::Box)),
    Some(Sampling::Pillow(Filter::Bilinear)),
    Some(Sampling::Pillow(Filter::Hamming)),
    Some(Sampling::Pillow(Filter::Bicubic)),
    Some(Sampling::Pillow(Filter::Lanczos)),
];

/// Every fit with every sampling; the rest of the specification varies.
fn specs() -> impl Iterator<Item = PlanSpec> {
    let all = FITS
        .into_iter()
        .flat_map(|fit| SAMPLINGS.map(|sampling| (fit, sampling)));
    all.enumerate().map(|(number, (fit, sampling))| PlanSpec {
        fit,
        sampling,
        tensor: TensorSpec {
            layout: [Layout::Nchw, Layout::Nhwc][number % 2],
            channels: [Channels::Rgb, Channels::Luma, Channels::Bgr][number % 3],
            element: [Element::F32, Element::U8, Element::F16, Element::I8][number % 4],
            mean: [0.485, 0.456, 0.406],
            std: [0.229, 0.224, 0.225],
            scale: 0.02,
            zero_point: 3.0,
        },
    })
}

fn formats() -> [Format; 5] {
    static CONVERSION: Conversion = Conversion::new(Matrix::Bt709, Range::Limited);
    let conversion = &CONVERSION;
    [
        Format::Rgbx,
        Format::Bgrx,
        Format::Grey,
        Format::I420(conversion),
        Format::Nv12(conversion),
    ]
}

/// Sides from 1 to those of [`LARGEST`], the same in every run.
fn sources() -> impl Iterator<Item = (u32, u32)> {
    let mut state = 2_463_534_242u32;
    let mut side = move |most: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % most + 1
    };
    let corners = [(1, 1), (1, LARGEST.1), (LARGEST.0, 1), LARGEST];
    let random = (0..30).map(move |_| (side(LARGEST.0), side(LARGEST.1)));
    corners.into_iter().chain(random)
}

#[test]
fn the_counter_counts() {
    let counted = calls(|| drop(std::hint::black_box(vec![1u8])));
    assert_eq!((counted.allocations, counted.all), (1, 2));
}

#[test]
fn a_buffer_allocates_only_when_it_grows() {
    let mut buffer = AlignedBytes::default();
    let made = [10, 4, 16, 0, 17].map(|len| calls(|| buffer.set_len(len).unwrap()).allocations);
    assert_eq!(made, [1, 0, 1, 0, 1]);
}

#[test]
fn a_refused_length_allocates_nothing() {
    let mut buffer = AlignedBytes::default();
    let made = calls(|| assert!(buffer.set_len(MAX_BUFFER_BYTES + 1).is_err()));
    assert_eq!(made.all, 0);
}

#[test]
fn a_smaller_source_of_a_classifier_allocates_nothing() {
    let mut plan = ImagePlan::new(PlanSpec {
        fit: Fit::ShorterSideCrop {
            shorter_side: 256,
            crop_width: 224,
            crop_height: 224,
        },
        sampling: Some(Sampling::Pillow(Filter::Bicubic)),
        tensor: TensorSpec {
            layout: Layout::Nchw,
            channels: Channels::Rgb,
            element: Element::F32,
            mean: [0.5; 3],
            std: [0.5; 3],
            scale: 1.0,
            zero_point: 0.0,
        },
    })
    .unwrap();
    plan.reserve(640, 480, Format::Rgbx).unwrap();
    let made = calls(|| {
        for (width, height) in [(640, 480), (480, 480), (333, 217), (1, 1), (640, 480)] {
            plan.reserve(width, height, Format::Rgbx).unwrap();
            plan.run().unwrap();
        }
    });
    assert_eq!(made.all, 0);
}

/// Whether a source may have to become RGBX as a whole: a grey one whose first pass is the vertical one.
fn converts(spec: &PlanSpec, format: Format) -> bool {
    let affine = matches!(spec.fit, Fit::Affine { .. })
        || matches!(spec.fit, Fit::Letterbox { convention, .. } if convention == Convention::MediaPipe);
    let luma = spec.tensor.channels == Channels::Luma;
    let grey = format == Format::Grey || (luma && matches!(format, Format::Rgbx | Format::Bgrx));
    grey && spec.sampling.is_some() && !affine
}

#[test]
fn smaller_sources_allocate_nothing() {
    for (spec, format) in specs().flat_map(|spec| formats().map(|format| (spec, format))) {
        for most in [
            LARGEST,
            (LARGEST.0, 10),
            (9, LARGEST.1),
            (20, 28),
            (31, 24),
            (5, 4),
        ] {
            let mut plan = ImagePlan::new(spec).unwrap();
            plan.reserve(most.0, most.1, format).unwrap();
            let mut converted = !converts(&spec, format);
            for (width, height) in sources() {
                let (width, height) = (width.min(most.0), height.min(most.1));
                let made = calls(|| {
                    plan.reserve(width, height, format).unwrap();
                    plan.input_mut().fill(77);
                    plan.run().unwrap();
                });
                if converted || made.allocations != 1 {
                    let source = format!("{width} × {height} of {format:?} by {spec:?}");
                    assert_eq!(made.all, 0, "{source} after {most:?}");
                }
                converted |= made.allocations == 1 && (width, height) == most;
            }
        }
    }
}

#[test]
fn sources_seen_before_allocate_nothing() {
    for spec in specs() {
        let mut plan = ImagePlan::new(spec).unwrap();
        for round in 0..2 {
            for (format, (width, height)) in formats()
                .into_iter()
                .flat_map(|format| sources().map(move |source| (format, source)))
            {
                let count = calls(|| {
                    plan.reserve(width, height, format).unwrap();
                    plan.input_mut().fill(77);
                    plan.run().unwrap();
                });
                if round == 1 {
                    assert_eq!(count.all, 0, "{width} × {height} of {format:?} by {spec:?}");
                }
            }
        }
    }
}

#[test]
fn a_run_never_allocates() {
    for (spec, format) in specs().flat_map(|spec| formats().map(|format| (spec, format))) {
        let mut plan = ImagePlan::new(spec).unwrap();
        for (width, height) in sources() {
            plan.reserve(width, height, format).unwrap();
            let count = calls(|| plan.run().unwrap());
            assert_eq!(count.all, 0, "{width} × {height} of {format:?} by {spec:?}");
        }
    }
}
