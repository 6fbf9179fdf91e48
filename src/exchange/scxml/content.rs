//! Executable content → actions: raise, send, cancel, assign, if, log.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::datamodel::Variables;
use super::events::{Names, sent_name};
use super::expression::{Fault, Script};
use super::extension::is_ours;
use super::translate::Translator;
use super::{Element, ScxmlError, Source, elements, is_own};
use crate::model::{Action, Branch, Duration, EventId, Formula, Message, Unit};

const OWN_PROCESSOR: [&str; 2] = ["scxml", "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"];

/// Reads what is executed, with every name looked up.
pub(super) struct Content<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) names: &'a Names,
    pub(super) variables: &'a Variables,
    pub(super) state: &'a dyn Fn(&str) -> Option<String>,
    /// The fields that events bring, found on the way.
    pub(super) fields: RefCell<BTreeMap<EventId, Vec<String>>>,
    /// The fields that conditions and values ask for.
    pub(super) asked: RefCell<Vec<String>>,
}

/// What became of one element.
enum Outcome {
    Does(Vec<Action>),
    /// It always fails, and ends its block.
    Fails,
}

impl Content<'_> {
    /// What the children of `element` do, one block.
    pub(super) fn block(&self, element: Element) -> Result<Vec<Action>, ScxmlError> {
        let mut actions = Vec::new();
        for child in elements(element) {
            match self.element(child)? {
                Outcome::Does(more) => actions.extend(more),
                Outcome::Fails => {
                    actions.extend(self.names.failure().map(Action::Raise));
                    break;
                }
            }
        }
        Ok(actions)
    }

    /// The condition in attribute `cond`, or the one that always holds.
    pub(super) fn condition(&self, element: Element) -> Result<Formula, ScxmlError> {
        let Some(text) = element.attribute("cond") else { return Ok(Formula::default()) };
        match self.script(element, text)? {
            Some(script) => self.translator().condition(&script).map_err(|part| self.source.unsupported(element, part)),
            None => Err(self.source.unsupported(element, "condition that always fails")),
        }
    }

    fn translator(&self) -> Translator<'_> {
        Translator { variables: self.variables, state: self.state }
    }

    /// The expression, or `None` where it is no ECMAScript, so that evaluating it always fails.
    fn script(&self, element: Element, text: &str) -> Result<Option<Script>, ScxmlError> {
        match Script::parse(text) {
            Ok(script) => {
                script.visit(&mut |part| match part {
                    Script::EventData => self.asked.borrow_mut().push(String::from("data")),
                    Script::EventField(field) => self.asked.borrow_mut().push(field.clone()),
                    _ => {}
                });
                Ok(Some(script))
            }
            Err(Fault::Broken) => Ok(None),
            Err(Fault::Unknown(part)) => Err(self.source.unsupported(element, part)),
        }
    }

    fn element(&self, element: Element) -> Result<Outcome, ScxmlError> {
        let name = element.tag_name().name();
        // Of a chart of our own that somebody has changed; a note says that these are left out.
        if is_ours(element) {
            return Ok(Outcome::Does(Vec::new()));
        }
        if !is_own(element) {
            return Err(self.source.unsupported(element, format!("{name} of another namespace")));
        }
        Ok(Outcome::Does(match name {
            "log" => Vec::new(),
            "raise" => {
                let name = self.source.required(element, "event")?;
                self.names.ids.get(name).map(|id| Action::Raise(*id)).into_iter().collect()
            }
            "assign" => return self.assign(element),
            "if" => vec![Action::If(self.branches(element)?)],
            "send" => return self.send(element),
            "cancel" => match self.constant(element, "sendid", "sendidexpr")? {
                Some(key) if !key.is_empty() => vec![Action::Cancel(key)],
                _ => return Err(self.source.invalid(element, "<cancel> does not say what it cancels")),
            },
            _ => return Err(self.source.unsupported(element, name)),
        }))
    }

    fn assign(&self, element: Element) -> Result<Outcome, ScxmlError> {
        let location = self.source.required(element, "location")?.trim();
        if elements(element).next().is_some() {
            return Err(self.source.unsupported(element, "assignment of XML"));
        }
        let script = match element.attribute("expr") {
            Some(text) => self.script(element, text)?,
            None => Some(
                Script::inline(element.text().unwrap_or_default())
                    .map_err(|part| self.source.unsupported(element, part))?,
            ),
        };
        let Some(script) = script else { return Ok(Outcome::Fails) };
        let Some(variable) = self.variables.get(location) else {
            // Only a whole variable can be assigned to, and only one that was declared.
            let is_name = location.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$'));
            if !is_name || location.starts_with('_') {
                return Err(self.source.unsupported(element, format!("assignment to {location}")));
            }
            return Ok(Outcome::Fails);
        };
        let kind = self.translator().kind(&script);
        if kind.is_some_and(|kind| kind != variable.kind) {
            let construct = format!("variable {location} with values of several kinds");
            return Err(self.source.unsupported(element, construct));
        }
        let value = self.translator().value(&script).map_err(|part| self.source.unsupported(element, part))?;
        Ok(Outcome::Does(vec![Action::Set { attribute: variable.id, value }]))
    }

    /// `<if>` holds its branches one after the other, parted by `<elseif>` and `<else>`.
    fn branches(&self, element: Element) -> Result<Vec<Branch>, ScxmlError> {
        let mut branches = vec![Branch { guard: self.condition(element)?, actions: Vec::new() }];
        let mut has_else = false;
        for child in elements(element) {
            let part = if is_own(child) { child.tag_name().name() } else { "" };
            if matches!(part, "elseif" | "else") {
                if has_else {
                    return Err(self.source.invalid(child, "nothing may follow the branch of <else>"));
                }
                has_else = part == "else";
                if !has_else {
                    self.source.required(child, "cond")?;
                }
                branches.push(Branch { guard: self.condition(child)?, actions: Vec::new() });
                continue;
            }
            let (Outcome::Does(more), Some(branch)) = (self.element(child)?, branches.last_mut()) else {
                return Err(self.source.unsupported(child, format!("{part} that always fails inside of if")));
            };
            branch.actions.extend(more);
        }
        Ok(branches)
    }

    fn send(&self, element: Element) -> Result<Outcome, ScxmlError> {
        for construct in ["idlocation", "targetexpr", "typeexpr"] {
            if element.has_attribute(construct) {
                return Err(self.source.unsupported(element, format!("send with {construct}")));
            }
        }
        if let Some(processor) = element.attribute("type").filter(|name| !OWN_PROCESSOR.contains(name)) {
            return Err(self.source.unsupported(element, format!("send of type {processor}")));
        }
        let delay = self.constant(element, "delay", "delayexpr")?;
        let after = match element.attribute("target") {
            Some("#_internal") if delay.is_none() => None,
            Some("#_internal") => return Err(self.source.invalid(element, "what is sent inside cannot be delayed")),
            Some(target) => return Err(self.source.unsupported(element, format!("send to {target}"))),
            None => Some(match delay {
                Some(delay) => {
                    duration(&delay).ok_or_else(|| self.source.unsupported(element, format!("delay {delay}")))?
                }
                None => Duration::new(0, Unit::Millisecond),
            }),
        };
        let Some(fields) = self.values(element)? else { return Ok(Outcome::Fails) };
        let name = sent_name(self.source, element)?;
        let Some(event) = self.names.ids.get(&name).copied() else { return Ok(Outcome::Does(Vec::new())) };
        self.fields.borrow_mut().entry(event).or_default().extend(fields.iter().map(|(name, _)| name.clone()));
        let key = element.attribute("id").unwrap_or_default().to_owned();
        Ok(Outcome::Does(vec![Action::Schedule(Message { event, after, key, fields })]))
    }

    /// The values that a sent event brings; `None` where finding them always fails.
    fn values(&self, send: Element) -> Result<Option<Vec<(String, Formula)>>, ScxmlError> {
        let mut fields = Vec::new();
        let mut add = |element, name: &str, text: &str| -> Result<bool, ScxmlError> {
            let Some(script) = self.script(element, text)? else { return Ok(false) };
            if name.is_empty() || name.contains(['[', ']', '"']) {
                return Err(self.source.unsupported(element, format!("value named \"{name}\"")));
            }
            let value = self.translator().value(&script).map_err(|part| self.source.unsupported(element, part))?;
            fields.push((name.to_owned(), value));
            Ok(true)
        };
        for name in send.attribute("namelist").unwrap_or_default().split_whitespace() {
            if !add(send, name, name)? {
                return Ok(None);
            }
        }
        for child in elements(send) {
            let holds = match child.tag_name().name() {
                "param" => {
                    let name = self.source.required(child, "name")?;
                    let text = child.attribute("expr").or(child.attribute("location")).unwrap_or_default();
                    add(child, name, text)?
                }
                "content" => match child.attribute("expr") {
                    Some(text) => add(child, "data", text)?,
                    None if elements(child).next().is_some() => {
                        return Err(self.source.unsupported(child, "content in XML"));
                    }
                    None => {
                        let text = child.text().unwrap_or_default().trim();
                        if text.contains(['\'', '\\']) {
                            return Err(self.source.unsupported(child, "content with quotes"));
                        }
                        // What reads as a number or as yes or no is one; everything else is a text.
                        let is_value = matches!(Script::parse(text), Ok(Script::Number(_) | Script::YesNo(_)));
                        let text = if is_value { text.to_owned() } else { format!("'{text}'") };
                        add(child, "data", &text)?
                    }
                },
                other => return Err(self.source.unsupported(child, other)),
            };
            if !holds {
                return Ok(None);
            }
        }
        Ok(Some(fields))
    }

    /// The text in attribute `plain`, or the constant one in attribute `computed`.
    fn constant(&self, element: Element, plain: &str, computed: &str) -> Result<Option<String>, ScxmlError> {
        match (element.attribute(plain), element.attribute(computed)) {
            (Some(text), _) => Ok(Some(text.to_owned())),
            (None, None) => Ok(None),
            (None, Some(expr)) => match Script::parse(expr) {
                Ok(Script::Text(text)) => Ok(Some(text)),
                _ => Err(self.source.unsupported(element, format!("{computed} that is computed"))),
            },
        }
    }
}

/// `10ms`, `1s`, `.5s`; in whole milliseconds.
fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let scale = match unit.trim() {
        "ms" | "" => 1.0,
        "s" => 1e3,
        "min" | "m" => 6e4,
        "h" => 36e5,
        _ => return None,
    };
    let milliseconds = (number.trim().parse::<f64>().ok()? * scale).round();
    if !(0.0..=f64::from(u32::MAX) * 1e3).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range was checked above")]
    let milliseconds = milliseconds as u64;
    let (amount, unit) = if milliseconds > 0 && milliseconds.is_multiple_of(1_000) {
        (milliseconds / 1_000, Unit::Second)
    } else {
        (milliseconds, Unit::Millisecond)
    };
    Some(Duration::new(u32::try_from(amount).ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_are_read_as_in_style_sheets() {
        for (text, delay) in [
            ("10ms", Some(Duration::new(10, Unit::Millisecond))),
            ("1s", Some(Duration::new(1, Unit::Second))),
            (".5s", Some(Duration::new(500, Unit::Millisecond))),
            ("0", Some(Duration::new(0, Unit::Millisecond))),
            ("soon", None),
            ("-1s", None),
        ] {
            assert_eq!(duration(text), delay, "{text}");
        }
    }
}
