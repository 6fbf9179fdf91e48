//! Our responses. Nothing is ever sent: a run records them as effects.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::formula::Formula;
use super::id::{AttributeId, EntityId, EventId, TouchpointId};
use super::time::Duration;

/// One response of an arrow, an entry or an exit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Send a touchpoint by its channel.
    Send(TouchpointId),
    /// Add points to a score.
    AddScore { score: AttributeId, points: Formula },
    /// Set an attribute or score to the value of a formula.
    Set { attribute: AttributeId, value: Formula },
    /// Tell a team, or give it a task.
    Notify { team: String, text: String },
    /// Mark a conversion point; the value is money in the project's currency, or empty.
    Convert { point: String, value: Formula },
    /// Start another contact: a referral. In a replay only an effect.
    Refer,
    /// Raise an internal event, processed before any external one.
    Raise(EventId),
    /// Raise an event that brings values, at once and inside, or that much later. Comes by import.
    Schedule(Message),
    /// Take back what was scheduled under this name and has not come yet. Comes by import.
    Cancel(String),
    /// What cannot be done: it always fails, and ends its block. Comes by import.
    Fail(Failure),
    /// Actions of their own within the list: where one of them fails, the list goes on after them. Comes by import.
    Block(Vec<Action>),
    /// The first branch whose condition holds; without a condition it always does. Comes by import.
    If(Vec<Branch>),
}

/// What entries of one catalogue are called in another. What is in none of the maps keeps its number.
#[derive(Clone, Debug, Default)]
pub struct Renumbering {
    pub events: BTreeMap<EventId, EventId>,
    pub attributes: BTreeMap<AttributeId, AttributeId>,
    pub touchpoints: BTreeMap<TouchpointId, TouchpointId>,
}

impl Renumbering {
    pub fn event(&self, id: &mut EventId) {
        *id = self.events.get(id).copied().unwrap_or(*id);
    }

    pub fn attribute(&self, id: &mut AttributeId) {
        *id = self.attributes.get(id).copied().unwrap_or(*id);
    }

    pub fn touchpoint(&self, id: &mut TouchpointId) {
        *id = self.touchpoints.get(id).copied().unwrap_or(*id);
    }

    /// Whether `id` has a new number.
    #[must_use]
    pub fn knows(&self, id: EntityId) -> bool {
        match id {
            EntityId::Event(id) => self.events.contains_key(&id),
            EntityId::Attribute(id) => self.attributes.contains_key(&id),
            EntityId::Touchpoint(id) => self.touchpoints.contains_key(&id),
            _ => false,
        }
    }
}

/// An event that a chart tells itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub event: EventId,
    /// `None`: inside, before anything that comes from outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Duration>,
    /// The name under which it can be cancelled.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The values that it brings, by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, Formula)>,
}

/// Why something cannot be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// In words, as the first half of a sentence.
    pub problem: String,
    /// The values that the event brings which says that an action failed, by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, Formula)>,
}

/// A condition and what is done where it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Branch {
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub guard: Formula,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

impl Action {
    /// Calls `visit` for every formula inside.
    pub fn visit_formulas(&mut self, visit: &mut dyn FnMut(&mut Formula)) {
        match self {
            Self::AddScore { points: formula, .. }
            | Self::Set { value: formula, .. }
            | Self::Convert { value: formula, .. } => visit(formula),
            Self::Schedule(Message { fields, .. }) | Self::Fail(Failure { fields, .. }) => {
                for (_, formula) in fields {
                    visit(formula);
                }
            }
            Self::Block(actions) => actions.iter_mut().for_each(|action| action.visit_formulas(visit)),
            Self::If(branches) => {
                for branch in branches {
                    visit(&mut branch.guard);
                    branch.actions.iter_mut().for_each(|action| action.visit_formulas(visit));
                }
            }
            Self::Send(_) | Self::Notify { .. } | Self::Refer | Self::Raise(_) | Self::Cancel(_) => {}
        }
    }

    /// Calls `visit` for everything of the catalogue that is referred to, here and in every branch.
    pub fn visit_references(&self, visit: &mut dyn FnMut(EntityId)) {
        visit_own_reference(self, visit);
        match self {
            Self::If(branches) => {
                branches.iter().flat_map(|branch| &branch.actions).for_each(|action| action.visit_references(visit));
            }
            Self::Block(actions) => actions.iter().for_each(|action| action.visit_references(visit)),
            _ => {}
        }
    }

    /// The conversion points that are marked, here and in every branch.
    pub fn visit_points(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            Self::Convert { point, .. } => visit(point),
            Self::If(branches) => {
                branches.iter().flat_map(|branch| &branch.actions).for_each(|action| action.visit_points(visit));
            }
            Self::Block(actions) => actions.iter().for_each(|action| action.visit_points(visit)),
            _ => {}
        }
    }

    /// Puts other numbers in the place of everything of the catalogue that is referred to, here and in every branch.
    pub fn renumber(&mut self, numbers: &Renumbering) {
        match self {
            Self::Send(touchpoint) => numbers.touchpoint(touchpoint),
            Self::AddScore { score: attribute, .. } | Self::Set { attribute, .. } => numbers.attribute(attribute),
            Self::Raise(event) | Self::Schedule(Message { event, .. }) => numbers.event(event),
            Self::Block(actions) => actions.iter_mut().for_each(|action| action.renumber(numbers)),
            Self::If(branches) => {
                for action in branches.iter_mut().flat_map(|branch| &mut branch.actions) {
                    action.renumber(numbers);
                }
            }
            Self::Notify { .. } | Self::Convert { .. } | Self::Refer | Self::Cancel(_) | Self::Fail(_) => {}
        }
    }

    /// The actions without those that refer to `gone`, in every branch.
    pub fn retain_without(actions: &mut Vec<Self>, gone: EntityId) {
        actions.retain_mut(|action| {
            match action {
                Self::If(branches) => {
                    for branch in branches {
                        Self::retain_without(&mut branch.actions, gone);
                    }
                }
                Self::Block(actions) => Self::retain_without(actions, gone),
                _ => {}
            }
            let mut refers = false;
            visit_own_reference(action, &mut |id| refers |= id == gone);
            !refers
        });
    }
}

fn visit_own_reference(action: &Action, visit: &mut dyn FnMut(EntityId)) {
    match action {
        Action::Send(touchpoint) => visit((*touchpoint).into()),
        Action::AddScore { score: attribute, .. } | Action::Set { attribute, .. } => visit((*attribute).into()),
        Action::Raise(event) => visit((*event).into()),
        Action::Schedule(message) => visit(message.event.into()),
        Action::Notify { .. }
        | Action::Convert { .. }
        | Action::Refer
        | Action::Cancel(_)
        | Action::Fail(_)
        | Action::Block(_)
        | Action::If(_) => {}
    }
}
