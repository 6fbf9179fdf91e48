//! What to call nodes and arrows, for many of them at once. Asking the project one by one would take the square of their
//! number.

use std::collections::BTreeMap;

use super::{NodeId, Project, Transition};

/// Which names are used how often.
pub struct Labels<'a> {
    project: &'a Project,
    names: BTreeMap<&'a str, usize>,
}

impl<'a> Labels<'a> {
    #[must_use]
    pub fn of(project: &'a Project) -> Self {
        let mut names = BTreeMap::new();
        for node in project.nodes.values() {
            *names.entry(node.name.as_str()).or_default() += 1;
        }
        Self { project, names }
    }

    /// As [`Project::node_label`].
    #[must_use]
    pub fn node(&self, id: NodeId) -> String {
        self.project.label_where(id, &|node| self.names[node.name.as_str()] > 1)
    }

    /// As [`Project::describe`].
    #[must_use]
    pub fn arrow(&self, arrow: &Transition) -> String {
        Project::arrow_words(arrow, |id| self.node(id))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Node, notation};

    use super::*;

    #[test]
    fn many_labels_are_those_that_the_project_gives_one_by_one() {
        let text = "group East\ngroup West\nstate New in East\nstate Old in East\nstate Lone\nNew --x--> Old\nLone --y--> Lone";
        let mut project = notation::parse(text).unwrap();
        let west = project.node_by_name("West").unwrap().id;
        let twin = Node { id: NodeId(99), parent: Some(west), ..project.node_by_name("New").unwrap().clone() };
        project.nodes.insert(twin.id, twin);
        let labels = Labels::of(&project);
        for id in project.nodes.keys() {
            assert_eq!(labels.node(*id), project.node_label(*id));
        }
        for arrow in project.transitions.values() {
            assert_eq!(labels.arrow(arrow), project.describe(arrow.id.into()));
        }
        assert_eq!(labels.node(NodeId(999)), project.node_label(NodeId(999)));
        assert_eq!(project.nodes.keys().filter(|id| labels.node(**id).contains('/')).count(), 2);
    }
}
