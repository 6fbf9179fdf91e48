//! A piece of a journey that can be taken elsewhere: states, the arrows among them, and what they use of the catalogue.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::catalog::{Attribute, Event, Touchpoint};
use super::chart::{Node, Point, Transition};
use super::id::{EntityId, NodeId};
use super::{Entity, Project};

/// States with everything that they need to stand in another project. Its numbers mean something inside it only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// Groups before what is inside them. Of a state without a group around it, the group is not part of the piece.
    pub states: Vec<Node>,
    /// Where a project begins that has no beginning yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<NodeId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrows: Vec<Transition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touchpoints: Vec<Touchpoint>,
}

impl Piece {
    /// The states that are inside no other one of the piece.
    pub fn outermost(&self) -> impl Iterator<Item = &Node> {
        let ids: BTreeSet<NodeId> = self.states.iter().map(|node| node.id).collect();
        self.states.iter().filter(move |node| node.parent.is_none_or(|parent| !ids.contains(&parent)))
    }

    /// The place in the middle of its states.
    #[must_use]
    pub fn center(&self) -> Point {
        let of = |axis: fn(&Node) -> f32| {
            let (low, high) = self
                .states
                .iter()
                .map(axis)
                .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
            if low <= high { f32::midpoint(low, high) } else { 0.0 }
        };
        Point::new(of(|node| node.position.x), of(|node| node.position.y))
    }
}

impl Project {
    /// These states, with everything inside them, the arrows among them, and what they use of the catalogue.
    #[must_use]
    pub fn piece(&self, ids: &[NodeId]) -> Piece {
        let mut inside: BTreeSet<NodeId> = BTreeSet::new();
        let mut states = Vec::new();
        for (_, node) in self.document_order() {
            if ids.contains(&node.id) || node.parent.is_some_and(|parent| inside.contains(&parent)) {
                inside.insert(node.id);
                states.push(node.clone());
            }
        }
        let among = |arrow: &&Transition| {
            inside.contains(&arrow.source) && arrow.targets().all(|target| inside.contains(&target))
        };
        let arrows: Vec<Transition> = self.transitions.values().filter(among).cloned().collect();
        let users: Vec<Entity> =
            states.iter().cloned().map(Entity::Node).chain(arrows.iter().cloned().map(Entity::Transition)).collect();
        let is_used = |id: EntityId| users.iter().any(|user| self.is_used_by(id, user));
        let events: Vec<Event> = self.events.values().filter(|event| is_used(event.id.into())).cloned().collect();
        let fills = |attribute: &Attribute| {
            events.iter().flat_map(|event| &event.fields).any(|field| field.attribute == Some(attribute.id))
        };
        Piece {
            start: self.info.start.filter(|start| inside.contains(start)),
            attributes: self
                .attributes
                .values()
                .filter(|attribute| is_used(attribute.id.into()) || fills(attribute))
                .cloned()
                .collect(),
            touchpoints: self
                .touchpoints
                .values()
                .filter(|touchpoint| is_used(touchpoint.id.into()))
                .cloned()
                .collect(),
            states,
            arrows,
            events,
        }
    }
}
