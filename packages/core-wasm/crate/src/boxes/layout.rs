//! The layouts of detectors' outputs.

use crate::abi::choice;
use crate::boxes::Corners;
use crate::boxes::grid::Grid;
use crate::error::KernelError;
use crate::scores::exponential::exp4;
use crate::scores::softmax::maximum;

/// The places of related numbers: number `item` of anchor `anchor` is at
/// `start + anchor · anchor_step + item · item_step`.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    pub start: usize,
    pub anchor_step: usize,
    pub item_step: usize,
}

impl Places {
    fn rows(start: usize, anchor_step: usize) -> Self {
        Self {
            start,
            anchor_step,
            item_step: 1,
        }
    }

    /// `values` from that number on; nothing if it is outside.
    #[inline(never)]
    pub fn slice<'a>(&self, values: &'a [f32], anchor: usize, item: usize) -> &'a [f32] {
        // A sum that wraps around is wrong, but nothing outside is read.
        let at = self
            .start
            .wrapping_add(anchor.wrapping_mul(self.anchor_step))
            .wrapping_add(item.wrapping_mul(self.item_step));
        values.get(at..).unwrap_or_default()
    }

    /// That number, or NaN if it is outside.
    #[inline(always)]
    pub fn read(&self, values: &[f32], anchor: usize, item: usize) -> f32 {
        let rest = self.slice(values, anchor, item);
        rest.first().copied().unwrap_or(f32::NAN)
    }
}

/// The encoding of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoxCode {
    /// Left, top, right, bottom.
    Corners,
    /// Centre x and y, width, height.
    Centre,
    /// YOLOX: centre relative to the cell in strides, logarithms of width and height in strides,
    /// and the objectness, by which the scores are multiplied.
    Cell,
    /// NanoDet: for each side a distribution over distances from the cell's centre in strides.
    FromCentre,
    /// Left, top, right, bottom, the score and the class it is of.
    Labelled,
}

choice! {
    /// The layouts that a caller may name; see the functions of [`Layout`].
    pub enum LayoutKind {
        Yolov8 = "yolov8",
        Yolox = "yolox",
        Nanodet = "nanodet",
        /// NanoDet, with the scores of all anchors before the distances of all.
        NanodetApart = "nanodet-apart",
        /// Boxes by their corners, then scores.
        Corners = "xyxy",
        /// Boxes by centre and size, then scores.
        Centres = "cxcywh",
        EndToEnd = "end-to-end",
    }
}

/// A detector's output.
#[derive(Clone, Debug)]
pub struct Layout {
    pub anchors: usize,
    pub classes: usize,
    pub scores: Places,
    pub boxes: Places,
    pub code: BoxCode,
    grid: Grid,
    /// Length of a distribution: distances of 0 to `bins` − 1 strides.
    bins: usize,
}

