//! New states: where they go and what they are called until somebody says.

use egui::Pos2;

use super::Canvas;
use super::geometry::snapped;
use crate::gui::request::Request;
use crate::model::{Edit, NodeId, NodeKind, Point, Project};

impl Canvas {
    /// A new state at `place` and an arrow to it from `source`.
    pub(super) fn connected_state(&mut self, project: &Project, source: NodeId, place: Pos2) -> Request {
        self.connected = true;
        let parent = project.nodes.get(&source).and_then(|node| node.parent);
        let name = free_name(project, parent, "New state");
        Request::Create(Edit::AddConnectedState { source, name, position: point(place), trigger: String::new() })
    }

    /// A new state at `place`, inside the group that lies there.
    pub(super) fn new_state(&mut self, project: &Project, kind: NodeKind, place: Pos2) -> Request {
        self.connected = false;
        let open = |group: &NodeId| project.nodes.get(group).is_some_and(|group| !group.collapsed);
        let parent = self.projection.group_at(place).filter(open);
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
