//! The chart as a graph of cards and curves. A projection: rebuilt when the project's revision or a drag changes,
//! never the model. Knows nothing of the screen, the pointer or colours.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use egui_graphs::Graph;
use petgraph::Directed;
use petgraph::stable_graph::NodeIndex;

use super::arrow::{ArrowData, ArrowShape};
use super::buckets::Buckets;
use super::card::{self, CardData, CardShape};
use super::geometry::distance_to_line;
use super::label::{self, Label, Wish};
use super::route::{self, Body, Ends, Runs};
use super::text::Ruler;
use super::withheld;
use crate::layout::{Extent, Surroundings};
use crate::model::{Node, NodeId, NodeKind, Point, Project, TransitionId};

type Chart = Graph<CardData, ArrowData, Directed, u32, CardShape, ArrowShape>;

/// What lies at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hit {
    Card(NodeId),
    Arrow(TransitionId),
}

/// Cards that are being dragged, and how far.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shift {
    pub(super) nodes: BTreeSet<NodeId>,
    pub(super) by: Vec2,
}

impl Shift {
    /// How far this one is dragged.
    pub(super) fn of(&self, id: NodeId) -> Vec2 {
        if self.nodes.contains(&id) { self.by } else { Vec2::ZERO }
    }
}

/// How far a card is drawn from its place.
type Offset<'a> = &'a dyn Fn(NodeId) -> Vec2;

#[derive(Default)]
pub(super) struct Projection {
    chart: Chart,
    /// Groups before what they hold, then the cards: the order of painting.
    order: Vec<NodeIndex<u32>>,
    places: BTreeMap<NodeId, NodeIndex<u32>>,
    runs: Runs,
}

impl Projection {
    /// `counted`: labels leave room for a count instead of a guard, and cards for those who rest there.
    pub(super) fn new(project: &Project, ruler: &Ruler, offset: Offset, counted: bool, runs: Runs) -> Self {
        let mut projection = Self { runs, ..Self::default() };
        let rects = rects(project, ruler, offset, counted);
        let nodes = project.document_order();
        for hollow in [true, false] {
            for (_, node) in nodes.iter().filter(|(_, node)| is_hollow(project, node) == hollow) {
                let data = CardData::new(project, node, rects[&node.id], hollow, (ruler, counted));
                let index = projection.chart.add_node_with_location(data, rects[&node.id].center());
                projection.places.insert(node.id, index);
                projection.order.push(index);
            }
        }
        projection.add_arrows(project, ruler, counted);
        projection
    }

    /// The ways of arrows that a drag of `moved` leaves as they are. Of the same chart, before or during that drag.
    pub(super) fn kept_runs(&self, moved: &BTreeSet<NodeId>) -> Runs {
        let cards: Vec<_> = self.cards().map(|card| moved.contains(&card.id) || card.hollow).collect();
        let still = |place: usize| cards.get(place) == Some(&false);
        self.runs
            .iter()
            .filter(|((low, high), _)| still(*low) && still(*high))
            .map(|(pair, run)| (*pair, *run))
            .collect()
    }

    fn add_arrows(&mut self, project: &Project, ruler: &Ruler, counted: bool) {
        let place_of: BTreeMap<NodeId, usize> =
            self.cards().enumerate().map(|(place, card)| (card.id, place)).collect();
        let bodies: Vec<Body> =
            self.cards().map(|card| Body { rect: card.rect, hollow: card.hollow, marked: card.start }).collect();
        let mut arrows = Vec::new();
        let mut ends = Vec::new();
        for arrow in project.transitions.values() {
            let Some(&source) = place_of.get(&arrow.source) else { continue };
            let target = arrow.target.and_then(|target| place_of.get(&target)).copied();
            if arrow.target.is_some() == target.is_some() {
                arrows.push(arrow);
                ends.push(Ends { source, target });
            }
        }
        let curves = route::route(&bodies, &ends, &mut self.runs);
        let lines: Vec<Vec<Pos2>> = curves.iter().map(super::geometry::Curve::polyline).collect();
        let labels: Vec<Label> = arrows
            .iter()
            .zip(&curves)
            .map(|(arrow, curve)| {
                let span = curve.at(1.0) - curve.at(0.0);
                let beside = span.x.abs() > span.y.abs();
                let width = if beside { (span.x.abs() - 56.0).clamp(76.0, 156.0) } else { 150.0 };
                Label::new(project, arrow, ruler, width, counted)
            })
            .collect();
        let wishes: Vec<Wish> = (0..arrows.len())
            .map(|index| {
                let away = curves[index].at(0.5).y - bodies[ends[index].source].rect.center().y;
                let outward = ends[index].is_loop().then(|| Vec2::new(0.0, away.signum()));
                Wish { size: labels[index].size, curve: &curves[index], line: &lines[index], outward }
            })
            .collect();
        let mut solid = Buckets::default();
        for (index, (body, card)) in bodies.iter().zip(self.cards()).enumerate() {
            let below = if card.may_withhold { withheld::BELOW } else { 0.0 };
            let rect = body.rect.with_max_y(body.rect.bottom() + below);
            solid.insert(index, if body.hollow { card::header(body.rect) } else { rect });
        }
        let rects = label::place(&wishes, &solid);
        for (index, arrow) in arrows.iter().enumerate() {
            let target = arrow.target.unwrap_or(arrow.source);
            let data = ArrowData::new(project, arrow, labels[index].clone(), curves[index], rects[index]);
            self.chart.add_edge(self.places[&arrow.source], self.places[&target], data);
        }
    }

