//! What a chart tells itself: `<send>`, and what comes with it and with the end of a group.

use super::content::{Content, Done};
use super::datamodel::key_of;
use super::expression::{OWN_LOCATION, OWN_PROCESSOR, Script};
use super::{Element, ScxmlError, elements};
use crate::model::{Action, Duration, Formula, Message, Unit};

/// What is sent where nobody can be reached.
pub(super) const UNREACHABLE: &str = "error.communication";

/// Where something is sent.
enum Destination {
    /// To the chart, from outside.
    Queue,
    /// To the chart, before anything from outside.
    Inside,
    /// To somebody who is not there.
    Nobody,
    /// To what is no address.
    Nowhere,
}

impl Content<'_> {
    pub(super) fn send(&self, element: Element) -> Done {
        if !element.has_attribute("event") && !element.has_attribute("eventexpr") {
            if elements(element).next().is_some() {
                return Err(self.source.unsupported(element, "send without an event"));
            }
            return Err(self.source.invalid(element, "<send> needs either \"event\" or \"eventexpr\""));
        }
        let mut key = element.attribute("id").unwrap_or_default().to_owned();
        let mut actions = Vec::new();
        if let Some(location) = element.attribute("idlocation") {
            key = key_of(element);
            actions = self.set(element, location.trim(), Some(&Script::Text(key.clone())))?;
        }
        let Some(fields) = self.values(element)? else {
            return Ok(self.undone(element, &key, "a value to send cannot be evaluated"));
        };
        actions.extend(self.choose(element, "type", "typeexpr", &mut |processor| {
            if let Some(processor) = processor.filter(|name| !OWN_PROCESSOR.contains(name)) {
                // An address is of a processor that others have; a chart that needs it means something else.
                if processor.contains(':') || processor == "basichttp" {
                    return Err(self.source.unsupported(element, format!("send of type {processor}")));
                }
                return Ok(self.undone(element, &key, &format!("there is no way of sending called {processor}")));
            }
            self.choose(element, "target", "targetexpr", &mut |target| {
                let destination = self.destination(element, target)?;
                self.choose(element, "delay", "delayexpr", &mut |delay| {
                    self.choose(element, "event", "eventexpr", &mut |event| {
                        self.sent(element, (event, delay, &destination), &key, &fields)
                    })
                })
            })
        })?);
        Ok(actions)
    }

    /// What cannot be sent, which the chart hears of under the name of what it wanted to send.
    fn undone(&self, element: Element, key: &str, problem: &str) -> Vec<Action> {
        let mut actions = self.fail(element, problem.to_owned());
        if let Some(Action::Fail(failure)) = actions.last_mut() {
            failure.fields = self.described([("sendid", key)]);
        }
        actions
    }

    fn destination(&self, element: Element, target: Option<&str>) -> Result<Destination, ScxmlError> {
        Ok(match target.map(str::trim) {
            None | Some("" | OWN_LOCATION) => Destination::Queue,
            Some("#_internal") => Destination::Inside,
            // Without invoked charts, there is no other.
            Some(other) if other.starts_with("#_") => Destination::Nobody,
            Some(other) if other.contains(':') || other.starts_with('/') => {
                return Err(self.source.unsupported(element, format!("send to {other}")));
            }
            Some(_) => Destination::Nowhere,
        })
    }

    fn sent(
        &self,
        element: Element,
        (event, delay, destination): (Option<&str>, Option<&str>, &Destination),
        key: &str,
        fields: &[(String, Formula)],
    ) -> Done {
        self.count(element)?;
        let after = match (destination, delay.map(str::trim).filter(|delay| !delay.is_empty())) {
            (Destination::Nowhere, _) => return Ok(self.undone(element, key, "there is no such target to send to")),
            (Destination::Nobody, _) => {
                let unreachable = self.names.ids.get(UNREACHABLE);
                return Ok(unreachable.map(|event| self.told(*event, key)).into_iter().collect());
            }
            (Destination::Inside, None) => None,
            (Destination::Inside, Some(_)) => {
                return Err(self.source.invalid(element, "what is sent inside cannot be delayed"));
            }
            (Destination::Queue, None) => Some(Duration::new(0, Unit::Millisecond)),
            (Destination::Queue, Some(delay)) => {
                Some(duration(delay).ok_or_else(|| self.source.unsupported(element, format!("delay {delay}")))?)
            }
        };
        let Some(event) = event.and_then(|name| self.names.ids.get(name)).copied() else { return Ok(Vec::new()) };
        let mut fields = fields.to_vec();
        self.fields.borrow_mut().entry(event).or_default().extend(fields.iter().map(|(name, _)| name.clone()));
        let (origin, processor) = if after.is_some() { (OWN_LOCATION, OWN_PROCESSOR[1]) } else { ("", "") };
        fields.extend(self.described([("sendid", key), ("origin", origin), ("origintype", processor)]));
        Ok(vec![Action::Schedule(Message { event, after, key: key.to_owned(), fields })])
    }

    /// The text between the tags of `<content>`: a value, the fields of an object, else a text as it is but for its spaces.
    fn inline(&self, content: Element) -> Result<Vec<(String, Formula)>, ScxmlError> {
        let text = content.text().unwrap_or_default();
        if text.trim().starts_with('{') {
            let object: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text).ok();
            let object = object.ok_or_else(|| self.source.unsupported(content, "object"))?;
            let field = |(name, value): (String, serde_json::Value)| {
                let script = match value {
                    serde_json::Value::Bool(yes) => Script::YesNo(yes),
                    serde_json::Value::Number(number) => Script::Number(number.as_f64()?),
                    serde_json::Value::String(text) => Script::Text(text),
                    serde_json::Value::Null => Script::Undefined,
                    _ => return None,
                };
                Some((name, self.translator().value(&script).ok()?))
            };
            let fields = object.into_iter().map(field).collect::<Option<Vec<_>>>();
            return fields.ok_or_else(|| self.source.unsupported(content, "object inside an object"));
        }
        let script = Script::inline(text).map_err(|part| self.source.unsupported(content, part))?;
        let value = self.translator().value(&script).map_err(|part| self.source.unsupported(content, part))?;
        Ok(vec![(String::from("data"), value)])
    }

    /// The values that a sent event brings; `None` where finding them always fails.
    pub(super) fn values(&self, send: Element) -> Result<Option<Vec<(String, Formula)>>, ScxmlError> {
        let mut fields = Vec::new();
        for name in send.attribute("namelist").unwrap_or_default().split_whitespace() {
            let Some(field) = self.value(send, name, name)? else { return Ok(None) };
            fields.push(field);
        }
        for child in elements(send) {
            let field = match child.tag_name().name() {
                "param" => {
                    let name = self.source.required(child, "name")?;
                    let text = child.attribute("expr").or(child.attribute("location")).unwrap_or_default();
                    self.value(child, name, text)?
                }
                "content" => match child.attribute("expr") {
                    Some(text) => self.value(child, "data", text)?,
                    None if elements(child).next().is_some() => {
                        return Err(self.source.unsupported(child, "content in XML"));
                    }
                    None => {
                        fields.extend(self.inline(child)?);
                        continue;
                    }
                },
                other => return Err(self.source.unsupported(child, other)),
            };
            let Some(field) = field else { return Ok(None) };
            fields.push(field);
        }
        Ok(Some(fields))
    }

    /// One value under its name; `None` where finding it always fails.
    fn value(&self, element: Element, name: &str, text: &str) -> Result<Option<(String, Formula)>, ScxmlError> {
        let Some(script) = self.script(element, text)? else { return Ok(None) };
        if name.is_empty() || name.contains(['[', ']', '"']) {
            return Err(self.source.unsupported(element, format!("value named \"{name}\"")));
        }
        let value = self.translator().value(&script).map_err(|part| self.source.unsupported(element, part))?;
        Ok(Some((name.to_owned(), value)))
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
