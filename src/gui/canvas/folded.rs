//! Groups that are drawn as one card: what is inside them is hidden, and their arrows end at the card. Arrows that would
//! run beside one another between the same two cards become one, with a count.

use std::collections::BTreeMap;

use crate::model::{NodeId, NodeKind, Project, TransitionId};

/// What each node is drawn as.
pub(super) struct Folded {
    /// The outermost collapsed group around, for nodes that are hidden.
    inside: BTreeMap<NodeId, NodeId>,
}

/// Arrows that are drawn as one.
pub(super) struct Strand {
    pub(super) source: NodeId,
    /// `None`: it stays.
    pub(super) target: Option<NodeId>,
    /// All of them; the first one lends its number.
    pub(super) members: Vec<TransitionId>,
}

impl Folded {
    pub(super) fn of(project: &Project) -> Self {
        let mut inside: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for (_, node) in project.document_order() {
            let Some(parent) = node.parent.and_then(|parent| project.nodes.get(&parent)) else { continue };
            let closed = parent.collapsed && matches!(parent.kind, NodeKind::Group | NodeKind::Parallel);
            if let Some(card) = inside.get(&parent.id).copied().or(closed.then_some(parent.id)) {
                inside.insert(node.id, card);
            }
        }
        Self { inside }
    }

    pub(super) fn is_hidden(&self, id: NodeId) -> bool {
        self.inside.contains_key(&id)
    }

    /// The card that stands for `id`: itself, or the group that hides it.
    pub(super) fn shown_as(&self, id: NodeId) -> NodeId {
        self.inside.get(&id).copied().unwrap_or(id)
    }

    /// Every arrow that is drawn, in the order of the project.
    pub(super) fn strands(&self, project: &Project) -> Vec<Strand> {
        let mut strands: Vec<Strand> = Vec::new();
        let mut merged: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
        for arrow in project.transitions.values() {
            let (source, target) = (self.shown_as(arrow.source), arrow.target.map(|target| self.shown_as(target)));
            let hidden = self.is_hidden(arrow.source) || arrow.target.is_some_and(|target| self.is_hidden(target));
            if !hidden {
                strands.push(Strand { source, target, members: vec![arrow.id] });
                continue;
            }
            // What goes on inside a collapsed group is not seen.
            let Some(target) = target.filter(|target| *target != source) else { continue };
            if let Some(index) = merged.get(&(source, target)) {
                strands[*index].members.push(arrow.id);
            } else {
                merged.insert((source, target), strands.len());
                strands.push(Strand { source, target: Some(target), members: vec![arrow.id] });
            }
        }
        strands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::notation;

    #[test]
    fn arrows_of_what_is_hidden_end_at_the_outermost_card_and_those_side_by_side_are_one() {
        let mut project = notation::parse(
            "state Out\ngroup Outer\ngroup Inner in Outer\nstate A in Inner\nstate B in Outer\nA --x--> B\nA --y--> Out
             B --z--> Out\nOut --w--> A\nOuter --v--> Out\nA --u--> (stay)",
        )
        .unwrap();
        let id = |project: &Project, name: &str| project.node_by_name(name).unwrap().id;
        let (outer, inner, out) = (id(&project, "Outer"), id(&project, "Inner"), id(&project, "Out"));
        let drawn = |project: &Project| {
            let strands = Folded::of(project).strands(project);
            strands.iter().map(|one| (one.source, one.target, one.members.len())).collect::<Vec<_>>()
        };
        assert_eq!(drawn(&project).len(), 6);
        project.nodes.get_mut(&inner).unwrap().collapsed = true;
        let b = id(&project, "B");
        assert!(drawn(&project).contains(&(inner, Some(b), 1)));
        project.nodes.get_mut(&outer).unwrap().collapsed = true;
        assert_eq!(drawn(&project), [(outer, Some(out), 2), (out, Some(outer), 1), (outer, Some(out), 1)]);
        assert!(Folded::of(&project).is_hidden(inner) && !Folded::of(&project).is_hidden(outer));
    }
}
