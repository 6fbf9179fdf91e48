//! What an arrow between cards should not run across or beside: other cards, and the ways of other arrows.

use egui::{Pos2, Rect, Vec2};

use super::buckets::Buckets;
use super::card;
use super::geometry::Curve;
use super::route::Body;

pub(super) struct Obstacles {
    cards: Buckets,
    /// Points of the ways that others have taken.
    ways: Buckets,
}

impl Default for Obstacles {
    fn default() -> Self {
        Self { cards: Buckets::wide(), ways: Buckets::fine() }
    }
}

impl Obstacles {
    /// `index`: its place among the cards.
    pub(super) fn add_body(&mut self, index: usize, body: &Body) {
        let solid = if body.hollow { card::header(body.rect) } else { body.rect };
        self.cards.insert(index, solid.expand(10.0));
    }

    pub(super) fn add_way(&mut self, curve: &Curve) {
        for place in curve.polyline() {
            self.ways.insert(0, Rect::from_center_size(place, Vec2::splat(26.0)));
        }
    }
}

/// What stays where it is, and what is being dragged or has only now found its way.
pub(super) struct Around<'a> {
    pub(super) still: &'a Obstacles,
    pub(super) moving: Obstacles,
}

impl Around<'_> {
    /// Whether a card lies here that is neither `own` nor `other`.
    pub(super) fn hit(&self, place: Pos2, own: usize, other: usize) -> bool {
        let mut cards = self.still.cards.at(place).chain(self.moving.cards.at(place));
        cards.any(|(index, _)| index != own && index != other)
    }

    /// Whether another arrow already runs here.
    pub(super) fn crowded(&self, place: Pos2) -> bool {
        self.still.ways.at(place).chain(self.moving.ways.at(place)).next().is_some()
    }
}
