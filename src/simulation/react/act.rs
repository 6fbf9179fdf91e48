//! Actions: each list is a block of its own, and one that fails ends its block.

use super::super::condition::{LuckKey, Term};
use super::super::machine::Act;
use super::{Effect, Step, Turn};
use crate::model::Value;

/// Where a block of actions stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) luck: LuckKey,
    pub(super) node: usize,
}

impl<'m> Turn<'_, 'm, '_> {
    /// One block of actions; one that fails ends the block.
    pub(super) fn perform(&mut self, acts: &'m [Act], place: Place) {
        for act in acts {
            match self.act(act, place) {
                Ok(effect) => self.reaction.steps.push(Step::Effect(effect)),
                Err(problem) => {
                    self.reaction.steps.push(Step::Failed(problem));
                    return;
                }
            }
        }
    }

    fn act(&mut self, act: &'m Act, place: Place) -> Result<Effect<'m>, String> {
        Ok(match act {
            Act::Send { touchpoint, name } => {
                self.memory.last_touchpoint = Some(name.clone());
                Effect::Sent { touchpoint: *touchpoint, name }
            }
            Act::Add { attribute, points } => {
                let name = self.machine.attribute_name(*attribute);
                let points = self.number(points.as_ref(), name, place)?;
                let Value::Number(score) = self.memory.values[*attribute] else {
                    return Err(format!("{name} is unknown, so nothing could be added to it"));
                };
                self.set(*attribute, Value::Number(score + points))
            }
            Act::Set { attribute, value } => {
                let value = match value {
                    Some(term) => term.value(self.scene(place.luck, Some(place.node))),
                    None => Value::Unknown,
                };
                let fitting = match &value {
                    // A choice comes as its position.
                    Value::Number(_) if self.machine.attribute_choices(*attribute).is_some() => value.clone(),
                    _ => self.machine.fitting(*attribute, &value),
                };
                if fitting == Value::Unknown && value != Value::Unknown {
                    return Err(format!("{} cannot be set to {value}", self.machine.attribute_name(*attribute)));
                }
                self.set(*attribute, fitting)
            }
            Act::Notify { team, text } => Effect::Notified { team, text },
            Act::Convert { point, value } => {
                let value = match value {
                    Some(_) => Some(self.number(value.as_ref(), point, place)?),
                    None => None,
                };
                Effect::Converted { point, value }
            }
            Act::Raise(event) => {
                self.internal.push_back(*event);
                Effect::Raised(*event)
            }
        })
    }

    fn set(&mut self, attribute: usize, value: Value) -> Effect<'m> {
        self.memory.values[attribute] = value.clone();
        Effect::Set { attribute, value }
    }

    fn number(&self, term: Option<&Term>, what: &str, place: Place) -> Result<f64, String> {
        match term.map(|term| term.value(self.scene(place.luck, Some(place.node)))) {
            Some(Value::Number(number)) => Ok(number),
            Some(other) => Err(format!("the value for {what} was {other}, which is no number")),
            None => Err(format!("the value for {what} is empty")),
        }
    }
}
