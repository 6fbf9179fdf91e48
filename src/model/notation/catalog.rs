//! The lines about the catalogue and about sample contacts.

use super::population::channel_named;
use super::{Last, Reader, split_outside_brackets};
use crate::model::catalog::{Attribute, AttributeKind, Field, ScoreChange, ScoreRule};
use crate::model::contact::{Contact, Occurrence};
use crate::model::formula::Formula;
use crate::model::time::Time;
use crate::model::value::Value;

impl Reader {
    pub(super) fn rule(&mut self, text: &str) -> Result<(), String> {
        const FORM: &str = "a rule is written: rule event [guard]: score + 10, at most 30 in 7 days";
        let (text, cap) = match text.rsplit_once(", at most ") {
            Some((text, cap)) => (text, Some(format!("at most {cap}").parse()?)),
            None => (text, None),
        };
        let (head, change) = text.rsplit_once(':').ok_or(FORM)?;
        let (event, guard) = match head.split_once('[') {
            Some((event, guard)) => (event, guard.trim().strip_suffix(']').ok_or(FORM)?),
            None => (head, ""),
        };
        let (sign, kind) = [(" + ", ScoreChange::Add), (" - ", ScoreChange::Add), (" = ", ScoreChange::Set)]
            .into_iter()
            .find(|(sign, _)| change.contains(sign))
            .ok_or(FORM)?;
        let (score, points) = change.split_once(sign).ok_or(FORM)?;
        let points = points.trim();
        let id = next_id!(self.project.score_rules);
        let rank = u32::try_from(self.project.score_rules.len()).map_err(|_| "too many rules")?;
        let rule = ScoreRule {
            id,
            event: self.event(event),
            guard: Formula::new(guard.trim()),
            score: self.score(score),
            change: kind,
            points: Formula::new(if sign == " - " { format!("-{points}") } else { points.to_owned() }),
            cap,
            rank,
        };
        self.project.score_rules.insert(id, rule);
        Ok(())
    }

    pub(super) fn declare_score(&mut self, text: &str) -> Result<(), String> {
        let (name, half_life) = text.split_once(':').unwrap_or((text, ""));
        let id = self.score(name);
        let half_life = match half_life.trim() {
            "" => None,
            words => Some(words.strip_prefix("half-life ").ok_or("a score is written: score name: half-life 30 days")?),
        };
        let half_life = half_life.map(str::parse).transpose()?;
        if let Some(score) = self.project.attributes.get_mut(&id) {
            score.half_life = half_life;
        }
        Ok(())
    }

    pub(super) fn declare_event(&mut self, text: &str) -> Result<(), String> {
        let (name, fields) = text.split_once(':').unwrap_or((text, ""));
        let id = self.event(name);
        let mut declared = Vec::new();
        for field in fields.split(',').map(str::trim).filter(|field| !field.is_empty()) {
            let (name, attribute) = field.split_once("->").unwrap_or((field, ""));
            let attribute = match attribute.trim() {
                "" => None,
                attribute => Some(self.project.attribute_by_name(attribute).ok_or("declare the attribute first")?.id),
            };
            declared.push(Field { name: name.trim().to_owned(), attribute });
        }
        if let Some(event) = self.project.events.get_mut(&id) {
            event.fields = declared;
        }
        Ok(())
    }

    pub(super) fn declare_touchpoint(&mut self, text: &str) -> Result<(), String> {
        let (name, channel) = text.split_once(':').unwrap_or((text, "e-mail"));
        let channel = channel_named(channel)?;
        let id = self.touchpoint(name);
        if let Some(touchpoint) = self.project.touchpoints.get_mut(&id) {
            touchpoint.channel = channel;
        }
        Ok(())
    }

