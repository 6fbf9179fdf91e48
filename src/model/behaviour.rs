//! The world: what customers and colleagues do, each an assumption. Behaviours produce events; the chart reacts to them.

use serde::{Deserialize, Serialize};

use super::assumption::Assumption;
use super::distribution::Distribution;
use super::formula::Formula;
use super::hours::Hours;
use super::id::{AttributeId, BehaviourId, EventId, NodeId, TeamId, TouchpointId};
use super::time::{Duration, Unit};

/// Something that people do: when, who, what, how likely, how late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Behaviour {
    pub id: BehaviourId,
    /// Unique among behaviours.
    pub name: String,
    /// What its draws are keyed by. It is kept when the behaviour is renamed and in copies of the project, so that two
    /// versions are compared on the same luck. Unique among behaviours.
    pub key: String,
    pub when: When,
    /// For whom; without a condition, everybody.
    #[serde(default, skip_serializing_if = "Formula::is_untyped")]
    pub guard: Formula,
    /// At most one of these happens; what is missing to 100 % is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// How long after; without it, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<Delayed>,
    /// Whether leaving the node that set it off takes back what has not happened yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancel_on_leave: bool,
    /// The team that does it, one after the other; without it, nobody has to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What sets a behaviour off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Once, when the journey of the contact starts.
    Start,
    /// Each time the node is entered.
    Entered(NodeId),
    /// Each time the touchpoint was really sent.
    Sent(TouchpointId),
    /// Again and again, counted from the start of the journey, or from entry as long as the contact is in the node.
    Every {
        period: Duration,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<NodeId>,
    },
    /// By chance, so many `times` on average in `per`, always or while the contact is in the node.
    Rate {
        times: Assumption,
        per: Duration,
        /// Where contacts differ: the shape of the gamma distribution of their rates, whose mean stays the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shape: Option<Assumption>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<NodeId>,
    },
}

impl When {
    /// The node it belongs to.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Entered(node) => Some(*node),
            Self::Every { within, .. } | Self::Rate { within, .. } => *within,
            Self::Start | Self::Sent(_) => None,
        }
    }
}

/// One of the things that can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub event: EventId,
    /// The values that the event brings, looked up when it happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, Formula)>,
    pub chance: Chance,
}

/// How likely an outcome is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chance {
    /// A share from 0 to 1.
    Share(Assumption),
    /// The contact's own probability: a number from 0 to 1.
    Attribute(AttributeId),
}

/// How late something happens, in units of nominal length: a day has 24 hours, a month 30 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delayed {
    pub spread: Distribution,
    pub unit: Unit,
}

/// People who work off a queue during their hours, in the zone of the project. Contacts who need the same team wait for
/// each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Team {
    pub id: TeamId,
    /// Unique among teams.
    pub name: String,
    pub hours: Hours,
    pub people: Assumption,
    /// What one of them gets done in a week.
    pub per_week: Assumption,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Behaviour {
    /// What it is called until somebody gives it a name; a number may follow.
    pub const UNNAMED: &'static str = "New behaviour";

    /// Whether its key is only that of a name which nobody gave.
    #[must_use]
    pub fn has_no_key_yet(&self) -> bool {
        let rest = self.key.strip_prefix(&Self::UNNAMED.to_lowercase());
        rest.is_some_and(|rest| rest.trim().chars().all(|digit| digit.is_ascii_digit()))
    }

    /// Every number in it, with what to call it.
    pub fn visit_assumptions(&mut self, visit: &mut dyn FnMut(String, &mut Assumption)) {
        if let When::Rate { times, shape, .. } = &mut self.when {
            visit(String::from("times"), times);
            if let Some(shape) = shape {
                visit(String::from("shape"), shape);
            }
        }
        for (index, outcome) in self.outcomes.iter_mut().enumerate() {
            if let Chance::Share(share) = &mut outcome.chance {
                visit(format!("chance {}", index + 1), share);
            }
        }
        for (name, assumption) in self.delay.iter_mut().flat_map(|delay| delay.spread.parameters_mut()) {
            visit(format!("delay {name}"), assumption);
        }
    }

    /// Calls `visit` for every formula inside.
    pub fn visit_formulas(&mut self, visit: &mut dyn FnMut(&mut Formula)) {
        visit(&mut self.guard);
        self.outcomes.iter_mut().flat_map(|outcome| &mut outcome.fields).for_each(|(_, formula)| visit(formula));
    }
}

impl Team {
    /// Every number in it, with what to call it.
    pub fn visit_assumptions(&mut self, visit: &mut dyn FnMut(String, &mut Assumption)) {
        visit(String::from("people"), &mut self.people);
        visit(String::from("per week"), &mut self.per_week);
    }
}
