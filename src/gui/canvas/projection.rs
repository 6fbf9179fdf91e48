//! The chart as a graph of cards and curves. A projection: rebuilt when the project's revision changes, never the model. While
//! something is dragged it follows (see `follow`). Knows nothing of the screen, the pointer or colours.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Pos2, Rect, Vec2};
use egui_graphs::Graph;
use petgraph::Directed;
use petgraph::stable_graph::{EdgeIndex, NodeIndex};

use super::arrow::{ArrowData, ArrowShape};
use super::card::{self, CardData, CardShape};
use super::folded::Folded;
use super::follow::Still;
use super::geometry::{Curve, distance_to_line};
use super::glide::Glide;
use super::label::{self, Crowd};
use super::places::Places;
use super::route::{Body, Ends, Routes};
use super::sketch::{Pen, Sketch};
use super::text::Ruler;
use crate::model::{Labels, NodeId, NodeKind, Point, Project, TransitionId};

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
    /// The arrow whose middle is being dragged, and its bend so far.
    pub(super) bend: Option<(TransitionId, Option<Point>)>,
}

impl Shift {
    /// How far this one is dragged.
    pub(super) fn of(&self, id: NodeId) -> Vec2 {
        if self.nodes.contains(&id) { self.by } else { Vec2::ZERO }
    }
}

/// How cards are drawn away from their places: dragged, or on their way to a new one.
#[derive(Clone, Copy)]
pub(super) struct Moved<'a> {
    pub(super) shift: &'a Shift,
    pub(super) glide: Option<&'a Glide>,
}

impl Moved<'_> {
    pub(super) fn by(&self, id: NodeId) -> Vec2 {
        self.shift.of(id) + self.glide.map_or(Vec2::ZERO, |glide| glide.offset(id))
    }

    /// How far `inner` is being dragged away from the group around it.
    pub(super) fn out_of(&self, group: NodeId, inner: NodeId) -> Vec2 {
        if self.shift.nodes.contains(&group) { Vec2::ZERO } else { self.shift.of(inner) }
    }
}

#[derive(Default)]
pub(super) struct Projection {
    pub(super) chart: Chart,
    /// Groups before what they hold, then the cards: the order of painting.
    pub(super) order: Vec<NodeIndex<u32>>,
    places: BTreeMap<NodeId, NodeIndex<u32>>,
    /// The drawn arrow that each one is, or is part of.
    drawn_as: BTreeMap<TransitionId, EdgeIndex<u32>>,
    /// The card that stands for a hidden node.
    stand_ins: BTreeMap<NodeId, NodeId>,
    /// The room that each node takes, were it a card.
    pub(super) sizes: BTreeMap<NodeId, Vec2>,
    /// The arrows as the chart numbers them, with what each joins in `order`.
    pub(super) edges: Vec<EdgeIndex<u32>>,
    pub(super) ends: Vec<Ends>,
    pub(super) routes: Routes,
    /// During a drag: all that it leaves alone.
    pub(super) still: Option<Still>,
    /// The arrow whose middle is being dragged.
    pub(super) pulled: Option<TransitionId>,
}

impl Projection {
    /// `counted`: labels leave room for a count instead of a guard, and cards for those who rest there.
    pub(super) fn new(project: &Project, ruler: &Ruler, moved: &Moved, counted: bool) -> Self {
        let mut projection = Self::default();
        let folded = Folded::of(project);
        let nodes = project.document_order();
        let size = |node| card::size(node, ruler, counted);
        projection.sizes = nodes.iter().map(|(_, node)| (node.id, size(node))).collect();
        let places = Places::of(project, &nodes, moved, |node| projection.sizes[&node.id]);
        let hidden = nodes.iter().filter(|(_, node)| folded.is_hidden(node.id));
        projection.stand_ins = hidden.map(|(_, node)| (node.id, folded.shown_as(node.id))).collect();
        for hollow in [true, false] {
            for (_, node) in nodes.iter().filter(|(_, node)| places.frames.contains(&node.id) == hollow) {
                if folded.is_hidden(node.id) {
                    continue;
                }
                let rect = places.rects[&node.id];
                let mut data = CardData::new(project, node, rect, hollow, (ruler, counted));
                data.is_lane = places.is_lane(node);
                data.dividers = places.dividers_of(node.id).to_vec();
                let index = projection.chart.add_node_with_location(data, rect.center());
                projection.places.insert(node.id, index);
                projection.order.push(index);
            }
        }
        projection.add_arrows(&folded, &Pen { project, ruler, counted, pulled: moved.shift.bend });
        projection
    }