impl Layout {
    /// The layout of a kind, for `len` numbers. `count` is the number of anchors for YOLOv8 and of bins for
    /// NanoDet; the grid counts for YOLOX and NanoDet.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn new(
        kind: LayoutKind,
        len: usize,
        classes: usize,
        count: usize,
        grid: Grid,
    ) -> Result<Self, KernelError> {
        match kind {
            LayoutKind::Yolov8 => Self::yolov8(len, count, classes),
            LayoutKind::Yolox => Self::yolox(len, grid, classes),
            LayoutKind::Nanodet => Self::nanodet(len, grid, classes, count, false),
            LayoutKind::NanodetApart => Self::nanodet(len, grid, classes, count, true),
            LayoutKind::Corners => Self::plain(len, classes, false),
            LayoutKind::Centres => Self::plain(len, classes, true),
            LayoutKind::EndToEnd => Self::labelled(len),
        }
    }

    /// YOLOv8 and YOLO11: `len` numbers as `[4 + classes + others, anchors]`, boxes by centre and
    /// size, scores after the sigmoid. Others (mask coefficients, key points) are not read.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn yolov8(len: usize, anchors: usize, classes: usize) -> Result<Self, KernelError> {
        let channels = len.checked_div(anchors).unwrap_or(0);
        if channels.saturating_sub(4) < classes {
            return Err(KernelError::BadSize);
        }
        let boxes = Places {
            start: 0,
            anchor_step: 1,
            item_step: anchors,
        };
        let scores = Places {
            start: anchors.saturating_mul(4),
            ..boxes
        };
        let layout = Self {
            anchors,
            classes,
            scores,
            boxes,
            code: BoxCode::Centre,
            grid: Grid::default(),
            bins: 0,
        };
        layout.check(len, channels)
    }

    /// YOLOX: `len` numbers as `[anchors, 5 + classes]`, objectness and scores after the sigmoid.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn yolox(len: usize, grid: Grid, classes: usize) -> Result<Self, KernelError> {
        let channels = classes.saturating_add(5);
        let layout = Self {
            anchors: grid.count()?,
            classes,
            scores: Places::rows(5, channels),
            boxes: Places::rows(0, channels),
            code: BoxCode::Cell,
            grid,
            bins: 0,
        };
        layout.check(len, channels)
    }

    /// NanoDet: `len` numbers as `[anchors, classes + 4 · bins]`, or `apart` as the scores `[anchors, classes]` and behind them the distributions
    /// `[anchors, 4 · bins]`; scores after the sigmoid, distributions before the softmax.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn nanodet(
        len: usize,
        grid: Grid,
        classes: usize,
        bins: usize,
        apart: bool,
    ) -> Result<Self, KernelError> {
        let anchors = grid.count()?;
        let sides = bins.saturating_mul(4);
        let channels = classes.saturating_add(sides);
        let (scores, boxes) = if apart {
            let end = anchors.saturating_mul(classes);
            (Places::rows(0, classes), Places::rows(end, sides))
        } else {
            (Places::rows(0, channels), Places::rows(classes, channels))
        };
        let layout = Self {
            anchors,
            classes,
            scores,
            boxes,
            code: BoxCode::FromCentre,
            grid,
            bins,
        };
        layout.check(len, channels)
    }

    /// Boxes `[anchors, 4]` by corners or by centre and size, behind them scores
    /// `[anchors, classes]`: `len` numbers together.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn plain(len: usize, classes: usize, centre: bool) -> Result<Self, KernelError> {
        let channels = classes.saturating_add(4);
        let anchors = len / channels;
        let layout = Self {
            anchors,
            classes,
            scores: Places::rows(anchors.saturating_mul(4), classes),
            boxes: Places::rows(0, 4),
            code: if centre {
                BoxCode::Centre
            } else {
                BoxCode::Corners
            },
            grid: Grid::default(),
            bins: 0,
        };
        layout.check(len, channels)
    }

    /// Rows of left, top, right, bottom, score and class, as models give that end with their own
    /// suppression: `len` numbers together.
    ///
    /// Errors: [`KernelError::BadSize`].
    pub fn labelled(len: usize) -> Result<Self, KernelError> {
        let layout = Self {
            anchors: len / 6,
            classes: 1,
            scores: Places::rows(4, 6),
            boxes: Places::rows(0, 6),
            code: BoxCode::Labelled,
            grid: Grid::default(),
            bins: 0,
        };
        layout.check(len, 6)
    }

    /// Refuses all but `len` = anchors · channels. Sizes that fit memory cannot overflow elsewhere.
    fn check(self, len: usize, channels: usize) -> Result<Self, KernelError> {
        if self.classes == 0 || self.anchors.checked_mul(channels) != Some(len) {
            return Err(KernelError::BadSize);
        }
        Ok(self)
    }

    /// The factor of the scores of `anchor`.
    #[inline(never)]
    pub fn factor(&self, values: &[f32], anchor: usize) -> f32 {
        if self.code == BoxCode::Cell {
            self.boxes.read(values, anchor, 4)
        } else {
            1.0
        }
    }

    /// The class of score number `column` of `anchor`.
    #[inline(never)]
    pub fn class(&self, values: &[f32], anchor: usize, column: usize) -> usize {
        if self.code == BoxCode::Labelled {
            self.boxes.read(values, anchor, 5) as usize
        } else {
            column
        }
    }

    /// The box of `anchor`.
    pub fn corners(&self, values: &[f32], anchor: usize) -> Corners {
        let distances = self.code == BoxCode::FromCentre;
        let mut numbers = [0.0; 4];
        for (side, number) in numbers.iter_mut().enumerate() {
            *number = if distances {
                let first = self.boxes.slice(values, anchor, side * self.bins);
                expectation(first.get(..self.bins).unwrap_or_default())
            } else {
                self.boxes.read(values, anchor, side)
            };
        }
        let [mut x, mut y, mut width, mut height] = numbers;
        if matches!(self.code, BoxCode::Corners | BoxCode::Labelled) {
            return numbers;
        }
        let cell = self.grid.cell(anchor);
        let [column, row, stride] = [cell.column, cell.row, cell.stride].map(|it| it as f32);
        if distances {
            let (across, down) = ((column + 0.5) * stride, (row + 0.5) * stride);
            let limits = [self.grid.width, self.grid.height].map(|it| it as f32);
            return [
                clip(across - x * stride, limits[0]),
                clip(down - y * stride, limits[1]),
                clip(across + width * stride, limits[0]),
                clip(down + height * stride, limits[1]),
            ];
        }
        if self.code == BoxCode::Cell {
            let powers = exp4(&numbers, 0.0);
            x = (x + column) * stride;
            y = (y + row) * stride;
            width = powers[2] as f32 * stride;
            height = powers[3] as f32 * stride;
        }
        [
            x - width / 2.0,
            y - height / 2.0,
            x + width / 2.0,
            y + height / 2.0,
        ]
    }
}

/// `value` within 0 and `limit`; NaN stays.
fn clip(value: f32, limit: f32) -> f32 {
    let value = if value < 0.0 { 0.0 } else { value };
    if limit < value { limit } else { value }
}

/// The mean of 0, 1, 2, … weighted by the softmax of `logits` (the integral of Generalized Focal
/// Loss, Li et al. 2020).
#[inline(never)]
fn expectation(logits: &[f32]) -> f32 {
    let max = f64::from(maximum(logits));
    let (mut sum, mut total, mut place) = (0.0, 0.0, 0.0);
    for group in logits.chunks(4) {
        for power in exp4(group, max) {
            sum += power;
            total += power * place;
            place += 1.0;
        }
    }
    (total / sum) as f32
}
