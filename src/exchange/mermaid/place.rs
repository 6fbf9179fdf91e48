//! Places for the states of a diagram, which has none: one column or row after the other, along the arrows.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{NodeId, NodeKind, Point, Project};

/// The room of a card.
const CARD: Point = Point::new(192.0, 64.0);
/// Between columns and rows there is room for what stands on an arrow.
const ALONG: f32 = 128.0;
const BESIDE: f32 = 56.0;
/// What the frame of a group takes: at the left and right, above, below.
const FRAME: (f32, f32, f32) = (24.0, 68.0, 24.0);

pub(super) fn place(project: &mut Project, across: &BTreeMap<Option<NodeId>, bool>) {
    let edges = edges(project);
    let order: Vec<NodeId> = project.document_order().iter().map(|(_, node)| node.id).collect();
    let mut sizes: BTreeMap<NodeId, Point> = BTreeMap::new();
    // Where each one lies, from the upper left corner of what is around it.
    let mut offsets: BTreeMap<NodeId, Point> = BTreeMap::new();
    for scope in order.iter().rev().copied().map(Some).chain([None]) {
        let children: Vec<NodeId> = project.children(scope).map(|node| node.id).collect();
        let Some(own) = scope else {
            arrange(&children, &edges, (scope, direction(across, scope, project)), &sizes, &mut offsets);
            break;
        };
        if children.is_empty() {
            sizes.insert(own, CARD);
            continue;
        }
        // Regions lie below one another, whatever runs inside them.
        let is_parallel = project.nodes.get(&own).is_some_and(|node| node.kind == NodeKind::Parallel);
        let inside = if is_parallel {
            stack(&children, &sizes, &mut offsets)
        } else {
            arrange(&children, &edges, (scope, direction(across, scope, project)), &sizes, &mut offsets)
        };
        let (side, above, below) = FRAME;
        sizes.insert(own, Point::new(inside.x + 2.0 * side, inside.y + above + below));
    }
    let mut corners: BTreeMap<NodeId, Point> = BTreeMap::new();
    for id in order {
        let Some(node) = project.nodes.get_mut(&id) else { continue };
        let around = node.parent.and_then(|parent| corners.get(&parent)).copied().unwrap_or_default();
        let (offset, size) = (offsets[&id], sizes[&id]);
        let corner = Point::new(around.x + offset.x, around.y + offset.y);
        let snapped = |at: f32| (at / 8.0).round() * 8.0;
        node.position = Point::new(snapped(corner.x + size.x / 2.0), snapped(corner.y + size.y / 2.0));
        let is_group = node.kind == NodeKind::Group || node.kind == NodeKind::Parallel;
        let inner = if is_group { Point::new(corner.x + FRAME.0, corner.y + FRAME.1) } else { corner };
        corners.insert(id, inner);
    }
}

/// The direction of the scope, or else of what is around it.
fn direction(across: &BTreeMap<Option<NodeId>, bool>, scope: Option<NodeId>, project: &Project) -> bool {
    let parent = |id: &NodeId| project.nodes.get(id).and_then(|node| node.parent);
    let mut outwards = std::iter::successors(scope, parent).map(Some).chain([None]);
    outwards.find_map(|scope| across.get(&scope).copied()).unwrap_or(false)
}

/// For every scope, which of its states lead to which, by themselves or by what is inside them.
fn edges(project: &Project) -> BTreeMap<Option<NodeId>, Vec<(NodeId, NodeId)>> {
    let parent = |id: &NodeId| project.nodes.get(id).and_then(|node| node.parent);
    let chain = |id: NodeId| {
        let mut chain: Vec<NodeId> = std::iter::successors(Some(id), parent).collect();
        chain.reverse();
        chain
    };
    let mut edges: BTreeMap<Option<NodeId>, Vec<(NodeId, NodeId)>> = BTreeMap::new();
    for arrow in project.transitions.values() {
        let Some(target) = arrow.target else { continue };
        let (from, to) = (chain(arrow.source), chain(target));
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        if let (Some(source), Some(target)) = (from.get(shared), to.get(shared)) {
            let scope = shared.checked_sub(1).map(|last| from[last]);
            edges.entry(scope).or_default().push((*source, *target));
        }
    }
    edges
}

fn stack(children: &[NodeId], sizes: &BTreeMap<NodeId, Point>, offsets: &mut BTreeMap<NodeId, Point>) -> Point {
    let mut room = Point::default();
    for id in children {
        offsets.insert(*id, Point::new(0.0, room.y));
        let size = sizes[id];
        room = Point::new(room.x.max(size.x), room.y + size.y);
    }
    room
}

/// In layers along the arrows. Gives the room that it takes.
fn arrange(
    children: &[NodeId],
    edges: &BTreeMap<Option<NodeId>, Vec<(NodeId, NodeId)>>,
    (scope, across): (Option<NodeId>, bool),
    sizes: &BTreeMap<NodeId, Point>,
    offsets: &mut BTreeMap<NodeId, Point>,
) -> Point {
    let layers = layers(children, edges.get(&scope).map_or(&[], Vec::as_slice));
    // As if it ran from left to right: x is along the arrows.
    let turned = |point: Point| if across { point } else { Point::new(point.y, point.x) };
    let height = |layer: &[NodeId]| {
        let own: f32 = layer.iter().map(|id| turned(sizes[id]).y + BESIDE).sum();
        own - BESIDE
    };
    let tallest = layers.iter().map(|layer| height(layer)).fold(0.0, f32::max);
    let mut along = 0.0;
    for layer in &layers {
        let width = layer.iter().map(|id| turned(sizes[id]).x).fold(0.0, f32::max);
        let mut beside = (tallest - height(layer)) / 2.0;
        for id in layer {
            let size = turned(sizes[id]);
            offsets.insert(*id, turned(Point::new(along + (width - size.x) / 2.0, beside)));
            beside += size.y + BESIDE;
        }
        along += width + ALONG;
    }
    turned(Point::new(along - ALONG, tallest))
}

/// How far each one is from the first; those that nothing leads to begin anew.
fn layers(children: &[NodeId], edges: &[(NodeId, NodeId)]) -> Vec<Vec<NodeId>> {
    let mut next: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    let mut entered: BTreeMap<NodeId, usize> = BTreeMap::new();
    for (source, target) in edges.iter().filter(|(source, target)| source != target) {
        next.entry(*source).or_default().push(*target);
        *entered.entry(*target).or_default() += 1;
    }
    let (sources, others): (Vec<NodeId>, Vec<NodeId>) =
        children.iter().copied().partition(|id| !entered.contains_key(id));
    let mut depth: BTreeMap<NodeId, usize> = BTreeMap::new();
    for first in sources.into_iter().chain(others) {
        if depth.contains_key(&first) {
            continue;
        }
        depth.insert(first, 0);
        let mut open = VecDeque::from([first]);
        while let Some(id) = open.pop_front() {
            let beyond = depth[&id] + 1;
            for target in next.get(&id).into_iter().flatten() {
                if !depth.contains_key(target) {
                    depth.insert(*target, beyond);
                    open.push_back(*target);
                }
            }
        }
    }
    let mut layers = vec![Vec::new(); depth.values().max().map_or(0, |deepest| deepest + 1)];
    for id in children {
        layers[depth[id]].push(*id);
    }
    layers
}
