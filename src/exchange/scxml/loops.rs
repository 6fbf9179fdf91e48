//! `<foreach>` over an array that nobody changes: its content as often as the array is long.

use super::Element;
use super::content::{Content, Done};
use super::expression::{SYSTEM, Script};
use super::statements::is_name;
use crate::model::Action;

impl Content<'_> {
    pub(super) fn each(&self, element: Element) -> Done {
        let text = self.source.required(element, "array")?;
        let item = self.source.required(element, "item")?;
        let index = element.attribute("index");
        let no_array = || Ok(self.fail(element, format!("{text} is no array")));
        let parts = match self.script(element, text)? {
            Some(Script::Array(parts)) => parts,
            Some(Script::Variable(name)) => match self.variables.list(&name) {
                Some(parts) => parts.to_vec(),
                None => return no_array(),
            },
            Some(Script::EventData | Script::EventField(_)) => {
                return Err(self.source.unsupported(element, "array that an event brings"));
            }
            _ => return no_array(),
        };
        let is_variable = |name: &str| is_name(name) && !SYSTEM.contains(&name);
        if let Some(wrong) = std::iter::once(item).chain(index).find(|name| !is_variable(name)) {
            return Ok(self.fail(element, format!("{wrong} is no name of a variable")));
        }
        let mut actions = Vec::new();
        for (place, part) in (0_u32..).zip(&parts) {
            self.count(element)?;
            actions.extend(self.set(element, item, Some(part))?);
            if let Some(index) = index {
                actions.extend(self.set(element, index, Some(&Script::Number(f64::from(place))))?);
            }
            actions.extend(self.block(element)?);
            if matches!(actions.last(), Some(Action::Fail(_))) {
                break;
            }
        }
        Ok(actions)
    }
}
