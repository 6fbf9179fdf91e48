//! Where cards lie: leaves where they were put, groups around what they hold, regions in their lanes. Knows nothing of arrows.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::card;
use super::lanes::{Lanes, lanes};
use super::projection::Moved;
use crate::layout::{Extent, Surroundings};
use crate::model::{Node, NodeId, NodeKind, Point, Project};

pub(super) struct Places {
    pub(super) rects: BTreeMap<NodeId, Rect>,
    /// Of every parallel that has lanes: the lines between them.
    pub(super) dividers: BTreeMap<NodeId, Vec<[Pos2; 2]>>,
    /// What is drawn as a frame around others.
    pub(super) frames: BTreeSet<NodeId>,
}

impl Places {
    /// `nodes`: in document order. `size`: the room that a card takes.
    pub(super) fn of(project: &Project, nodes: &[(usize, &Node)], moved: &Moved, size: impl Fn(&Node) -> Vec2) -> Self {
        let holding: BTreeSet<NodeId> = nodes.iter().filter_map(|(_, node)| node.parent).collect();
        let is_frame = |node: &&Node| {
            matches!(node.kind, NodeKind::Group | NodeKind::Parallel) && !node.collapsed && holding.contains(&node.id)
        };
        let frames = nodes.iter().map(|(_, node)| *node).filter(is_frame).map(|node| node.id).collect();
        let rects = rects(project, nodes, moved, size);
        let mut places = Self { rects, dividers: BTreeMap::new(), frames };
        places.fill_lanes(project, nodes);
        places
    }

    /// Regions fill their lane of the parallel around them.
    fn fill_lanes(&mut self, project: &Project, nodes: &[(usize, &Node)]) {
        // From the outside in, since a parallel may be a region itself.
        for (_, node) in nodes {
            if node.kind != NodeKind::Parallel || !self.frames.contains(&node.id) {
                continue;
            }
            let regions: Vec<&Node> = project.children(Some(node.id)).collect();
            let room = card::inside_of_frame(self.rects[&node.id]);
            let Some(Lanes { rects: found, dividers: lines }) =
                lanes(room, &regions.iter().map(|region| self.rects[&region.id]).collect::<Vec<_>>())
            else {
                continue;
            };
            for (region, lane) in regions.iter().zip(found) {
                if self.frames.contains(&region.id) {
                    self.rects.insert(region.id, lane);
                }
            }
            self.dividers.insert(node.id, lines);
        }
    }

    /// Whether `node` fills a lane of the parallel around it.
    pub(super) fn is_lane(&self, node: &Node) -> bool {
        self.frames.contains(&node.id) && node.parent.is_some_and(|parent| self.dividers.contains_key(&parent))
    }

    pub(super) fn dividers_of(&self, id: NodeId) -> &[[Pos2; 2]] {
        self.dividers.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// The rectangle of every node; a group lies around what it holds, as long as that is not being dragged out of it.
fn rects(
    project: &Project,
    nodes: &[(usize, &Node)],
    moved: &Moved,
    size: impl Fn(&Node) -> Vec2,
) -> BTreeMap<NodeId, Rect> {
    let mut rects: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let mut around: BTreeMap<NodeId, Rect> = BTreeMap::new();
    let surroundings = Surroundings::of(project);
    for (_, node) in nodes.iter().rev() {
        let size = size(node);
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
