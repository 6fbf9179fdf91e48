//! Edits of the tree: who is inside whom, and where groups begin.

use super::{EditError, Plan};
use crate::model::Point;
use crate::model::chart::{Node, NodeKind};
use crate::model::formula::NameKind;
use crate::model::id::{EntityId, NodeId};

impl Plan {
    pub(super) fn group(&mut self, ids: &[NodeId], name: &str) -> Result<(), EditError> {
        let mut inside = Vec::new();
        for id in ids {
            inside.push(get!(self.nodes, id, "state"));
        }
        let Some(first) = inside.iter().min_by_key(|node| (node.order, node.id)).cloned() else {
            return Err(EditError::Refused(String::from("Select the states to group first.")));
        };
        if inside.iter().any(|node| node.parent != first.parent) {
            return Err(EditError::Refused(String::from(
                "Only states that stand side by side can be grouped; these are inside different groups.",
            )));
        }
        let center = inside
            .iter()
            .fold(Point::default(), |sum, node| Point::new(sum.x + node.position.x, sum.y + node.position.y));
        #[expect(clippy::cast_precision_loss, reason = "a handful of states")]
        let count = inside.len() as f32;
        let group = self.new_node(name, first.parent, Point::new(center.x / count, center.y / count))?;
        let start = self.project.info.start;
        let begins = inside.iter().find(|node| Some(node.id) == start && node.kind != NodeKind::Resume);
        let initial = begins.or(inside.iter().find(|node| node.kind != NodeKind::Resume)).map(|node| node.id);
        let group = Node { kind: NodeKind::Group, initial, order: first.order, ..group };
        let id = group.id;
        self.keeping_names(|plan| {
            plan.put(group);
            for node in inside {
                plan.put(Node { parent: Some(id), ..node });
            }
        });
        Ok(())
    }

    pub(super) fn ungroup(&mut self, id: NodeId) -> Result<(), EditError> {
        let group = get!(self.nodes, &id, "group");
        let children: Vec<Node> = self.project.children(Some(id)).cloned().collect();
        if children.is_empty() {
            return Err(EditError::Refused(format!("{} holds nothing; delete it instead.", group.name)));
        }
        for child in &children {
            let own = [child.id, id];
            let taken = self
                .project
                .children(group.parent)
                .any(|other| !own.contains(&other.id) && other.name.eq_ignore_ascii_case(&child.name));
            if taken {
                return Err(EditError::NameTaken { what: "state", name: child.name.clone() });
            }
        }
        let begins = group.initial.or(children.first().map(|child| child.id));
        self.keeping_names(|plan| {
            for child in children {
                plan.put(Node { parent: group.parent, ..child });
            }
            if plan.project.info.start == Some(id) {
                plan.set_info(|info| info.start = begins);
            }
            plan.delete(id.into());
        });
        Ok(())
    }

    pub(super) fn set_parent(&mut self, ids: &[NodeId], parent: Option<NodeId>) -> Result<(), EditError> {
        if let Some(parent) = parent {
            self.check_parent(parent)?;
        }
        let mut moved = Vec::new();
        for id in ids {
            let node = get!(self.nodes, id, "state");
            if parent.is_some_and(|parent| self.is_inside(parent, *id)) {
                return Err(EditError::Refused(format!("{} cannot be moved into itself.", node.name)));
            }
            self.free_node_name(&node.name, parent, Some(*id))?;
            moved.push(node);
        }
        self.keeping_names(|plan| {
            for node in moved {
                let left = node.parent;
                let node = Node { parent, ..node };
                plan.put(node.clone());
                if let Some(left) = left.filter(|left| Some(*left) != parent) {
                    plan.begin_elsewhere(left, node.id);
                }
                if let Some(parent) = parent {
                    plan.begin_with(parent, &node);
                }
            }
        });
        Ok(())
    }

    pub(super) fn set_collapsed(&mut self, id: NodeId, collapsed: bool) -> Result<(), EditError> {
        let node = get!(self.nodes, &id, "group");
        if collapsed && self.project.children(Some(id)).next().is_none() {
            return Err(EditError::Refused(format!("{} holds no other states, so it cannot be collapsed.", node.name)));
        }
        self.put(Node { collapsed, ..node });
        Ok(())
    }

    pub(super) fn set_initial(&mut self, id: NodeId, initial: NodeId) -> Result<(), EditError> {
        let node = get!(self.nodes, &id, "group");
        let child = get!(self.nodes, &initial, "state");
        let around = if node.kind == NodeKind::Resume { node.parent } else { Some(id) };
        if child.parent != around || child.kind == NodeKind::Resume {
            return Err(EditError::Refused(format!("{} is no state inside {}.", child.name, node.name)));
        }
        self.put(Node { initial: Some(initial), ..node });
        Ok(())
    }

    pub(super) fn check_parent(&self, parent: NodeId) -> Result<(), EditError> {
        let around = get!(self.nodes, &parent, "group");
        if matches!(around.kind, NodeKind::Group | NodeKind::Parallel) {
            return Ok(());
        }
        Err(EditError::Refused(format!("{} is a {}; only a group can hold states.", around.name, around.kind.label())))
    }

    /// A group that did not say where it begins does so with `node`.
    pub(super) fn begin_with(&mut self, group: NodeId, node: &Node) {
        let Some(around) = self.project.nodes.get(&group).cloned() else { return };
        if around.kind == NodeKind::Group && around.initial.is_none() && node.kind != NodeKind::Resume {
            self.put(Node { initial: Some(node.id), ..around });
        }
    }

    /// A group whose beginning was taken away begins with the first that is left.
    fn begin_elsewhere(&mut self, group: NodeId, gone: NodeId) {
        let Some(around) = self.project.nodes.get(&group).cloned() else { return };
        if around.initial == Some(gone) {
            let left = self.project.children(Some(group)).find(|node| node.kind != NodeKind::Resume);
            let initial = left.map(|node| node.id);
            self.put(Node { initial, ..around });
        }
    }

    pub(super) fn is_inside(&self, node: NodeId, outer: NodeId) -> bool {
        let parent = |node: &NodeId| self.project.nodes.get(node).and_then(|node| node.parent);
        std::iter::successors(Some(node), parent).take(self.project.nodes.len() + 1).any(|around| around == outer)
    }

    /// Does something that changes paths such as `Group/Name`, and lets formulas follow.
    pub(super) fn keeping_names(&mut self, change: impl FnOnce(&mut Self)) {
        let labels: Vec<(NodeId, String)> =
            self.project.nodes.keys().map(|id| (*id, self.project.node_label(*id))).collect();
        change(self);
        for (id, old) in labels {
            let Some(node) = self.project.nodes.get(&id) else { continue };
            let new = self.project.node_label(id);
            // A bare name that became ambiguous needs its path; a path that changed needs the new one.
            if new == old || (old == node.name && !self.is_ambiguous(&old)) {
                continue;
            }
            let users: Vec<EntityId> = self.project.entities().map(|entity| entity.id()).collect();
            for user in users {
                let Some(mut entity) = self.project.entity(user) else { continue };
                let mut changed = false;
                entity.visit_formulas(&mut |formula| {
                    if let Some(renamed) = formula.renamed(NameKind::State, &old, &new) {
                        *formula = renamed;
                        changed = true;
                    }
                });
                if changed {
                    self.put(entity);
                }
            }
        }
    }

    fn is_ambiguous(&self, name: &str) -> bool {
        self.project.nodes.values().filter(|node| node.name.eq_ignore_ascii_case(name)).count() > 1
    }
}
