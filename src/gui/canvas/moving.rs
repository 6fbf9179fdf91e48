//! States that are dragged: they snap to the grid and to their neighbours, go into the group that they are dropped on, and
//! with Alt leave a copy behind. One edit when they are dropped.

use std::collections::BTreeSet;

use egui::{Pos2, Rect, Ui, Vec2};

use super::projection::Shift;
use super::select::{outermost, with_inner};
use super::snap::{self, Snapped};
use super::{Canvas, CanvasView, Fit};
use crate::gui::request::{Request, Selection};
use crate::model::{Edit, Home, NodeId, Point, Project};

/// A drag of states.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moving {
    /// Where it was pressed.
    from: Pos2,
    /// Where the grabbed card lay then.
    home: Rect,
    /// The group around the grabbed card.
    group: Option<NodeId>,
    /// A single card keeps its middle on the grid; the frame of a group only moves along it.
    on_grid: bool,
    /// What is moved, without what is inside it.
    tops: Vec<NodeId>,
    nodes: BTreeSet<NodeId>,
    snapped: Snapped,
    /// The group under the pointer.
    into: Option<NodeId>,
    copy: bool,
}

impl Moving {
    /// How far the cards are drawn from their places.
    pub(super) fn shift(&self) -> Shift {
        if self.copy {
            return Shift::default();
        }
        Shift { nodes: self.nodes.clone(), by: self.snapped.by, bend: None }
    }

    /// Another group than before, which would take the states.
    pub(super) fn other_group(&self) -> Option<NodeId> {
        self.into.filter(|into| Some(*into) != self.group)
    }

    pub(super) fn is_copy(&self) -> bool {
        self.copy
    }

    pub(super) fn guides(&self) -> &[[Pos2; 2]] {
        &self.snapped.guides
    }

    /// What would be copied, and how far away.
    pub(super) fn ghosts(&self) -> (&BTreeSet<NodeId>, Vec2) {
        (&self.nodes, self.snapped.by)
    }

    pub(super) fn request(self, project: &Project) -> Option<Request> {
        let by = self.snapped.by;
        let leaves = self.into != self.group;
        if by == Vec2::ZERO {
            return None;
        }
        if self.copy {
            let home = if leaves { Home::In(self.into) } else { Home::Beside };
            let by = Point::new(by.x, by.y);
            return Some(Request::Place(Edit::Duplicate { ids: self.tops, by, home }));
        }
        let Edit::MoveNodes(places) = move_by(project, &self.nodes, by) else { return None };
        let is_elsewhere = |id: &NodeId| project.nodes.get(id).is_some_and(|node| node.parent != self.into);
        let ids: Vec<NodeId> = self.tops.iter().copied().filter(is_elsewhere).collect();
        Some(Request::Edit(if leaves && !ids.is_empty() {
            Edit::MoveInto { ids, parent: self.into, places }
        } else {
            Edit::MoveNodes(places)
        }))
    }
}

impl Canvas {
    pub(super) fn begin_move(
        &self,
        view: &CanvasView,
        grabbed: NodeId,
        from: Pos2,
        moved: &Selection,
    ) -> Option<Moving> {
        let card = self.projection.card(grabbed)?;
        Some(Moving {
            from,
            home: card.rect,
            group: view.project.nodes.get(&grabbed).and_then(|node| node.parent),
            on_grid: !card.hollow && !card.collapsed,
            tops: outermost(view.project, moved),
            nodes: with_inner(view.project, moved),
            snapped: Snapped::default(),
            into: view.project.nodes.get(&grabbed).and_then(|node| node.parent),
            copy: false,
        })
    }

    pub(super) fn proceed_move(&mut self, ui: &Ui, moving: &mut Moving, place: Pos2) {
        self.fit = Fit::Left;
        let (copy, freely) = ui.input(|input| (input.modifiers.alt, input.modifiers.command));
        let by = place - moving.from;
        moving.copy = copy;
        if by.length() * self.camera.zoom() < 3.0 {
            moving.snapped = Snapped::default();
            return;
        }
        let visible = self.camera.visible();
        let others: Vec<Rect> = self
            .projection
            .cards()
            .filter(|card| !card.hollow && !moving.nodes.contains(&card.id) && visible.intersects(card.rect))
            .map(|card| card.rect)
            .collect();
        moving.snapped = if freely {
            Snapped { by: by.round(), guides: Vec::new() }
        } else {
            snap::snap(moving.home, by, &others, self.camera.zoom(), moving.on_grid)
        };
        moving.into = self.projection.group_but(place, &moving.nodes);
    }
}

pub(super) fn move_by(project: &Project, nodes: &BTreeSet<NodeId>, by: Vec2) -> Edit {
    let moved = nodes.iter().filter_map(|id| project.nodes.get(id));
    Edit::MoveNodes(moved.map(|node| (node.id, Point::new(node.position.x + by.x, node.position.y + by.y))).collect())
}
