//! What is drawn in which order, on the screen and in pictures alike: frames, lines, cards, labels. Knows nothing of input.

use std::collections::BTreeSet;

use egui::{Painter, Rect, Vec2};

use super::arrow::{self, ArrowData, ArrowState};
use super::camera::Camera;
use super::card::{self, CardData, CardState};
use super::projection::{Moved, Projection, Shift};
use super::text::Ruler;
use crate::gui::theme::Theme;
use crate::model::{NodeId, Project, TransitionId};

/// A part of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A card, or the frame of a group.
    Node(NodeId),
    Line(TransitionId),
    Label(TransitionId),
}

/// Around a picture.
const MARGIN: f32 = 32.0;

pub(super) struct Scene<'a> {
    pub(super) camera: &'a Camera,
    pub(super) theme: &'a Theme,
    pub(super) cards: &'a [(&'a CardData, CardState)],
    pub(super) arrows: &'a [(&'a ArrowData, ArrowState)],
}

impl Scene<'_> {
    /// Tells `begin` about every part before it paints it.
    pub(super) fn paint(&self, painter: &Painter, begin: &mut dyn FnMut(Part)) {
        let raised = |state: &ArrowState| state.selected || state.hovered || state.travelled;
        let cards = |hollow: bool, begin: &mut dyn FnMut(Part)| {
            for (card, state) in self.cards.iter().filter(|(card, _)| card.hollow == hollow) {
                begin(Part::Node(card.id));
                card::paint(painter, self.camera, self.theme, card, *state);
            }
        };
        cards(true, begin);
        for front in [false, true] {
            for (arrow, state) in self.arrows.iter().filter(|(_, state)| raised(state) == front) {
                begin(Part::Line(arrow.id));
                arrow::paint_line(painter, self.camera, self.theme, arrow, *state);
            }
        }
        cards(false, begin);
        for front in [false, true] {
            for (arrow, state) in self.arrows.iter().filter(|(_, state)| raised(state) == front) {
                begin(Part::Label(arrow.id));
                arrow::paint_label(painter, self.camera, self.theme, arrow, *state);
            }
        }
    }
}

/// Paints a journey at 100 %, from the upper left corner of the screen on: the nodes in `only` with what they hold and the
/// arrows between them, or everything. Gives the size, or nothing where there is nothing to paint.
pub fn paint_still(
    painter: &Painter,
    theme: &Theme,
    project: &Project,
    only: Option<&BTreeSet<NodeId>>,
    begin: &mut dyn FnMut(Part),
) -> Option<Vec2> {
    let moved = Moved { shift: &Shift::default(), glide: None };
    let projection = Projection::new(project, &Ruler::new(painter), &moved, false);
    let mut shown = BTreeSet::new();
    for (_, node) in project.document_order() {
        let inside = node.parent.is_some_and(|parent| shown.contains(&parent));
        if inside || only.is_none_or(|only| only.contains(&node.id)) {
            shown.insert(node.id);
        }
    }
    let cards: Vec<_> =
        projection.cards().filter(|card| shown.contains(&card.id)).map(|card| (card, CardState::default())).collect();
    let is_shown = |arrow: &&ArrowData| {
        let arrow = &project.transitions[&arrow.id];
        shown.contains(&arrow.source) && arrow.target.is_none_or(|target| shown.contains(&target))
    };
    let arrows: Vec<_> = projection.arrows().filter(is_shown).map(|arrow| (arrow, ArrowState::default())).collect();
    let around_cards = cards.iter().map(|(card, _)| card.bounds());
    let around_arrows = arrows.iter().map(|(arrow, _)| arrow.bounds().union(arrow.label_rect));
    let bounds = around_cards.chain(around_arrows).reduce(Rect::union)?.expand(MARGIN);
    let bounds = Rect::from_min_max(bounds.min.floor(), bounds.max.ceil());
    let camera = Camera::still(bounds);
    Scene { camera: &camera, theme, cards: &cards, arrows: &arrows }.paint(painter, begin);
    Some(bounds.size())
}
