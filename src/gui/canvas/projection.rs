//! The chart as a graph of cards and curves. A projection: rebuilt when the project's revision or a drag changes,
//! never the model. Knows nothing of the screen, the pointer or colours.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use egui_graphs::Graph;
use petgraph::Directed;
use petgraph::stable_graph::{EdgeIndex, NodeIndex};

use super::arrow::{ArrowData, ArrowShape};
use super::bend;
use super::buckets::Buckets;
use super::card::{self, CardData, CardShape};
use super::folded::Folded;
use super::geometry::distance_to_line;
use super::glide::Glide;
use super::label::{self, Label, Wish};
use super::lanes::{Lanes, lanes};
use super::route::{self, Body, Ends, Runs};
use super::text::Ruler;
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
    fn by(&self, id: NodeId) -> Vec2 {
        self.shift.of(id) + self.glide.map_or(Vec2::ZERO, |glide| glide.offset(id))
    }

    /// How far `inner` is being dragged away from the group around it.
    fn out_of(&self, group: NodeId, inner: NodeId) -> Vec2 {
        if self.shift.nodes.contains(&group) { Vec2::ZERO } else { self.shift.of(inner) }
    }
}

#[derive(Default)]
pub(super) struct Projection {
    chart: Chart,
    /// Groups before what they hold, then the cards: the order of painting.
    order: Vec<NodeIndex<u32>>,
    places: BTreeMap<NodeId, NodeIndex<u32>>,
    /// The drawn arrow that each one is, or is part of.
    drawn_as: BTreeMap<TransitionId, EdgeIndex<u32>>,
    /// The card that stands for a hidden node.
    stand_ins: BTreeMap<NodeId, NodeId>,
    runs: Runs,
}

