//! What must hold of every entity, however half-drawn the chart: it refers only to what exists, nothing is inside
//! itself, and its numbers are numbers. Edits that would break this are refused, and so are files where it is broken.

use std::fmt;

use super::action::Action;
use super::behaviour::{Behaviour, Chance, When};
use super::chart::{Events, Node, Trigger};
use super::decision::Asked;
use super::distribution::Draw;
use super::expectation::Claim;
use super::generator::Generator;
use super::id::EntityId;
use super::scenario::Population;
use super::{Entity, Project, Value};

/// What is wrong with an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It refers to one of these that does not exist.
    Missing(&'static str),
    /// It is inside itself.
    Cycle,
    /// One of its numbers is infinite or undefined, which no file can keep.
    NotFinite,
    /// Its half-life is no time at all.
    NoHalfLife,
    /// It may give less than no points.
    NegativeCap,
    /// Its time of day is one that no clock shows.
    NoSuchTime,
    /// Its id leaves no room for the next one.
    LastId,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "refers to {what} that does not exist"),
            Self::Cycle => f.write_str("is inside itself"),
            Self::NotFinite => f.write_str("has a number that is infinite or undefined"),
            Self::NoHalfLife => f.write_str("has a half-life of no time; write a duration such as 30 days"),
            Self::NegativeCap => f.write_str("has a cap below 0 points"),
            Self::NoSuchTime => f.write_str("has a time of day that no clock shows"),
            Self::LastId => f.write_str("has a number that is too large"),
        }
    }
}

impl Project {
    /// The first thing that is wrong with `entity`, in its place in this project.
    #[must_use]
    pub fn fault(&self, entity: &Entity) -> Option<Fault> {
        let mut check = Check { project: self, fault: None };
        check.entity(entity);
        check.fault
    }
}

struct Check<'a> {
    project: &'a Project,
    fault: Option<Fault>,
}

