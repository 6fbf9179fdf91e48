//! The words a journey is made of, as plain values. Knows nothing of files, screens, clocks or chance.

pub mod action;
pub mod assumption;
pub mod behaviour;
pub mod catalog;
pub mod change;
pub mod chart;
pub mod contact;
pub mod dataset;
pub mod decision;
pub mod distribution;
pub mod edit;
pub mod expectation;
pub mod formula;
pub mod generator;
pub mod hours;
pub mod id;
pub mod integrity;
pub mod labels;
pub mod moment;
pub mod notation;
pub mod piece;
pub mod sample;
pub mod scenario;
pub mod send_policy;
pub mod sentence;
pub mod share;
pub mod time;
pub mod trigger_text;
pub mod usage;
pub mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use action::{Action, Branch, Failure, Message};
pub use assumption::{Assumption, Provenance};
pub use behaviour::{Behaviour, Team, When};
pub use catalog::{Attribute, AttributeKind, Cap, Channel, Event, Field, ScoreChange, ScoreRule, Touchpoint};
pub use change::{Change, Entity};
pub use chart::{Events, Node, NodeKind, Point, Stage, Transition, Trigger};
pub use contact::{Contact, Occurrence};
pub use dataset::{Dataset, DatasetInfo};
pub use decision::{Answer, Asked, Bucket, Decision, Place};
pub use distribution::{Distribution, Draw};
pub use edit::{Arrangement, Edit, EditError, Home};
pub use expectation::{Claim, Expectation, Told};
pub use formula::Formula;
pub use generator::Generator;
pub use hours::Hours;
pub use id::{
    AttributeId, BehaviourId, BucketId, ContactId, DatasetId, DecisionId, EntityId, EventId, ExpectationId,
    GeneratorId, NodeId, ScenarioId, ScoreRuleId, TeamId, TouchpointId, TransitionId,
};
pub use integrity::Fault;
pub use labels::Labels;
pub use moment::Moment;
pub use piece::Piece;
pub use scenario::{Population, Scenario};
pub use send_policy::SendPolicy;
pub use time::{Delay, Duration, Time, Unit, Zone};
pub use value::Value;

/// What is true of the whole project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Info {
    pub name: String,
    /// What the journey is about and the question it answers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// IANA name; empty means UTC.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub zone: String,
    /// The node that contacts enter first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<NodeId>,
    /// How many arrows may be taken without an event of their own before a contact is stopped, where it is not the usual
    /// 100. Comes by import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsteps: Option<u32>,
    /// What may be sent to whom, how often and when.
    #[serde(default, skip_serializing_if = "SendPolicy::is_untouched")]
    pub send_policy: SendPolicy,
    /// The share by which money of a month later is worth less. Values of conversions are discounted by it, counted from
    /// the start of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Assumption>,
}

/// One journey with everything it is told in: plain values in ordered maps by id.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    pub info: Info,
    pub nodes: BTreeMap<NodeId, Node>,
    pub transitions: BTreeMap<TransitionId, Transition>,
    pub events: BTreeMap<EventId, Event>,
    pub attributes: BTreeMap<AttributeId, Attribute>,
    pub touchpoints: BTreeMap<TouchpointId, Touchpoint>,
    pub score_rules: BTreeMap<ScoreRuleId, ScoreRule>,
    pub decisions: BTreeMap<DecisionId, Decision>,
    pub contacts: BTreeMap<ContactId, Contact>,
    pub expectations: BTreeMap<ExpectationId, Expectation>,
    pub behaviours: BTreeMap<BehaviourId, Behaviour>,
    pub teams: BTreeMap<TeamId, Team>,
    pub generators: BTreeMap<GeneratorId, Generator>,
    pub scenarios: BTreeMap<ScenarioId, Scenario>,
    pub datasets: BTreeMap<DatasetId, DatasetInfo>,
}