impl Projection {
    /// `counted`: labels leave room for a count instead of a guard, and cards for those who rest there.
    pub(super) fn new(project: &Project, ruler: &Ruler, moved: &Moved, counted: bool, runs: Runs) -> Self {
        let mut projection = Self { runs, ..Self::default() };
        let folded = Folded::of(project);
        let mut rects = rects(project, ruler, moved, counted);
        let mut dividers = place_lanes(project, &mut rects);
        let nodes = project.document_order();
        let hidden = nodes.iter().filter(|(_, node)| folded.is_hidden(node.id));
        projection.stand_ins = hidden.map(|(_, node)| (node.id, folded.shown_as(node.id))).collect();
        let nodes: Vec<_> = nodes.iter().filter(|(_, node)| !folded.is_hidden(node.id)).collect();
        for hollow in [true, false] {
            for (_, node) in nodes.iter().filter(|(_, node)| is_hollow(project, node) == hollow) {
                let mut data = CardData::new(project, node, rects[&node.id], hollow, (ruler, counted));
                data.is_lane = hollow && node.parent.is_some_and(|parent| dividers.contains_key(&parent));
                data.dividers = dividers.get_mut(&node.id).map(std::mem::take).unwrap_or_default();
                let index = projection.chart.add_node_with_location(data, rects[&node.id].center());
                projection.places.insert(node.id, index);
                projection.order.push(index);
            }
        }
        projection.add_arrows(project, &folded, ruler, (counted, moved.shift.bend));
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

    fn add_arrows(
        &mut self,
        project: &Project,
        folded: &Folded,
        ruler: &Ruler,
        (counted, pulled): (bool, Option<(TransitionId, Option<Point>)>),
    ) {
        let place_of: BTreeMap<NodeId, usize> =
            self.cards().enumerate().map(|(place, card)| (card.id, place)).collect();
        let bodies: Vec<Body> =
            self.cards().map(|card| Body { rect: card.rect, hollow: card.hollow, marked: card.start }).collect();
        let mut arrows = Vec::new();
        let mut ends = Vec::new();
        for strand in folded.strands(project) {
            let Some(&source) = place_of.get(&strand.source) else { continue };
            let target = strand.target.and_then(|target| place_of.get(&target)).copied();
            if strand.target.is_some() == target.is_some() {
                arrows.push(strand);
                ends.push(Ends { source, target });
            }
        }
        let mut curves = route::route(&bodies, &ends, &mut self.runs);
        let own: Vec<Pos2> = curves.iter().map(|curve| curve.at(0.5)).collect();
        let mut bent = vec![None; arrows.len()];
        for (index, strand) in arrows.iter().enumerate() {
            let bend = match pulled {
                Some((id, bend)) if strand.members == [id] => bend,
                _ => strand.arrow.bend.filter(|_| strand.members.len() == 1),
            };
            let Ends { source, target } = ends[index];
            if let Some(bend) = bend {
                curves[index] = bend::curve(bodies[source].rect, bodies[target.unwrap_or(source)].rect, bend);
                // The bend stays free, so that it can be taken hold of.
                bent[index] = Some(Vec2::new(0.0, if bend.y > 0.0 { 1.0 } else { -1.0 }));
            }
        }
        let lines: Vec<Vec<Pos2>> = curves.iter().map(super::geometry::Curve::polyline).collect();
        let labels: Vec<Label> = arrows
            .iter()
            .zip(&curves)
            .map(|(strand, curve)| {
                if strand.members.len() > 1 {
                    return Label::merged(strand.members.len(), ruler);
                }
                let span = curve.at(1.0) - curve.at(0.0);
                let beside = span.x.abs() > span.y.abs();
                let width = if beside { (span.x.abs() - 56.0).clamp(76.0, 156.0) } else { 150.0 };
                Label::new(project, strand.arrow, ruler, width, counted)
            })
            .collect();
        let wishes: Vec<Wish> = (0..arrows.len())
            .map(|index| {
                let away = curves[index].at(0.5).y - bodies[ends[index].source].rect.center().y;
                let outward = ends[index].is_loop().then(|| Vec2::new(0.0, away.signum()));
                let outward = bent[index].or(outward);
                Wish { size: labels[index].size, curve: &curves[index], line: &lines[index], outward }
            })
            .collect();
        let mut solid = Buckets::default();
        for (index, (body, card)) in bodies.iter().zip(self.cards()).enumerate() {
            let rect = body.rect.with_max_y(body.rect.bottom() + card.below());
            solid.insert(index, if body.hollow { card::header(body.rect) } else { rect });
        }
        let rects = label::place(&wishes, &solid);
        for (index, strand) in arrows.into_iter().enumerate() {
            let (source, target) = (strand.source, strand.target.unwrap_or(strand.source));
            let mut data = ArrowData::new(project, strand.arrow, labels[index].clone(), curves[index], rects[index]);
            data.gather(project, strand.members, own[index]);
            let members = data.members.clone();
            let drawn = self.chart.add_edge(self.places[&source], self.places[&target], data);
            self.drawn_as.extend(members.into_iter().map(|id| (id, drawn)));
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

    /// The arrow, or the one that it is drawn as a part of.
    pub(super) fn arrow(&self, id: TransitionId) -> Option<&ArrowData> {
        self.chart.edge(*self.drawn_as.get(&id)?).map(egui_graphs::Edge::payload)
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

/// Whether `node` is drawn as a frame around others.
fn is_hollow(project: &Project, node: &Node) -> bool {
    matches!(node.kind, NodeKind::Group | NodeKind::Parallel)
        && !node.collapsed
        && project.nodes.values().any(|child| child.parent == Some(node.id))
}

/// The rectangle of every node; a group lies around what it holds, as long as that is not being dragged out of it.
fn rects(project: &Project, ruler: &Ruler, moved: &Moved, counted: bool) -> BTreeMap<NodeId, Rect> {
    let mut rects: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let mut around: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let surroundings = Surroundings::of(project);
    for (_, node) in project.document_order().into_iter().rev() {
        let size = card::size(node, ruler, counted);
        let frame = |inside: &Rect| card::frame_around(inside.with_min_x(inside.left() - surroundings.inside(node.id)));
        let rect = match around.get(&node.id) {
            // A collapsed group stands in the middle of what it hides.
            Some(inside) if node.collapsed => Rect::from_center_size(frame(inside).center(), size),
            Some(inside) => frame(inside),
            None => {
                let Point { x, y } = node.position;
                Rect::from_center_size(pos2(x, y) + moved.by(node.id), size)
            }
        };
        rects.insert(node.id, rect);
        if let Some(parent) = node.parent {
            // Loops belong to what they leave, so the frame lies around them, too.
            let Extent { left, right, top, bottom } =
                surroundings.around(node.id, Point::new(rect.width() / 2.0, rect.height() / 2.0));
            let middle = rect.center() - moved.out_of(parent, node.id);
            let wanted = Rect::from_min_max(middle - vec2(left, top), middle + vec2(right, bottom));
            around.entry(parent).and_modify(|all| *all = all.union(wanted)).or_insert(wanted);
        }
    }
    rects
}

/// Regions fill their lane of the parallel around them.
fn place_lanes(project: &Project, rects: &mut BTreeMap<NodeId, Rect>) -> BTreeMap<NodeId, Vec<[Pos2; 2]>> {
    let mut dividers = BTreeMap::new();
    // From the outside in, since a parallel may be a region itself.
    for (_, node) in project.document_order() {
        if node.kind != NodeKind::Parallel || !is_hollow(project, node) {
            continue;
        }
        let regions: Vec<&Node> = project.children(Some(node.id)).collect();
        let room = card::inside_of_frame(rects[&node.id]);
        let Some(Lanes { rects: found, dividers: lines }) =
            lanes(room, &regions.iter().map(|region| rects[&region.id]).collect::<Vec<_>>())
        else {
            continue;
        };
        for (region, lane) in regions.iter().zip(found) {
            if is_hollow(project, region) {
                rects.insert(region.id, lane);
            }
        }
        dividers.insert(node.id, lines);
    }
    dividers
}