    pub(super) fn attribute(&mut self, text: &str) -> Result<(), String> {
        let (name, kind) = text.split_once(':').unwrap_or((text, "text"));
        let kind = match kind.trim() {
            "text" => AttributeKind::Text,
            "number" => AttributeKind::Number,
            "yes/no" => AttributeKind::YesNo,
            "time" => AttributeKind::Time,
            kind => match kind.strip_prefix("choice ") {
                Some(choices) => {
                    AttributeKind::Choice(choices.split('<').map(|choice| choice.trim().to_owned()).collect())
                }
                None => return Err(format!("\"{kind}\" is no kind of attribute")),
            },
        };
        let id = next_id!(self.project.attributes);
        let name = name.trim().to_owned();
        self.project.attributes.insert(id, Attribute::new(id, name, kind));
        Ok(())
    }

    pub(super) fn contact(&mut self, text: &str) -> Result<(), String> {
        let (name, values) = text.split_once(':').unwrap_or((text, ""));
        let id = next_id!(self.project.contacts);
        let mut contact = Contact {
            id,
            name: name.trim().to_owned(),
            zone: String::new(),
            start: None,
            attributes: std::collections::BTreeMap::new(),
            occurrences: Vec::new(),
            note: String::new(),
        };
        for assignment in values.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let (key, value) = assignment.split_once('=').ok_or("a value is written name = value")?;
            match key.trim() {
                "start" => contact.start = Some(Time::parse(value, &self.project.zone())?),
                "zone" => value.trim().clone_into(&mut contact.zone),
                key => {
                    let attribute = self.project.attribute_by_name(key).ok_or_else(|| format!("no attribute {key}"))?;
                    contact.attributes.insert(attribute.id, self.value(value, Some(&attribute.kind))?);
                }
            }
        }
        self.project.contacts.insert(id, contact);
        self.last = Some(Last::Contact(id));
        Ok(())
    }

    pub(super) fn value(&self, text: &str, kind: Option<&AttributeKind>) -> Result<Value, String> {
        let text = text.trim();
        let number = |text: &str| text.parse().map(Value::Number).map_err(|_| format!("\"{text}\" is no number"));
        match kind {
            Some(AttributeKind::YesNo) => Ok(Value::YesNo(text == "yes")),
            Some(AttributeKind::Time) => Time::parse(text, &self.project.zone()).map(Value::Time),
            Some(AttributeKind::Text | AttributeKind::Choice(_)) => Ok(Value::Text(text.to_owned())),
            None if text.starts_with('"') => Ok(Value::Text(text.trim_matches('"').to_owned())),
            Some(AttributeKind::Number | AttributeKind::Score) | None => number(text),
        }
    }

    pub(super) fn occurrences(&mut self, line: &str) -> Result<(), String> {
        let Some(Last::Contact(id)) = self.last else {
            return Err(String::from("events must stand below a contact"));
        };
        let mut rest = line;
        while !rest.trim().is_empty() {
            let (item, more) = split_outside_brackets(rest, ",").unwrap_or((rest, ""));
            rest = more;
            let (head, fields) = match item.trim().split_once('(') {
                Some((head, fields)) => (head, fields.trim_end_matches(')')),
                None => (item.trim(), ""),
            };
            let (date, event) = head.split_once(' ').ok_or("an occurrence is written 2026-01-05 event")?;
            let (time, event) = match event.trim().split_once(' ') {
                Some((clock, event)) if clock.contains(':') => (format!("{date} {clock}"), event),
                _ => (date.to_owned(), event),
            };
            let mut occurrence = Occurrence {
                time: Time::parse(&time, &self.project.zone())?,
                event: self.event(event),
                fields: std::collections::BTreeMap::new(),
            };
            for field in fields.split(',').filter(|field| !field.trim().is_empty()) {
                let (name, value) = field.split_once('=').ok_or("a field is written name = value")?;
                occurrence.fields.insert(name.trim().to_owned(), self.value(value, None)?);
            }
            if let Some(contact) = self.project.contacts.get_mut(&id) {
                contact.occurrences.push(occurrence);
            }
        }
        Ok(())
    }
}
