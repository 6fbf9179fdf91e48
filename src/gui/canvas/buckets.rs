//! Rectangles by place, so that "what is near here" does not ask all of them.

use egui::{Pos2, Rect};
use hashbrown::HashMap;

/// Numbered rectangles in square cells. What a cell holds comes in the order in which it was inserted.
pub(super) struct Buckets {
    cell: f32,
    cells: HashMap<(i32, i32), Vec<(usize, Rect)>>,
}

impl Buckets {
    /// For rectangles of the size of a card.
    pub(super) fn wide() -> Self {
        Self::of(256.0)
    }

    /// For points along lines, which lie closely.
    pub(super) fn fine() -> Self {
        Self::of(32.0)
    }

    fn of(cell: f32) -> Self {
        Self { cell, cells: HashMap::new() }
    }

    pub(super) fn insert(&mut self, number: usize, rect: Rect) {
        for cell in self.cells_of(rect) {
            self.cells.entry(cell).or_default().push((number, rect));
        }
    }

    /// What may touch `rect`; a large rectangle may come more than once.
    pub(super) fn near(&self, rect: Rect) -> impl Iterator<Item = (usize, Rect)> {
        self.cells_of(rect).filter_map(|cell| self.cells.get(&cell)).flatten().copied()
    }

    pub(super) fn at(&self, place: Pos2) -> impl Iterator<Item = (usize, Rect)> {
        let here = self.cells.get(&self.cell_of(place));
        here.into_iter().flatten().copied().filter(move |(_, rect)| rect.contains(place))
    }

    fn cells_of(&self, rect: Rect) -> impl Iterator<Item = (i32, i32)> + use<> {
        let (first, last) = (self.cell_of(rect.min), self.cell_of(rect.max));
        (first.0..=last.0).flat_map(move |x| (first.1..=last.1).map(move |y| (x, y)))
    }

    #[expect(clippy::cast_possible_truncation, reason = "saturates, which puts far places into the last cell")]
    fn cell_of(&self, place: Pos2) -> (i32, i32) {
        ((place.x / self.cell).floor() as i32, (place.y / self.cell).floor() as i32)
    }
}
