//! Actions: each list is a block of its own, and one that fails ends its block.

use super::super::condition::{LuckKey, Scene, Term};
use super::super::machine::Act;
use super::super::memory::Scheduled;
use super::commit::Staged;
use super::{Detail, Effect, Raised, Step, Turn};
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
        if acts.is_empty() {
            return;
        }
        if let Err(problem) = self.block(acts, place) {
            self.reaction.steps.push(Step::Failed(problem));
            self.internal.extend(self.machine.failure.map(Raised::bare));
        }
    }

    fn block(&mut self, acts: &'m [Act], place: Place) -> Result<(), String> {
        for act in acts {
            if let Act::If(branches) = act {
                let holds =
                    |guard: &Option<Term>| guard.as_ref().is_none_or(|guard| guard.holds(self.place_scene(place)));
                if let Some((_, acts)) = branches.iter().find(|(guard, _)| holds(guard)) {
                    self.block(acts, place)?;
                }
            } else if let Some(effect) = self.act(act, place)? {
                let kept = match self.reaction.detail {
                    Detail::Totals => !matches!(effect, Effect::Set { .. }),
                    Detail::Everything => true,
                };
                if kept {
                    self.reaction.steps.push(Step::Effect(effect));
                }
            }
        }
        Ok(())
    }

    fn place_scene(&self, place: Place) -> Scene<'_> {
        self.scene(place.luck, Some(place.node))
    }

    fn act(&mut self, act: &'m Act, place: Place) -> Result<Option<Effect<'m>>, String> {
        Ok(Some(match act {
            Act::Send { touchpoint, name, slot } => {
                if self.machine.policy.is_empty {
                    self.sent = Some(name);
                } else {
                    let step = self.reaction.steps.len();
                    self.staged.push(Staged { step, touchpoint: *slot, node: place.node });
                }
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
                    Some(term) => term.value(self.place_scene(place)),
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
            Act::Refer => Effect::Referred,
            Act::Raise(event) => {
                self.internal.push_back(Raised::bare(*event));
                Effect::Raised(*event)
            }
            Act::Schedule { event, after, key, fields } => {
                let value = |term: &Option<Term>| {
                    term.as_ref().map_or(Value::Unknown, |term| term.value(self.place_scene(place)))
                };
                let fields = fields.iter().map(|(slot, term)| (*slot, value(term))).collect();
                let Some(after) = *after else {
                    self.internal.push_back(Raised { signal: *event, fields: Some(fields) });
                    return Ok(Some(Effect::Raised(*event)));
                };
                let due = self.memory.now.plus(after, &self.memory.zone);
                let order = self.memory.next_order();
                self.memory.scheduled.push(Scheduled { due, order, event: *event, key: key.clone(), fields });
                Effect::Scheduled { event: *event, after }
            }
            Act::Cancel(key) => {
                let before = self.memory.scheduled.len();
                self.memory.scheduled.retain(|scheduled| scheduled.key != *key);
                if self.memory.scheduled.len() == before {
                    return Ok(None);
                }
                Effect::Cancelled(key)
            }
            // Its branches are part of the block.
            Act::If(_) => return Ok(None),
        }))
    }

    fn set(&mut self, attribute: usize, value: Value) -> Effect<'m> {
        self.memory.values[attribute] = value.clone();
        Effect::Set { attribute, value }
    }

    fn number(&self, term: Option<&Term>, what: &str, place: Place) -> Result<f64, String> {
        match term.map(|term| term.value(self.place_scene(place))) {
            Some(Value::Number(number)) => Ok(number),
            Some(other) => Err(format!("the value for {what} was {other}, which is no number")),
            None => Err(format!("the value for {what} is empty")),
        }
    }
}
