//! The grids of cells that anchor-free detectors predict in.

use crate::error::KernelError;
use crate::image::fit::MAX_SIDE;

/// One grid per stride over the model's input, the first stride's cells first, each row by row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Grid {
    /// Width of the model's input, in pixels.
    pub width: u32,
    /// Height of the model's input, in pixels.
    pub height: u32,
    /// Pixels from cell to cell; those from the first 0 on are not used.
    pub strides: [u32; 4],
}

/// The position of a cell: column, row and the stride of its grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub column: u32,
    pub row: u32,
    pub stride: u32,
}

impl Grid {
    /// Number of cells of all strides. Cells that reach past a side count
    /// (NanoDet rounds up; the sides of YOLOX are multiples of the strides).
    ///
    /// Errors: [`KernelError::BadSize`] for sides outside 1 to [`MAX_SIDE`].
    pub fn count(&self) -> Result<usize, KernelError> {
        if self.width.max(self.height) > MAX_SIDE || self.width.min(self.height) == 0 {
            return Err(KernelError::BadSize);
        }
        Ok(self.walk(usize::MAX).1)
    }

    /// The cell of anchor number `anchor`; one of stride 0 past the end.
    pub fn cell(&self, anchor: usize) -> Cell {
        self.walk(anchor).0
    }

    /// The cell of `anchor`; past the end, no cell and the number of all cells.
    #[inline(never)]
    fn walk(&self, anchor: usize) -> (Cell, usize) {
        let mut before = 0usize;
        for &stride in self.strides.iter().take_while(|&&stride| stride != 0) {
            let cells = |side: u32| {
                let rounded = side.saturating_add(stride - 1);
                rounded.checked_div(stride).unwrap_or(0) as usize
            };
            let columns = cells(self.width);
            let count = columns.saturating_mul(cells(self.height));
            let place = anchor - before;
            if place < count {
                let row = place.checked_div(columns).unwrap_or(0);
                // Both are smaller than a side.
                let cell = Cell {
                    column: (place - row * columns) as u32,
                    row: row as u32,
                    stride,
                };
                return (cell, before);
            }
            before = before.saturating_add(count);
        }
        (Cell::default(), before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_places_cells() {
        let grid = Grid {
            width: 640,
            height: 320,
            strides: [8, 16, 32, 0],
        };
        assert_eq!(grid.count(), Ok(80 * 40 + 40 * 20 + 20 * 10));
        let cell = |column, row, stride| Cell {
            column,
            row,
            stride,
        };
        assert_eq!(grid.cell(0), cell(0, 0, 8));
        assert_eq!(grid.cell(81), cell(1, 1, 8));
        assert_eq!(grid.cell(3200), cell(0, 0, 16));
        assert_eq!(grid.cell(4199), cell(19, 9, 32));
        assert_eq!(grid.cell(4200), Cell::default());
        assert_eq!(grid.cell(usize::MAX), Cell::default());
    }

    #[test]
    fn refuses_bad_sides() {
        let count = |width, strides| {
            let height = 1;
            Grid {
                width,
                height,
                strides,
            }
            .count()
        };
        assert_eq!(count(0, [8, 0, 0, 0]), Err(KernelError::BadSize));
        assert_eq!(count(32_769, [8, 0, 0, 0]), Err(KernelError::BadSize));
        assert_eq!(count(8, [0; 4]), Ok(0));
        assert_eq!(count(9, [8, u32::MAX, 0, 1]), Ok(3));
    }
}
