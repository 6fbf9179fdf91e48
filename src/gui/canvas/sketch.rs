//! Arrows that have found their way, and whose labels are about to.

use egui::{Pos2, Rect, Vec2};

use super::arrow::ArrowData;
use super::bend;
use super::geometry::Curve;
use super::label::{Label, Wish};
use super::route::{Body, Ends};
use super::text::Ruler;
use crate::model::{Labels, Point, Project, TransitionId};

/// With what arrows are drawn.
pub(super) struct Pen<'a> {
    pub(super) project: &'a Project,
    pub(super) ruler: &'a Ruler<'a>,
    /// Labels leave room for a count.
    pub(super) counted: bool,
    /// The arrow whose middle is being dragged, and its bend so far.
    pub(super) pulled: Option<(TransitionId, Option<Point>)>,
}

pub(super) struct Sketch {
    /// The place of the arrow among all of them.
    pub(super) number: usize,
    members: Vec<TransitionId>,
    own: Curve,
    curve: Curve,
    line: Vec<Pos2>,
    label: Label,
    outward: Option<Vec2>,
}

impl Sketch {
    /// `own`: how it runs if nobody has bent it.
    pub(super) fn new(
        pen: &Pen,
        number: usize,
        members: Vec<TransitionId>,
        ends: Ends,
        bodies: &[Body],
        own: Curve,
    ) -> Self {
        let arrow = &pen.project.transitions[&members[0]];
        let bend = match pen.pulled {
            Some((id, bend)) if members == [id] => bend,
            _ => arrow.bend.filter(|_| members.len() == 1),
        };
        let [source, target] = [ends.source, ends.target.unwrap_or(ends.source)].map(|place| bodies[place].rect);
        let curve = bend.map_or(own, |bend| bend::curve(source, target, bend));
        let label = if members.len() > 1 {
            Label::merged(members.len(), pen.ruler)
        } else {
            let span = curve.at(1.0) - curve.at(0.0);
            let beside = span.x.abs() > span.y.abs();
            // Two loops stand side by side at one card.
            let width = if ends.is_loop() {
                100.0
            } else if beside {
                (span.x.abs() - 56.0).clamp(76.0, 156.0)
            } else {
                150.0
            };
            Label::new(pen.project, arrow, pen.ruler, width, pen.counted)
        };
        // A bend stays free, so that it can be taken hold of.
        let outward = bend.map(|bend| if bend.y > 0.0 { 1.0 } else { -1.0 });
        let outward = outward.or_else(|| ends.is_loop().then(|| (curve.at(0.5).y - source.center().y).signum()));
        let outward = outward.map(|y| Vec2::new(0.0, y));
        Self { number, members, own, line: curve.polyline(), curve, label, outward }
    }

    pub(super) fn wish(&self) -> Wish<'_> {
        let Self { number, ref curve, ref line, outward, .. } = *self;
        Wish { number, size: self.label.size, curve, line, outward }
    }

    /// What it says aloud: `arrow from New to Repeat: purchase`.
    pub(super) fn spoken(&self, project: &Project, labels: &Labels) -> String {
        let said: Vec<String> = self.members.iter().map(|id| labels.arrow(&project.transitions[id])).collect();
        match &said[..] {
            [alone] => format!("{alone}: {}", self.label.trigger.join(" ")),
            all => format!("{} arrows: {}", all.len(), all.join(", ")),
        }
    }

    /// With its label at `rect`.
    pub(super) fn drawn(self, project: &Project, spoken: String, rect: Rect) -> ArrowData {
        let arrow = &project.transitions[&self.members[0]];
        ArrowData::new((arrow, self.members), (spoken, self.label), [self.own, self.curve], rect)
    }
}