impl Check<'_> {
    fn require(&mut self, holds: bool, fault: Fault) {
        if !holds && self.fault.is_none() {
            self.fault = Some(fault);
        }
    }

    fn exists(&mut self, id: impl Into<EntityId>) {
        let (exists, what) = match id.into() {
            EntityId::Info => (true, "a journey"),
            EntityId::Node(id) => (self.project.nodes.contains_key(&id), "a state"),
            EntityId::Transition(id) => (self.project.transitions.contains_key(&id), "an arrow"),
            EntityId::Event(id) => (self.project.events.contains_key(&id), "an event"),
            EntityId::Attribute(id) => (self.project.attributes.contains_key(&id), "an attribute"),
            EntityId::Touchpoint(id) => (self.project.touchpoints.contains_key(&id), "a touchpoint"),
            EntityId::ScoreRule(id) => (self.project.score_rules.contains_key(&id), "a score rule"),
            EntityId::Decision(id) => (self.project.decisions.contains_key(&id), "a decision"),
            EntityId::Contact(id) => (self.project.contacts.contains_key(&id), "a contact"),
            EntityId::Expectation(id) => (self.project.expectations.contains_key(&id), "an expectation"),
            EntityId::Behaviour(id) => (self.project.behaviours.contains_key(&id), "a behaviour"),
            EntityId::Team(id) => (self.project.teams.contains_key(&id), "a team"),
            EntityId::Generator(id) => (self.project.generators.contains_key(&id), "a generated population"),
            EntityId::Scenario(id) => (self.project.scenarios.contains_key(&id), "a scenario"),
            EntityId::Dataset(id) => (self.project.datasets.contains_key(&id), "a dataset"),
        };
        self.require(exists, Fault::Missing(what));
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Number(number) => self.require(number.is_finite(), Fault::NotFinite),
            Value::Unknown | Value::Text(_) | Value::YesNo(_) | Value::Time(_) => {}
        }
    }

    fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            action.visit_references(&mut |id| self.exists(id));
        }
    }

    fn node(&mut self, node: &Node) {
        self.require(node.position.x.is_finite() && node.position.y.is_finite(), Fault::NotFinite);
        self.actions(&node.on_entry);
        self.actions(&node.on_exit);
        self.actions(&node.on_begin);
        for related in node.parent.iter().chain(&node.initial).chain(&node.also) {
            self.exists(*related);
        }
        self.require(node.order < u32::MAX, Fault::LastId);
        let outwards = std::iter::successors(node.parent, |id| self.project.nodes.get(id)?.parent);
        // With more steps outwards than there are nodes, some node was passed twice.
        let depth = outwards.take(self.project.nodes.len() + 1).count();
        self.require(depth <= self.project.nodes.len(), Fault::Cycle);
    }

    fn behaviour(&mut self, behaviour: &Behaviour) {
        behaviour.when.node().into_iter().for_each(|node| self.exists(node));
        if let When::Sent(touchpoint) = behaviour.when {
            self.exists(touchpoint);
        }
        for outcome in &behaviour.outcomes {
            self.exists(outcome.event);
            if let Chance::Attribute(attribute) = outcome.chance {
                self.exists(attribute);
            }
        }
        behaviour.team.into_iter().for_each(|team| self.exists(team));
    }

    fn generator(&mut self, generator: &Generator) {
        for (attribute, draw) in &generator.attributes {
            self.exists(*attribute);
            self.draw(draw);
        }
        for prior in &generator.prior {
            self.exists(prior.event);
            self.draw(&prior.count);
        }
    }

    fn draw(&mut self, draw: &Draw) {
        if let Draw::Mix(shares) = draw {
            for (value, _) in shares {
                self.value(value);
            }
        }
    }

    fn entity(&mut self, entity: &Entity) {
        self.require(raw_id(entity.id()) < u32::MAX, Fault::LastId);
        let mut finite = true;
        entity.clone().visit_assumptions(&mut |_, assumption| finite &= assumption.numbers().all(f64::is_finite));
        self.require(finite, Fault::NotFinite);
        match entity {
            Entity::Info(info) => {
                info.start.into_iter().for_each(|start| self.exists(start));
                let quiet = &info.send_policy.quiet;
                self.require(quiet.iter().all(|quiet| quiet.hours.is_valid()), Fault::NoSuchTime);
            }
            Entity::Node(node) => self.node(node),
            Entity::Transition(arrow) => {
                self.exists(arrow.source);
                arrow.targets().for_each(|target| self.exists(target));
                if let Some(Events::Only(events)) = arrow.trigger.events() {
                    for event in events {
                        self.exists(*event);
                    }
                }
                if let Trigger::At(moment, _) = arrow.trigger {
                    self.require(moment.is_valid(), Fault::NoSuchTime);
                }
                if let Trigger::Done(group) = arrow.trigger {
                    self.exists(group);
                }
                self.actions(&arrow.actions);
                let bend = arrow.bend.unwrap_or_default();
                self.require(bend.x.is_finite() && bend.y.is_finite(), Fault::NotFinite);
                self.require(arrow.rank < u32::MAX, Fault::LastId);
            }
            Entity::Event(event) => {
                event.fields.iter().filter_map(|field| field.attribute).for_each(|attribute| self.exists(attribute));
                self.require(event.buckets.iter().all(|bucket| bucket.id.0 < u32::MAX), Fault::LastId);
            }
            Entity::Attribute(attribute) => {
                self.value(&attribute.initial);
                self.require(attribute.half_life.is_none_or(|half| half.amount > 0), Fault::NoHalfLife);
            }
            Entity::ScoreRule(rule) => {
                self.exists(rule.event);
                self.exists(rule.score);
                if let Some(cap) = rule.cap {
                    self.require(cap.points.is_finite(), Fault::NotFinite);
                    self.require(cap.points >= 0.0, Fault::NegativeCap);
                }
                self.require(rule.rank < u32::MAX, Fault::LastId);
            }
            Entity::Decision(decision) => {
                self.exists(decision.place.state);
                match decision.place.asked {
                    Asked::Event(event) => self.exists(event),
                    Asked::Done(group) => self.exists(group),
                    Asked::Silence | Asked::Clock => {}
                }
                let has_case = decision.place.bucket.is_none() || self.project.bucket(decision.place).is_some();
                self.require(has_case, Fault::Missing("a case"));
            }
            Entity::Expectation(expectation) => {
                self.exists(expectation.contact);
                for claim in &expectation.claims {
                    match claim {
                        Claim::In(node) => self.exists(*node),
                        Claim::Sent { touchpoint, .. } => self.exists(*touchpoint),
                        Claim::Converted { .. } => {}
                    }
                }
                expectation.story.iter().flat_map(|told| &told.to).for_each(|node| self.exists(*node));
            }
            Entity::Contact(contact) => {
                for (attribute, value) in &contact.attributes {
                    self.exists(*attribute);
                    self.value(value);
                }
                for occurrence in &contact.occurrences {
                    self.exists(occurrence.event);
                    occurrence.fields.values().for_each(|value| self.value(value));
                }
            }
            Entity::Scenario(scenario) => match scenario.population {
                Population::Samples => {}
                Population::Dataset(dataset) => self.exists(dataset),
                Population::Generated(generator) => self.exists(generator),
            },
            Entity::Behaviour(behaviour) => self.behaviour(behaviour),
            Entity::Team(team) => self.require(team.hours.is_valid(), Fault::NoSuchTime),
            Entity::Generator(generator) => self.generator(generator),
            // The events of a dataset may have been deleted since: they still happened.
            Entity::Touchpoint(_) | Entity::Dataset(_) => {}
        }
    }
}

/// 0 for the journey, which has no number.
fn raw_id(id: EntityId) -> u32 {
    match id {
        EntityId::Info => 0,
        EntityId::Node(id) => id.0,
        EntityId::Transition(id) => id.0,
        EntityId::Event(id) => id.0,
        EntityId::Attribute(id) => id.0,
        EntityId::Touchpoint(id) => id.0,
        EntityId::ScoreRule(id) => id.0,
        EntityId::Decision(id) => id.0,
        EntityId::Contact(id) => id.0,
        EntityId::Expectation(id) => id.0,
        EntityId::Behaviour(id) => id.0,
        EntityId::Team(id) => id.0,
        EntityId::Generator(id) => id.0,
        EntityId::Scenario(id) => id.0,
        EntityId::Dataset(id) => id.0,
    }
}
