//! Who uses what: asked before something is deleted, and when something is renamed.

use super::behaviour::{Chance, When};
use super::decision::Asked;
use super::expectation::Claim;
use super::formula::NameKind;
use super::id::EntityId;
use super::scenario::Population;
use super::{Entity, Project};

impl Project {
    /// Everything that would lose something if `id` were deleted, in the order of the project.
    #[must_use]
    pub fn uses_of(&self, id: EntityId) -> Vec<EntityId> {
        self.entities().filter(|entity| entity.id() != id && self.is_used_by(id, entity)).map(|e| e.id()).collect()
    }

    pub(super) fn is_used_by(&self, id: EntityId, by: &Entity) -> bool {
        refers_to(by, id) || self.is_named_in(id, by)
    }

    fn is_named_in(&self, id: EntityId, by: &Entity) -> bool {
        let Some((kind, names)) = self.formula_names(id) else { return false };
        let mut found = false;
        by.clone().visit_formulas(&mut |formula| {
            found |= names.iter().any(|name| formula.mentions(kind, name));
        });
        found
    }

    /// How formulas may speak of `id`, for the kinds of things that formulas can name.
    #[must_use]
    pub fn formula_names(&self, id: EntityId) -> Option<(NameKind, Vec<String>)> {
        match id {
            EntityId::Event(id) => Some((NameKind::Event, vec![self.events.get(&id)?.name.clone()])),
            EntityId::Attribute(id) => Some((NameKind::Attribute, vec![self.attributes.get(&id)?.name.clone()])),
            EntityId::Touchpoint(id) => Some((NameKind::Touchpoint, vec![self.touchpoints.get(&id)?.name.clone()])),
            EntityId::Node(id) => {
                let node = self.nodes.get(&id)?;
                let label = self.node_label(id);
                let mut names = vec![node.name.clone()];
                if label != node.name {
                    names.push(label);
                }
                Some((NameKind::State, names))
            }
            _ => None,
        }
    }
}

/// Whether `entity` holds a reference to `used`.
fn refers_to(entity: &Entity, used: EntityId) -> bool {
    let mut entity = entity.clone();
    let mut in_actions = false;
    for action in entity.action_lists_mut().into_iter().flatten() {
        action.visit_references(&mut |id| in_actions |= id == used);
    }
    in_actions
        || match (used, &entity) {
            (EntityId::Node(id), Entity::Info(info)) => info.start == Some(id),
            (EntityId::Node(id), Entity::Node(node)) => {
                node.parent == Some(id) || node.initial == Some(id) || node.also.contains(&id)
            }
            (EntityId::Node(id), Entity::Transition(arrow)) => {
                arrow.source == id
                    || arrow.targets().any(|target| target == id)
                    || arrow.trigger == super::Trigger::Done(id)
            }
            (EntityId::Event(id), Entity::Transition(arrow)) => {
                matches!(arrow.trigger.events(), Some(super::Events::Only(events)) if events.contains(&id))
            }
            (EntityId::Event(id), Entity::ScoreRule(rule)) => rule.event == id,
            (EntityId::Node(id), Entity::Decision(decision)) => {
                decision.place.state == id || decision.place.asked == Asked::Done(id)
            }
            (EntityId::Event(id), Entity::Decision(decision)) => decision.place.asked == Asked::Event(id),
            (EntityId::Contact(id), Entity::Expectation(expectation)) => expectation.contact == id,
            (EntityId::Node(id), Entity::Expectation(expectation)) => {
                expectation.claims.contains(&Claim::In(id))
                    || expectation.story.iter().any(|told| told.to.contains(&id))
            }
            (EntityId::Touchpoint(id), Entity::Expectation(expectation)) => {
                let of_it = |claim: &Claim| matches!(claim, Claim::Sent { touchpoint, .. } if *touchpoint == id);
                expectation.claims.iter().any(of_it)
            }
            (EntityId::Event(id), Entity::Contact(contact)) => {
                contact.occurrences.iter().any(|occurrence| occurrence.event == id)
            }
            (EntityId::Event(id), Entity::Dataset(dataset)) => dataset.events.contains(&id),
            (EntityId::Attribute(id), Entity::Event(event)) => {
                event.fields.iter().any(|field| field.attribute == Some(id))
            }
            (EntityId::Attribute(id), Entity::ScoreRule(rule)) => rule.score == id,
            (EntityId::Attribute(id), Entity::Contact(contact)) => contact.attributes.contains_key(&id),
            (EntityId::Dataset(id), Entity::Scenario(scenario)) => scenario.population == Population::Dataset(id),
            (EntityId::Generator(id), Entity::Scenario(scenario)) => scenario.population == Population::Generated(id),
            (EntityId::Node(id), Entity::Behaviour(behaviour)) => behaviour.when.node() == Some(id),
            (EntityId::Touchpoint(id), Entity::Behaviour(behaviour)) => behaviour.when == When::Sent(id),
            (EntityId::Event(id), Entity::Behaviour(behaviour)) => {
                behaviour.outcomes.iter().any(|outcome| outcome.event == id)
            }
            (EntityId::Attribute(id), Entity::Behaviour(behaviour)) => {
                behaviour.outcomes.iter().any(|outcome| outcome.chance == Chance::Attribute(id))
            }
            (EntityId::Team(id), Entity::Behaviour(behaviour)) => behaviour.team == Some(id),
            (EntityId::Event(id), Entity::Generator(generator)) => {
                generator.prior.iter().any(|prior| prior.event == id)
            }
            (EntityId::Attribute(id), Entity::Generator(generator)) => {
                generator.attributes.iter().any(|(attribute, _)| *attribute == id)
            }
            _ => false,
        }
}
