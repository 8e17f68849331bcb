//! Memory and refusal behaviour of the plan.

use hayate_kernels::error::KernelError;
use hayate_kernels::image::coefficients::Filter;
use hayate_kernels::image::fit::Fit;
use hayate_kernels::image::plan::{ImagePlan, PlanSpec};
use hayate_kernels::image::tensor::{ByteOrder, Layout};

fn plan(fit: Fit) -> ImagePlan {
    ImagePlan::new(PlanSpec {
        fit,
        filter: Filter::Bicubic,
        layout: Layout::Nchw,
        mean: [0.5; 3],
        std: [0.5; 3],
    })
    .expect("a valid spec")
}

const CLASSIC: Fit = Fit::ShorterSideCrop {
    shorter_side: 256,
    crop_width: 224,
    crop_height: 224,
};

#[test]
fn a_smaller_source_allocates_nothing() {
    let mut plan = plan(CLASSIC);
    plan.reserve(640, 480, ByteOrder::Rgbx).unwrap();
    let before = plan.allocations();
    for (width, height) in [(640, 480), (480, 480), (333, 217), (1, 1), (640, 480)] {
        plan.reserve(width, height, ByteOrder::Rgbx).unwrap();
        plan.run().unwrap();
    }
    assert_eq!(plan.allocations(), before);
}

#[test]
fn an_extreme_aspect_ratio_stays_small() {
    let mut plan = plan(CLASSIC);
    for (width, height) in [(1, 10_000), (10_000, 1), (1, 32_768), (32_768, 1)] {
        plan.reserve(width, height, ByteOrder::Rgbx).unwrap();
        plan.run().unwrap();
        assert!(plan.between_len() <= 224 * 224 * 4);
    }
}

#[test]
fn refuses_bad_sources() {
    let mut plan = plan(CLASSIC);
    assert_eq!(plan.run(), Err(KernelError::NoInput));
    assert_eq!(
        plan.reserve(0, 5, ByteOrder::Rgbx),
        Err(KernelError::BadSize)
    );
    assert_eq!(
        plan.reserve(5, 32_769, ByteOrder::Rgbx),
        Err(KernelError::BadSize)
    );
    assert_eq!(
        plan.reserve(32_768, 32_768, ByteOrder::Rgbx),
        Err(KernelError::TooLarge)
    );
    assert_eq!(plan.run(), Err(KernelError::NoInput));
}

#[test]
fn refuses_a_large_result() {
    let mut plan = plan(Fit::Stretch {
        width: 32_768,
        height: 32_768,
    });
    assert_eq!(
        plan.reserve(1, 1, ByteOrder::Rgbx),
        Err(KernelError::TooLarge)
    );
}

#[test]
fn only_the_region_counts() {
    for fit in [
        CLASSIC,
        Fit::Stretch {
            width: 20,
            height: 30,
        },
    ] {
        for (width, height) in [(640, 480), (256, 300), (224, 224), (33, 900), (5, 7)] {
            let mut plan = plan(fit);
            plan.reserve(width, height, ByteOrder::Rgbx).unwrap();
            for (index, byte) in plan.input_mut().iter_mut().enumerate() {
                *byte = (index * 7919 % 251) as u8;
            }
            plan.run().unwrap();
            let expected = plan.output().to_vec();
            let region = plan.region();
            for (index, pixel) in plan.input_mut().chunks_exact_mut(4).enumerate() {
                let (x, y) = (index % width as usize, index / width as usize);
                if !region.columns.contains(&x) || !region.rows.contains(&y) {
                    pixel.fill(255);
                }
            }
            plan.run().unwrap();
            assert_eq!(plan.output(), expected, "{width} × {height}");
        }
    }
}
