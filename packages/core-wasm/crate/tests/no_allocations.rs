//! A stream of images allocates for its largest only: every call into the allocator is counted here.

use std::alloc::{GlobalAlloc, Layout as Block, System};
use std::cell::Cell;

use hayate_kernels::image::coefficients::Filter;
use hayate_kernels::image::fit::Fit;
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::tensor::{ByteOrder, Layout};

thread_local! {
    // Per thread, because the test harness allocates in its own.
    static CALLS: Cell<u32> = const { Cell::new(0) };
}

struct Counting;

impl Counting {
    fn count() {
        CALLS.with(|calls| calls.set(calls.get() + 1));
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, block: Block) -> *mut u8 {
        Self::count();
        unsafe { System.alloc(block) }
    }

    unsafe fn dealloc(&self, address: *mut u8, block: Block) {
        Self::count();
        unsafe { System.dealloc(address, block) }
    }

    unsafe fn realloc(&self, address: *mut u8, block: Block, size: usize) -> *mut u8 {
        Self::count();
        unsafe { System.realloc(address, block, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Calls into the allocator that `action` makes.
fn calls(action: impl FnOnce()) -> u32 {
    let before = CALLS.with(Cell::get);
    action();
    CALLS.with(Cell::get) - before
}

/// Larger than any target below in both directions, so that every pass runs.
const LARGEST: (u32, u32) = (121, 93);

const FITS: [Fit; 3] = [
    Fit::Stretch {
        width: 20,
        height: 28,
    },
    Fit::ShorterSideCrop {
        shorter_side: 32,
        crop_width: 28,
        crop_height: 24,
    },
    // Small in one direction only: smaller sources are scaled up in it.
    Fit::Stretch {
        width: 8,
        height: 90,
    },
];

fn specs() -> impl Iterator<Item = PlanSpec> {
    FITS.into_iter().flat_map(|fit| {
        [Filter::Bilinear, Filter::Bicubic]
            .into_iter()
            .flat_map(move |filter| {
                [Layout::Nchw, Layout::Nhwc].map(|layout| PlanSpec {
                    fit,
                    filter,
                    layout,
                    mean: [0.485, 0.456, 0.406],
                    std: [0.229, 0.224, 0.225],
                })
            })
    })
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
    let random = (0..40).map(move |_| (side(LARGEST.0), side(LARGEST.1)));
    corners.into_iter().chain(random)
}

#[test]
fn the_counter_counts() {
    assert!(calls(|| drop(std::hint::black_box(vec![1u8]))) >= 2);
}

#[test]
fn a_source_no_larger_than_before_allocates_nothing() {
    for spec in specs() {
        let mut plan = ImagePlan::new(spec).unwrap();
        plan.reserve(LARGEST.0, LARGEST.1, ByteOrder::Rgbx).unwrap();
        for (width, height) in sources() {
            let count = calls(|| {
                for order in [ByteOrder::Rgbx, ByteOrder::Bgrx] {
                    plan.reserve(width, height, order).unwrap();
                    plan.input_mut().fill(77);
                    plan.run().unwrap();
                }
            });
            assert_eq!(count, 0, "{width} × {height} by {spec:?}");
        }
    }
}

#[test]
fn a_run_never_allocates() {
    for spec in specs() {
        let mut plan = ImagePlan::new(spec).unwrap();
        for (width, height) in sources() {
            plan.reserve(width, height, ByteOrder::Rgbx).unwrap();
            assert_eq!(calls(|| plan.run().unwrap()), 0, "{width} × {height}");
        }
    }
}
