//! Cards that glide to new places, so that the eye can follow what was arranged.

use std::collections::BTreeMap;

use egui::{Ui, Vec2, vec2};

use super::{Canvas, CanvasView, Fit};
use crate::model::{NodeId, Point, Project};

/// In seconds: long enough to be followed, too short to be waited for.
const DURATION: f64 = 0.18;

/// Where cards were before, and how much of the way is left.
pub(super) struct Glide {
    from: BTreeMap<NodeId, Point>,
    offsets: BTreeMap<NodeId, Vec2>,
    begin: Option<f64>,
    /// From 1 to 0.
    away: f32,
}

impl Glide {
    pub(super) fn from(project: &Project) -> Self {
        let from = project.nodes.values().map(|node| (node.id, node.position)).collect();
        Self { from, offsets: BTreeMap::new(), begin: None, away: 1.0 }
    }

    pub(super) fn away(&self) -> f32 {
        self.away
    }

    /// How far a card is from its place.
    pub(super) fn offset(&self, id: NodeId) -> Vec2 {
        self.offsets.get(&id).copied().unwrap_or(Vec2::ZERO) * self.away
    }

    fn begin(&mut self, now: f64, project: &Project) -> f64 {
        let offset = |(id, from): (&NodeId, &Point)| {
            let to = project.nodes.get(id)?.position;
            Some((*id, vec2(from.x - to.x, from.y - to.y)))
        };
        self.offsets = self.from.iter().filter_map(offset).collect();
        self.begin = Some(now);
        now
    }
}

impl Canvas {
    /// Brings the cards that are on their way nearer to their places.
    pub(super) fn glide(&mut self, ui: &Ui, view: &CanvasView) {
        let Some(glide) = &mut self.glide else { return };
        let now = ui.input(|input| input.time);
        let begin = glide.begin.unwrap_or_else(|| glide.begin(now, view.project));
        let progress = ((now - begin) / DURATION).clamp(0.0, 1.0);
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let left = 1.0 - progress as f32;
        // Fast at first, gently in the end.
        glide.away = left * left * left;
        if progress >= 1.0 {
            self.glide = None;
        } else {
            ui.ctx().request_repaint();
        }
        // Who sees everything goes on seeing everything.
        if self.fit == Fit::Kept {
            self.fit = Fit::Wanted;
        }
    }
}