    /// In the order of painting.
    pub(super) fn cards(&self) -> impl DoubleEndedIterator<Item = &CardData> {
        self.order.iter().filter_map(|index| self.chart.node(*index)).map(egui_graphs::Node::payload)
    }

    pub(super) fn arrows(&self) -> impl Iterator<Item = &ArrowData> {
        self.chart.edges_iter().map(|(_, edge)| edge.payload())
    }

    pub(super) fn card(&self, id: NodeId) -> Option<&CardData> {
        self.chart.node(*self.places.get(&id)?).map(egui_graphs::Node::payload)
    }

    pub(super) fn arrow(&self, id: TransitionId) -> Option<&ArrowData> {
        self.arrows().find(|arrow| arrow.id == id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The topmost card at `place`; of a group only its edge and its header.
    pub(super) fn card_at(&self, place: Pos2) -> Option<NodeId> {
        self.cards().rev().find(|card| CardShape::from(*card).covers(place)).map(|card| card.id)
    }

    /// The innermost group around `place`.
    pub(super) fn group_at(&self, place: Pos2) -> Option<NodeId> {
        let around =
            |card: &&CardData| card.rect.contains(place) && matches!(card.kind, NodeKind::Group | NodeKind::Parallel);
        self.cards().rev().find(around).map(|card| card.id)
    }

    /// The arrow whose label lies at `place` or whose curve passes within `tolerance` of it.
    pub(super) fn arrow_at(&self, place: Pos2, tolerance: f32, labels: bool) -> Option<TransitionId> {
        let on_label = self.arrows().find(|arrow| labels && arrow.label_rect.contains(place));
        let nearest = || {
            self.arrows()
                .filter(|arrow| arrow.bounds().expand(tolerance).contains(place))
                .map(|arrow| (distance_to_line(&arrow.line, place), arrow))
                .filter(|(distance, _)| *distance <= tolerance)
                .min_by(|one, other| one.0.total_cmp(&other.0))
                .map(|(_, arrow)| arrow)
        };
        on_label.or_else(nearest).map(|arrow| arrow.id)
    }

    /// Everything there is, with arrows and labels.
    pub(super) fn bounds(&self) -> Option<Rect> {
        let cards = self.cards().map(CardData::bounds);
        let arrows = self.arrows().map(|arrow| arrow.bounds().union(arrow.label_rect));
        cards.chain(arrows).reduce(Rect::union)
    }
}

/// Whether `node` is drawn as a frame around others.
fn is_hollow(project: &Project, node: &Node) -> bool {
    matches!(node.kind, NodeKind::Group | NodeKind::Parallel)
        && project.nodes.values().any(|child| child.parent == Some(node.id))
}

/// The rectangle of every node; a group lies around what it holds.
fn rects(project: &Project, ruler: &Ruler, offset: Offset, counted: bool) -> BTreeMap<NodeId, Rect> {
    let mut rects: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let mut around: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let surroundings = Surroundings::of(project);
    for (_, node) in project.document_order().into_iter().rev() {
        let rect = if let Some(inside) = around.get(&node.id) {
            card::frame_around(inside.with_min_x(inside.left() - surroundings.inside(node.id)))
        } else {
            let Point { x, y } = node.position;
            Rect::from_center_size(pos2(x, y) + offset(node.id), card::size(node, ruler, counted))
        };
        rects.insert(node.id, rect);
        if let Some(parent) = node.parent {
            // Loops belong to what they leave, so the frame lies around them, too.
            let Extent { left, right, top, bottom } =
                surroundings.around(node.id, Point::new(rect.width() / 2.0, rect.height() / 2.0));
            let middle = rect.center();
            let wanted = Rect::from_min_max(middle - vec2(left, top), middle + vec2(right, bottom));
            around.entry(parent).and_modify(|all| *all = all.union(wanted)).or_insert(wanted);
        }
    }
    rects
}
