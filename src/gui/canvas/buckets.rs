//! Rectangles by place, so that "what is near here" does not ask all of them.

use std::collections::BTreeMap;

use egui::{Pos2, Rect};

/// Numbered rectangles in square cells.
#[derive(Default)]
pub(super) struct Buckets {
    cells: BTreeMap<(i32, i32), Vec<(usize, Rect)>>,
}

impl Buckets {
    const CELL: f32 = 256.0;

    pub(super) fn insert(&mut self, number: usize, rect: Rect) {
        for cell in Self::cells_of(rect) {
            self.cells.entry(cell).or_default().push((number, rect));
        }
    }

    /// What may touch `rect`; a large rectangle may come more than once.
    pub(super) fn near(&self, rect: Rect) -> impl Iterator<Item = (usize, Rect)> {
        Self::cells_of(rect).filter_map(|cell| self.cells.get(&cell)).flatten().copied()
    }

    pub(super) fn at(&self, place: Pos2) -> impl Iterator<Item = (usize, Rect)> {
        self.cells.get(&Self::cell(place)).into_iter().flatten().copied().filter(move |(_, rect)| rect.contains(place))
    }

    fn cells_of(rect: Rect) -> impl Iterator<Item = (i32, i32)> {
        let (first, last) = (Self::cell(rect.min), Self::cell(rect.max));
        (first.0..=last.0).flat_map(move |x| (first.1..=last.1).map(move |y| (x, y)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "saturates, which puts far places into the last cell")]
    fn cell(place: Pos2) -> (i32, i32) {
        ((place.x / Self::CELL).floor() as i32, (place.y / Self::CELL).floor() as i32)
    }
}
