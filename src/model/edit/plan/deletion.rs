//! Deletion: what goes with a thing, and what is left of those that used it.

use super::Plan;
use crate::model::action::Action;
use crate::model::behaviour::{Chance, When};
use crate::model::change::Entity;
use crate::model::chart::{Events, Trigger};
use crate::model::decision::Asked;
use crate::model::expectation::Claim;
use crate::model::id::EntityId;
use crate::model::scenario::Population;

impl Plan {
    /// Deletes `id`, first whatever cannot exist without it. Deleting what is already gone changes nothing.
    pub(super) fn delete(&mut self, id: EntityId) {
        if id == EntityId::Info || self.project.entity(id).is_none() {
            return;
        }
        for user in self.project.uses_of(id) {
            let Some(entity) = self.project.entity(user) else { continue };
            match without(entity, id) {
                Some(entity) => self.put(entity),
                None => self.delete(user),
            }
        }
        self.record(id, None);
    }
}

/// What is left of `entity` when `gone` is deleted: `None` if nothing. Formulas keep the name, which then is a problem
/// that the check shows where it is.
fn without(mut entity: Entity, gone: EntityId) -> Option<Entity> {
    for actions in entity.action_lists_mut() {
        Action::retain_without(actions, gone);
    }
    match (gone, &mut entity) {
        (EntityId::Node(id), Entity::Info(info)) => info.start = info.start.filter(|start| *start != id),
        (EntityId::Node(id), Entity::Node(node)) => {
            if node.parent == Some(id) {
                return None;
            }
            node.initial = node.initial.filter(|initial| *initial != id);
            node.also.retain(|also| *also != id);
        }
        (EntityId::Node(id), Entity::Transition(arrow)) if arrow.source == id || arrow.target == Some(id) => {
            return None;
        }
        (EntityId::Node(id), Entity::Transition(arrow)) => {
            arrow.also.retain(|target| *target != id);
            if arrow.trigger == Trigger::Done(id) {
                arrow.trigger = Trigger::Unset;
            }
        }
        (EntityId::Event(id), Entity::Transition(arrow)) => {
            let emptied = match arrow.trigger.events_mut() {
                Some(Events::Only(events)) if events.contains(&id) => {
                    events.retain(|event| *event != id);
                    events.is_empty()
                }
                _ => false,
            };
            if emptied {
                arrow.trigger = Trigger::Unset;
            }
        }
        (EntityId::Event(id), Entity::ScoreRule(rule)) if rule.event == id => return None,
        (EntityId::Node(id), Entity::Decision(decision))
            if decision.place.state == id || decision.place.asked == Asked::Done(id) =>
        {
            return None;
        }
        (EntityId::Event(id), Entity::Decision(decision)) if decision.place.asked == Asked::Event(id) => return None,
        (EntityId::Event(id), Entity::Contact(contact)) => {
            contact.occurrences.retain(|occurrence| occurrence.event != id);
        }
        (EntityId::Contact(id), Entity::Expectation(expectation)) if expectation.contact == id => return None,
        (EntityId::Node(id), Entity::Expectation(expectation)) => {
            expectation.claims.retain(|claim| *claim != Claim::In(id));
            for told in &mut expectation.story {
                told.to.retain(|node| *node != id);
            }
            return (!expectation.claims.is_empty()).then_some(entity);
        }
        (EntityId::Touchpoint(id), Entity::Expectation(expectation)) => {
            let is_gone = |claim: &Claim| matches!(claim, Claim::Sent { touchpoint, .. } if *touchpoint == id);
            expectation.claims.retain(|claim| !is_gone(claim));
            return (!expectation.claims.is_empty()).then_some(entity);
        }
        (EntityId::Attribute(id), Entity::Event(event)) => {
            for field in &mut event.fields {
                field.attribute = field.attribute.filter(|attribute| *attribute != id);
            }
        }
        (EntityId::Attribute(id), Entity::ScoreRule(rule)) if rule.score == id => return None,
        (EntityId::Attribute(id), Entity::Contact(contact)) => {
            contact.attributes.remove(&id);
        }
        (EntityId::Dataset(id), Entity::Scenario(scenario)) if scenario.population == Population::Dataset(id) => {
            scenario.population = Population::Samples;
        }
        (EntityId::Generator(id), Entity::Scenario(scenario)) if scenario.population == Population::Generated(id) => {
            scenario.population = Population::Samples;
        }
        (EntityId::Node(id), Entity::Behaviour(behaviour)) if behaviour.when.node() == Some(id) => return None,
        (EntityId::Touchpoint(id), Entity::Behaviour(behaviour)) if behaviour.when == When::Sent(id) => return None,
        (EntityId::Event(id), Entity::Behaviour(behaviour)) => {
            behaviour.outcomes.retain(|outcome| outcome.event != id);
        }
        (EntityId::Attribute(id), Entity::Behaviour(behaviour)) => {
            behaviour.outcomes.retain(|outcome| outcome.chance != Chance::Attribute(id));
        }
        (EntityId::Team(id), Entity::Behaviour(behaviour)) => {
            behaviour.team = behaviour.team.filter(|team| *team != id);
        }
        (EntityId::Event(id), Entity::Generator(generator)) => generator.prior.retain(|prior| prior.event != id),
        (EntityId::Attribute(id), Entity::Generator(generator)) => {
            generator.attributes.retain(|(attribute, _)| *attribute != id);
        }
        _ => {}
    }
    Some(entity)
}
