//! Actions: each list is a block of its own, and one that fails ends its block.

use super::super::condition::{LuckKey, Scene, Term};
use super::super::machine::Act;
use super::super::memory::Scheduled;
use super::commit::Staged;
use super::{Detail, Effect, Origin, Raised, Step, Turn};
use crate::model::Value;

/// Where a block of actions stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) luck: LuckKey,
    pub(super) node: usize,
}

/// Why a block of actions ended early, and what the event brings that says so.
struct Failed {
    problem: String,
    fields: Option<Vec<(usize, Value)>>,
}

impl From<String> for Failed {
    fn from(problem: String) -> Self {
        Self { problem, fields: None }
    }
}

impl<'m> Turn<'_, 'm, '_> {
    /// One block of actions; one that fails ends the block.
    pub(super) fn perform(&mut self, acts: &'m [Act], place: Place) {
        if acts.is_empty() {
            return;
        }
        if let Err(Failed { problem, fields }) = self.block(acts, place) {
            self.reaction.steps.push(Step::Failed(problem));
            let failure = self.machine.failure.map(Raised::of_the_platform);
            self.internal.extend(failure.map(|failure| Raised { fields, ..failure }));
        }
    }

    fn block(&mut self, acts: &'m [Act], place: Place) -> Result<(), Failed> {
        for act in acts {
            if let Act::If(branches) = act {
                let holds =
                    |guard: &Option<Term>| guard.as_ref().is_none_or(|guard| guard.holds(self.place_scene(place)));
                if let Some((_, acts)) = branches.iter().find(|(guard, _)| holds(guard)) {
                    self.block(acts, place)?;
                }
            } else if let Act::Block(acts) = act {
                self.perform(acts, place);
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

    fn act(&mut self, act: &'m Act, place: Place) -> Result<Option<Effect<'m>>, Failed> {
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
                    return Err(format!("{name} is unknown, so nothing could be added to it").into());
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
                    let name = self.machine.attribute_name(*attribute);
                    return Err(format!("{name} cannot be set to {value}").into());
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
                let fields = self.brought(fields, place);
                let Some(after) = *after else {
                    self.internal.push_back(Raised { signal: *event, fields: Some(fields), origin: Origin::Inside });
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
            Act::Fail { problem, fields } => {
                let fields = Some(self.brought(fields, place)).filter(|fields| !fields.is_empty());
                return Err(Failed { problem: problem.clone(), fields });
            }
            // Their actions are done one by one.
            Act::If(_) | Act::Block(_) => return Ok(None),
        }))
    }

    /// The values that an event of the chart's own brings.
    pub(super) fn brought(&self, fields: &[(usize, Option<Term>)], place: Place) -> Vec<(usize, Value)> {
        let value =
            |term: &Option<Term>| term.as_ref().map_or(Value::Unknown, |term| term.value(self.place_scene(place)));
        fields.iter().map(|(slot, term)| (*slot, value(term))).collect()
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
