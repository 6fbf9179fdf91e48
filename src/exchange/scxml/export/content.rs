//! Actions → executable content: that of SCXML where it has the word, else an element of our own.

use super::script::{Scripts, is_word};
use super::xml::Xml;
use crate::model::{Action, Branch, Message};

pub(super) struct Writer<'a, 'b> {
    pub(super) scripts: &'a Scripts<'a>,
    pub(super) xml: &'b mut Xml,
}

impl Writer<'_, '_> {
    pub(super) fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            self.action(action);
        }
    }

    fn action(&mut self, action: &Action) {
        let project = self.scripts.project;
        let tokens = self.scripts.tokens;
        match action {
            Action::Raise(event) => self.xml.leaf("raise", &[("event", tokens.event(*event))]),
            Action::Set { attribute, value } => {
                let location = tokens.attribute(*attribute);
                let known = project.attributes.get(attribute);
                match known.and_then(|attribute| self.scripts.value_for(attribute, value)) {
                    Some(script) => self.xml.leaf("assign", &[("location", location), ("expr", &script)]),
                    None => self.xml.leaf("sc:set", &[("attribute", location), ("value", value.text())]),
                }
            }
            Action::AddScore { score, points } => {
                let location = tokens.attribute(*score);
                match self.scripts.points(points) {
                    Some(script) => {
                        let sum = format!("{location} + {script}");
                        self.xml.leaf("assign", &[("location", location), ("expr", &sum)]);
                    }
                    None => self.xml.leaf("sc:score", &[("attribute", location), ("points", points.text())]),
                }
            }
            Action::Send(touchpoint) => {
                let name = project.touchpoints.get(touchpoint).map_or("", |touchpoint| &touchpoint.name);
                self.xml.leaf("sc:touchpoint", &[("name", name)]);
            }
            Action::Notify { team, text } => self.xml.leaf("sc:notify", &[("team", team), ("text", text)]),
            Action::Convert { point, value } => {
                self.xml.leaf("sc:convert", &[("point", point), ("value", value.text())]);
            }
            Action::Refer => self.xml.leaf("sc:refer", &[]),
            Action::Schedule(message) => {
                if self.send(message).is_none() {
                    self.xml.leaf("sc:schedule", &[("event", tokens.event(message.event))]);
                }
            }
            Action::Cancel(key) if is_key(key) => self.xml.leaf("cancel", &[("sendid", key)]),
            Action::Cancel(key) => self.xml.leaf("sc:cancel", &[("key", key)]),
            // No location is empty, so this fails there too.
            Action::Fail(failure) => {
                let problem = failure.problem.as_str();
                self.xml.leaf("assign", &[("location", ""), ("expr", "0"), ("sc:problem", problem)]);
            }
            // Where it is alone in a list, nothing comes after it that could fail with it.
            Action::Block(actions) => self.actions(actions),
            Action::If(branches) => {
                if self.branches(branches).is_none() {
                    self.xml.leaf("sc:if", &[]);
                }
            }
        }
    }

    /// `None` where SCXML has no words for it; nothing is written then.
    fn send(&mut self, message: &Message) -> Option<()> {
        let values: Vec<(&str, String)> = message
            .fields
            .iter()
            .map(|(name, formula)| Some((name.as_str(), self.scripts.sent(formula)?)))
            .collect::<Option<_>>()?;
        let is_alone = values.len() == 1;
        let is_data = |name: &str| is_alone && name == "data";
        if !values.iter().all(|(name, _)| is_data(name) || (is_word(name) && *name != "data")) {
            return None;
        }
        let delay = match message.after {
            // A day of the calendar is not always as long.
            Some(after) => Some(i64::from(after.amount).checked_mul(after.unit.milliseconds()?)?),
            None => None,
        };
        if !message.key.is_empty() && !is_key(&message.key) {
            return None;
        }
        let delay =
            delay.map(|delay| if delay % 1_000 == 0 { format!("{}s", delay / 1_000) } else { format!("{delay}ms") });
        let mut attributes = vec![("event", self.scripts.tokens.event(message.event))];
        match &delay {
            Some(delay) => attributes.push(("delay", delay)),
            None => attributes.push(("target", "#_internal")),
        }
        if !message.key.is_empty() {
            attributes.push(("id", &message.key));
        }
        self.xml.open("send", &attributes);
        for (name, value) in &values {
            if is_data(name) {
                self.xml.leaf("content", &[("expr", value)]);
            } else {
                self.xml.leaf("param", &[("name", name), ("expr", value)]);
            }
        }
        self.xml.close();
        Some(())
    }

    /// `None` where a condition has no words in ECMAScript; nothing is written then.
    fn branches(&mut self, branches: &[Branch]) -> Option<()> {
        let conditions: Vec<String> =
            branches.iter().map(|branch| self.scripts.condition(&branch.guard)).collect::<Option<_>>()?;
        let (first, others) = conditions.split_first()?;
        let (last, between) = others.split_last().map_or((None, others), |(last, between)| (Some(last), between));
        if between.iter().any(String::is_empty) || (first.is_empty() && last.is_some()) {
            return None;
        }
        let first = if first.is_empty() { "true" } else { first.as_str() };
        self.xml.open("if", &[("cond", first)]);
        for (index, (condition, branch)) in conditions.iter().zip(branches).enumerate() {
            match condition.as_str() {
                _ if index == 0 => {}
                "" => self.xml.leaf("else", &[]),
                condition => self.xml.leaf("elseif", &[("cond", condition)]),
            }
            self.actions(&branch.actions);
        }
        self.xml.close();
        Some(())
    }
}

/// Whether others can take the word for the id of what is sent.
fn is_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
}
