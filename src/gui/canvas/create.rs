//! New states: where they go and what they are called until somebody says.

use egui::Pos2;

use super::Canvas;
use super::geometry::snapped;
use crate::gui::request::Request;
use crate::model::{Edit, NodeId, NodeKind, Point, Project};

impl Canvas {
    /// A new state beside `source`, at `place`, and an arrow to it.
    pub(super) fn state_beside(&mut self, project: &Project, source: NodeId, place: Pos2) -> Request {
        let parent = project.nodes.get(&source).and_then(|node| node.parent);
        self.connected_state(project, source, parent, place)
    }

    /// A new state at `place`, inside the group that lies there, and an arrow to it from `source`.
    pub(super) fn state_at(&mut self, project: &Project, source: NodeId, place: Pos2) -> Request {
        self.connected_state(project, source, self.open_group_at(project, place), place)
    }

    fn connected_state(&mut self, project: &Project, source: NodeId, parent: Option<NodeId>, place: Pos2) -> Request {
        self.connected = true;
        let (name, position) = (free_name(project, parent, "New state"), point(place));
        Request::Create(Edit::AddConnectedState { source, name, parent, position, trigger: String::new() })
    }

    fn open_group_at(&self, project: &Project, place: Pos2) -> Option<NodeId> {
        let open = |group: &NodeId| project.nodes.get(group).is_some_and(|group| !group.collapsed);
        self.projection.group_at(place).filter(open)
    }

    /// A new state at `place`, inside the group that lies there.
    pub(super) fn new_state(&mut self, project: &Project, kind: NodeKind, place: Pos2) -> Request {
        self.connected = false;
        let parent = self.open_group_at(project, place);
        let name = free_name(project, parent, &format!("New {}", kind.label()));
        Request::Create(Edit::AddNode { kind, name, parent, position: point(place) })
    }
}

fn point(place: Pos2) -> Point {
    let place = snapped(place);
    Point::new(place.x, place.y)
}

fn free_name(project: &Project, parent: Option<NodeId>, wish: &str) -> String {
    let taken = |name: &str| project.children(parent).any(|node| node.name.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{wish} {number}"));
    std::iter::once(wish.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}