impl Project {
    /// An empty journey with a name.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { info: Info { name: name.into(), ..Info::default() }, ..Self::default() }
    }

    /// The nodes in which something can rest or end: those that are no groups and no signs.
    pub fn states(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values().filter(|node| matches!(node.kind, NodeKind::State | NodeKind::End))
    }

    /// The nodes inside `parent`, in document order.
    pub fn children(&self, parent: Option<NodeId>) -> impl Iterator<Item = &Node> {
        let mut children: Vec<&Node> = self.nodes.values().filter(|node| node.parent == parent).collect();
        children.sort_by_key(|node| (node.order, node.id));
        children.into_iter()
    }

    /// Every node, parents before children, siblings in document order, with its depth.
    #[must_use]
    pub fn document_order(&self) -> Vec<(usize, &Node)> {
        let mut children: BTreeMap<Option<NodeId>, Vec<&Node>> = BTreeMap::new();
        for node in self.nodes.values() {
            children.entry(node.parent).or_default().push(node);
        }
        for siblings in children.values_mut() {
            // Backwards, since the last one pushed is the next one visited.
            siblings.sort_by_key(|node| std::cmp::Reverse((node.order, node.id)));
        }
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut open: Vec<(usize, &Node)> = Vec::new();
        let mut enter = |parent, depth, open: &mut Vec<_>| {
            open.extend(children.remove(&parent).unwrap_or_default().into_iter().map(|node| (depth, node)));
        };
        enter(None, 0, &mut open);
        while let Some((depth, node)) = open.pop() {
            order.push((depth, node));
            enter(Some(node.id), depth + 1, &mut open);
        }
        order
    }

    /// The arrows of every node that has any, in rank.
    #[must_use]
    pub fn arrows_by_source(&self) -> BTreeMap<NodeId, Vec<&Transition>> {
        let mut arrows: BTreeMap<NodeId, Vec<&Transition>> = BTreeMap::new();
        for arrow in self.transitions.values() {
            arrows.entry(arrow.source).or_default().push(arrow);
        }
        for outgoing in arrows.values_mut() {
            outgoing.sort_by_key(|arrow| (arrow.rank, arrow.id));
        }
        arrows
    }

    /// Whether the arrow ends at its source or inside it, so that it matters whether the source is left.
    #[must_use]
    pub fn ends_inside(&self, arrow: &Transition) -> bool {
        let outwards = std::iter::successors(arrow.target, |id| self.nodes.get(id)?.parent);
        outwards.take(self.nodes.len() + 1).any(|around| around == arrow.source)
    }

    /// The arrows that leave `source`, in rank.
    pub fn outgoing(&self, source: NodeId) -> impl Iterator<Item = &Transition> {
        let mut outgoing: Vec<&Transition> = self.transitions.values().filter(|arrow| arrow.source == source).collect();
        outgoing.sort_by_key(|arrow| (arrow.rank, arrow.id));
        outgoing.into_iter()
    }

    /// `Group/Name` where the bare name is not unique, else the name.
    #[must_use]
    pub fn node_label(&self, id: NodeId) -> String {
        self.label_where(id, &|node| self.nodes.values().any(|other| other.id != node.id && other.name == node.name))
    }

    fn label_where(&self, id: NodeId, is_shared: &dyn Fn(&Node) -> bool) -> String {
        let Some(node) = self.nodes.get(&id) else { return String::from("(deleted)") };
        match node.parent.filter(|_| is_shared(node)) {
            Some(parent) => format!("{}/{}", self.label_where(parent, is_shared), node.name),
            None => node.name.clone(),
        }
    }

    /// The labels of several nodes: `Onboarding and Paying`.
    #[must_use]
    pub fn node_labels(&self, ids: &[NodeId]) -> String {
        print_list(&ids.iter().map(|id| self.node_label(*id)).collect::<Vec<_>>(), "and")
    }

    /// The name of a touchpoint, also of one that is gone.
    #[must_use]
    pub fn touchpoint_label(&self, id: TouchpointId) -> &str {
        self.touchpoints.get(&id).map_or("(deleted)", |touchpoint| touchpoint.name.as_str())
    }

    /// The node that a formula or a notation means by `name`: a bare name, or a path `Group/Name`.
    #[must_use]
    pub fn node_by_name(&self, name: &str) -> Option<&Node> {
        self.nodes.values().find(|node| node.name.eq_ignore_ascii_case(name)).or_else(|| {
            let is_path = name.contains('/');
            let mut paths = self.nodes.values().filter(|_| is_path);
            paths.find(|node| self.node_label(node.id).eq_ignore_ascii_case(name))
        })
    }

    #[must_use]
    pub fn event_by_name(&self, name: &str) -> Option<&Event> {
        self.events.values().find(|event| event.name.eq_ignore_ascii_case(name))
    }

    #[must_use]
    pub fn attribute_by_name(&self, name: &str) -> Option<&Attribute> {
        self.attributes.values().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    #[must_use]
    pub fn touchpoint_by_name(&self, name: &str) -> Option<&Touchpoint> {
        self.touchpoints.values().find(|touchpoint| touchpoint.name.eq_ignore_ascii_case(name))
    }

    #[must_use]
    pub fn team_by_name(&self, name: &str) -> Option<&Team> {
        self.teams.values().find(|team| team.name.eq_ignore_ascii_case(name))
    }

    #[must_use]
    pub fn generator_by_name(&self, name: &str) -> Option<&Generator> {
        self.generators.values().find(|generator| generator.name.eq_ignore_ascii_case(name))
    }

    /// A key for a new behaviour that no other behaviour has: its name, with a number where that is taken.
    #[must_use]
    pub fn free_behaviour_key(&self, name: &str) -> String {
        let taken = |key: &str| self.behaviours.values().any(|behaviour| behaviour.key == key);
        let name = name.to_lowercase();
        let numbered = (2..=u64::MAX).map(|number| format!("{name} {number}"));
        std::iter::once(name.clone()).chain(numbered).find(|key| !taken(key)).unwrap_or_default()
    }

    /// The rules that give points, in rank.
    #[must_use]
    pub fn ranked_score_rules(&self) -> Vec<&ScoreRule> {
        let mut rules: Vec<&ScoreRule> = self.score_rules.values().collect();
        rules.sort_by_key(|rule| (rule.rank, rule.id));
        rules
    }

    /// The project's zone; UTC where the name is no zone (which is a problem that the check reports).
    #[must_use]
    pub fn zone(&self) -> Zone {
        Zone::named(&self.info.zone).unwrap_or_default()
    }

    /// What to call `id` in a sentence: `state Lead`, `arrow from Lead to Trial`.
    #[must_use]
    pub fn describe(&self, id: EntityId) -> String {
        fn named<'a>(what: &str, name: Option<&'a String>) -> String {
            name.map_or_else(|| format!("deleted {what}"), |name: &'a String| format!("{what} {name}"))
        }
        match id {
            EntityId::Info => String::from("the journey"),
            EntityId::Node(id) => match self.nodes.get(&id) {
                Some(node) => format!("{} {}", node.kind.label(), self.node_label(id)),
                None => String::from("deleted state"),
            },
            EntityId::Transition(id) => self.transitions.get(&id).map_or_else(
                || String::from("deleted arrow"),
                |arrow| Self::arrow_words(arrow, |node| self.node_label(node)),
            ),
            EntityId::Event(id) => named("event", self.events.get(&id).map(|event| &event.name)),
            EntityId::Attribute(id) => named("attribute", self.attributes.get(&id).map(|attribute| &attribute.name)),
            EntityId::Touchpoint(id) => {
                named("touchpoint", self.touchpoints.get(&id).map(|touchpoint| &touchpoint.name))
            }
            EntityId::ScoreRule(id) => {
                let rule = self.score_rules.get(&id);
                named("score rule on", rule.and_then(|rule| self.events.get(&rule.event)).map(|event| &event.name))
            }
            EntityId::Decision(id) => self.decisions.get(&id).map_or_else(
                || String::from("deleted decision"),
                |decision| decision.answer.title(self, &[decision.place]),
            ),
            EntityId::Contact(id) => named("contact", self.contacts.get(&id).map(|contact| &contact.name)),
            EntityId::Expectation(id) => self.expectations.get(&id).map_or_else(
                || String::from("deleted expectation"),
                |expectation| format!("expectation that {}", self.expectation_label(expectation)),
            ),
            EntityId::Behaviour(id) => named("behaviour", self.behaviours.get(&id).map(|behaviour| &behaviour.name)),
            EntityId::Team(id) => named("team", self.teams.get(&id).map(|team| &team.name)),
            EntityId::Generator(id) => {
                named("generated population", self.generators.get(&id).map(|generator| &generator.name))
            }
            EntityId::Scenario(id) => named("scenario", self.scenarios.get(&id).map(|scenario| &scenario.name)),
            EntityId::Dataset(id) => named("dataset", self.datasets.get(&id).map(|dataset| &dataset.name)),
        }
    }

    fn arrow_words(arrow: &Transition, label: impl Fn(NodeId) -> String) -> String {
        match arrow.target {
            Some(target) => format!("arrow from {} to {}", label(arrow.source), label(target)),
            None => format!("arrow that stays in {}", label(arrow.source)),
        }
    }
}

/// `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn print_list(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

/// The text with its first letter large, to begin a sentence.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + characters.as_str())
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn lists_read_as_in_a_sentence() {
        let items = |count: usize| ["a", "b", "c"][..count].iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            ["", "a", "a and b", "a, b and c"],
            [0, 1, 2, 3].map(|count| print_list(&items(count), "and")).each_ref().map(String::as_str)
        );
    }
}