    fn add_arrows(&mut self, folded: &Folded, pen: &Pen) {
        let place_of: BTreeMap<NodeId, usize> =
            self.cards().enumerate().map(|(place, card)| (card.id, place)).collect();
        let mut arrows = Vec::new();
        for strand in folded.strands(pen.project) {
            let Some(&source) = place_of.get(&strand.source) else { continue };
            let target = strand.target.and_then(|target| place_of.get(&target)).copied();
            if strand.target.is_some() == target.is_some() {
                arrows.push(strand.members);
                self.ends.push(Ends { source, target });
            }
        }
        let bodies = self.bodies();
        let (routes, curves) = Routes::all(&bodies, &self.ends);
        self.routes = routes;
        self.turn_names(&bodies, &curves);
        self.pulled = pen.pulled.map(|(arrow, _)| arrow);
        let joined = arrows.into_iter().zip(&self.ends).zip(curves).enumerate();
        let sketches: Vec<Sketch> = joined
            .map(|(number, ((members, ends), own))| Sketch::new(pen, number, members, *ends, &bodies, own))
            .collect();
        let mut crowd = Crowd::default();
        self.cards().for_each(|card| crowd.add_card(card.solid()));
        let wishes: Vec<_> = sketches.iter().map(Sketch::wish).collect();
        let rects = label::place(&wishes, &Crowd::default(), crowd);
        let labels = Labels::of(pen.project);
        for (sketch, rect) in sketches.into_iter().zip(rects) {
            let Ends { source, target } = self.ends[sketch.number];
            let [source, target] = [source, target.unwrap_or(source)].map(|place| self.order[place]);
            let spoken = sketch.spoken(pen.project, &labels);
            let data = sketch.drawn(pen.project, spoken, rect);
            let members = data.members.clone();
            let drawn = self.chart.add_edge(source, target, data);
            self.edges.push(drawn);
            self.drawn_as.extend(members.into_iter().map(|id| (id, drawn)));
        }
    }

    /// The names of signs make way for arrows from below.
    fn turn_names(&mut self, bodies: &[Body], curves: &[Curve]) {
        let side = |(ends, curve): (&Ends, &Curve)| {
            let target = ends.target?;
            let rect = bodies[target].rect;
            Some((target, (curve.at(1.0).y - rect.center().y) / rect.height()))
        };
        let sides: Vec<(usize, f32)> = self.ends.iter().zip(curves).filter_map(side).collect();
        for (place, index) in self.order.iter().enumerate() {
            let from = |wanted: &dyn Fn(f32) -> bool| sides.iter().any(|(at, side)| *at == place && wanted(*side));
            let Some(node) = self.chart.node_mut(*index).filter(|node| node.payload().is_sign) else { continue };
            node.payload_mut().name_above = from(&|side| side > 0.3) && !from(&|side| side < -0.3);
        }
    }

    /// The cards as arrows see them.
    pub(super) fn bodies(&self) -> Vec<Body> {
        self.cards().map(|card| Body { rect: card.rect, hollow: card.hollow, marked: card.start }).collect()
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

    /// The arrow, or the one that it is drawn as a part of.
    pub(super) fn arrow(&self, id: TransitionId) -> Option<&ArrowData> {
        self.chart.edge(*self.drawn_as.get(&id)?).map(egui_graphs::Edge::payload)
    }

    /// The number in the chart of the arrow, or of the one that it is drawn as a part of.
    pub(super) fn drawn_as(&self, id: TransitionId) -> Option<EdgeIndex<u32>> {
        self.drawn_as.get(&id).copied()
    }

    /// The arrow with this place among all arrows.
    pub(super) fn drawn(&self, number: usize) -> Option<&ArrowData> {
        self.chart.edge(self.edges[number]).map(egui_graphs::Edge::payload)
    }

    /// The card of a node, or that of the collapsed group that hides it.
    pub(super) fn stand_in(&self, id: NodeId) -> Option<&CardData> {
        self.card(self.stand_ins.get(&id).copied().unwrap_or(id))
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
        self.group_but(place, &BTreeSet::new())
    }

    /// The innermost group around `place` that is none of `but`.
    pub(super) fn group_but(&self, place: Pos2, but: &BTreeSet<NodeId>) -> Option<NodeId> {
        let around = |card: &&CardData| {
            card.rect.contains(place)
                && matches!(card.kind, NodeKind::Group | NodeKind::Parallel)
                && !but.contains(&card.id)
        };
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
