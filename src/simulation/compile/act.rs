//! Actions with their names looked up.

use super::super::condition::Term;
use super::super::machine::Act;
use super::Compiler;
use crate::model::{Action, AttributeId, AttributeKind, Branch, EntityId, EventId, Formula, Message};

impl Compiler<'_> {
    pub(super) fn acts(&mut self, at: EntityId, place: &str, actions: &[Action]) -> Vec<Act> {
        actions.iter().filter_map(|action| self.act(at, place, action)).collect()
    }

    fn act(&mut self, at: EntityId, place: &str, action: &Action) -> Option<Act> {
        let attribute = |id: &AttributeId| self.resolver.attributes.iter().position(|known| known == id);
        let result = match action {
            Action::Send(id) => match self.project.touchpoints.keys().position(|known| known == id) {
                Some(slot) => Ok(Act::Send { touchpoint: *id, name: self.resolver.touchpoint(*id), slot }),
                None => Err(String::from("the touchpoint to send is no longer in the catalogue")),
            },
            Action::AddScore { score, points } => match attribute(score) {
                Some(slot) if self.is_numeric(slot) => {
                    self.resolver.value(points, None).map(|points| Act::Add { attribute: slot, points })
                }
                Some(_) => Err(String::from("points can only be added to a score or a number")),
                None => Err(String::from("the score to add to is no longer in the catalogue")),
            },
            Action::Set { attribute: id, value } => match attribute(id) {
                Some(slot) => {
                    let choices = match &self.project.attributes[id].kind {
                        AttributeKind::Choice(choices) => Some(choices.as_slice()),
                        _ => None,
                    };
                    self.resolver.value(value, choices).map(|value| Act::Set { attribute: slot, value })
                }
                None => Err(String::from("the attribute to set is no longer in the catalogue")),
            },
            Action::Notify { team, text } => Ok(Act::Notify { team: team.clone(), text: text.clone() }),
            Action::Convert { point, value } => {
                self.resolver.value(value, None).map(|value| Act::Convert { point: point.clone(), value })
            }
            Action::Refer => Ok(Act::Refer),
            Action::Raise(id) => self.raised(*id).map(Act::Raise),
            Action::Schedule(message) => self.schedule(message),
            Action::Cancel(key) => Ok(Act::Cancel(key.clone())),
            Action::Fail(failure) => {
                let fields = self.brought(&failure.fields);
                fields.map(|fields| Act::Fail { problem: failure.problem.clone(), fields })
            }
            Action::Block(actions) => Ok(Act::Block(self.acts(at, place, actions))),
            Action::If(branches) => return self.branches(at, place, branches),
        };
        match result {
            Ok(act) => Some(act),
            Err(problem) => {
                self.error(at, format!("Response ({place}): {problem}."));
                None
            }
        }
    }

    fn raised(&self, id: EventId) -> Result<usize, String> {
        let event = self.resolver.events.iter().position(|known| *known == id);
        event.ok_or_else(|| String::from("the event to raise is no longer in the catalogue"))
    }

    /// The values that an event of the chart's own brings, by field.
    pub(super) fn brought(&self, values: &[(String, Formula)]) -> Result<Vec<(usize, Option<Term>)>, String> {
        let field = |(name, value): &(String, Formula)| {
            let slot = self.resolver.fields.iter().position(|field| field.eq_ignore_ascii_case(name));
            let slot = slot.ok_or_else(|| format!("no event has a field named \"{name}\""))?;
            Ok((slot, self.resolver.value(value, None)?))
        };
        values.iter().map(field).collect()
    }

    fn schedule(&self, message: &Message) -> Result<Act, String> {
        let fields = self.brought(&message.fields)?;
        let event = self.raised(message.event)?;
        Ok(Act::Schedule { event, after: message.after, key: message.key.clone(), fields })
    }

    /// A condition that cannot be read holds for nothing, so its branches are left out as a whole.
    fn branches(&mut self, at: EntityId, place: &str, branches: &[Branch]) -> Option<Act> {
        let branches = branches
            .iter()
            .map(|branch| Some((self.condition(at, &branch.guard)?, self.acts(at, place, &branch.actions))));
        branches.collect::<Option<_>>().map(Act::If)
    }
}
