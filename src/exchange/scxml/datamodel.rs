//! Variables → attributes. ECMAScript variables hold anything; an attribute holds one kind of value, which is found by
//! looking at everything that is ever put into the variable or compared with it.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Binary, Fault, Script};
use super::{Element, ScxmlError, Source, Taken, elements, is_own};
use crate::model::{Attribute, AttributeId, AttributeKind, Project, Value};

/// The variables of a chart.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: BTreeMap<String, Variable>,
}

#[derive(Debug)]
pub(super) struct Variable {
    pub(super) id: AttributeId,
    /// The name of the attribute.
    pub(super) name: String,
    pub(super) kind: AttributeKind,
}

/// A declared variable, before its kind is known.
struct Declared<'a> {
    element: Element<'a>,
    name: &'a str,
    start: Option<Script>,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name)
    }

    /// Reads every `<data>` of the chart into the project; the flag says that some start value cannot be evaluated.
    pub(super) fn read(source: &Source, root: Element, project: &mut Project) -> Result<(Self, bool), ScxmlError> {
        let mut fails = false;
        let mut declared: Vec<Declared> = Vec::new();
        let mut seen = BTreeSet::new();
        for data in root.descendants().filter(|node| is_own(*node) && node.has_tag_name(own(root, "data"))) {
            let (item, broken) = declare(source, root, data)?;
            fails |= broken;
            if !seen.insert(item.name) {
                return Err(source.invalid(data, format!("the variable {} is declared twice", item.name)));
            }
            declared.push(item);
        }
        let kinds = kinds(source, root, &declared)?;
        let mut variables = Self::default();
        let mut taken = Taken::default();
        let mut values: BTreeMap<&str, Value> = BTreeMap::new();
        for item in &declared {
            let value = match &item.start {
                None | Some(Script::Undefined) => Value::Unknown,
                Some(start) => constant(start, &values)
                    .ok_or_else(|| source.unsupported(item.element, "start value that is no constant"))?,
            };
            values.insert(item.name, value.clone());
            let id = AttributeId(u32::try_from(project.attributes.len()).unwrap_or(u32::MAX) + 1);
            let name = taken.free(item.name);
            let kind = kinds.get(item.name).cloned().unwrap_or(AttributeKind::Number);
            project.attributes.insert(id, Attribute { initial: value, ..Attribute::new(id, &name, kind.clone()) });
            variables.known.insert(item.name.to_owned(), Variable { id, name, kind });
        }
        Ok((variables, fails))
    }
}

/// The name of an element of the chart's own namespace.
fn own<'a>(root: Element<'a>, name: &'a str) -> roxmltree::ExpandedName<'a, 'a> {
    match root.tag_name().namespace() {
        Some(namespace) => (namespace, name).into(),
        None => name.into(),
    }
}

fn declare<'a>(source: &Source, root: Element, data: Element<'a>) -> Result<(Declared<'a>, bool), ScxmlError> {
    let name = source.required(data, "id")?;
    if data.has_attribute("src") {
        return Err(source.unsupported(data, "data from another file"));
    }
    if elements(data).next().is_some() {
        return Err(source.unsupported(data, "data in XML"));
    }
    let nested = data.parent_element().and_then(|model| model.parent_element()) != Some(root);
    if nested && root.attribute("binding") == Some("late") {
        return Err(source.unsupported(data, "late binding"));
    }
    let text = data.attribute("expr").or(data.text()).unwrap_or_default();
    let read = match data.attribute("expr") {
        Some(text) => Script::parse(text),
        None => Script::inline(text).map_err(Fault::Unknown),
    };
    let start = match read {
        _ if text.trim().is_empty() => None,
        Ok(start) => Some(start),
        // The variable stays undefined and the chart hears of an error before anything else.
        Err(Fault::Broken) => return Ok((Declared { element: data, name, start: None }, true)),
        Err(Fault::Unknown(part)) => return Err(source.unsupported(data, part)),
    };
    Ok((Declared { element: data, name, start }, false))
}

/// The value of an expression that needs nothing but earlier start values.
fn constant(script: &Script, values: &BTreeMap<&str, Value>) -> Option<Value> {
    Some(match script {
        Script::Number(number) => Value::Number(*number),
        Script::Text(text) => Value::Text(text.clone()),
        Script::YesNo(yes) => Value::YesNo(*yes),
        Script::Variable(name) => values.get(name.as_str())?.clone(),
        Script::Negative(inner) => match constant(inner, values)? {
            Value::Number(number) => Value::Number(-number),
            _ => return None,
        },
        Script::Binary(operator, left, right) => {
            let (Value::Number(left), Value::Number(right)) = (constant(left, values)?, constant(right, values)?)
            else {
                return None;
            };
            Value::Number(match operator {
                Binary::Add => left + right,
                Binary::Subtract => left - right,
                Binary::Multiply => left * right,
                _ => return None,
            })
        }
        _ => return None,
    })
}

/// What each variable holds, from what is put into it; where that says nothing, from what it is compared with.
fn kinds<'a>(
    source: &Source,
    root: Element<'a>,
    declared: &[Declared<'a>],
) -> Result<BTreeMap<&'a str, AttributeKind>, ScxmlError> {
    let mut put: Vec<(Element, &str, Script)> = Vec::new();
    for item in declared {
        put.extend(item.start.clone().map(|start| (item.element, item.name, start)));
    }
    let mut compared: Vec<Script> = Vec::new();
    for element in root.descendants().filter(|node| node.is_element() && is_own(*node)) {
        let parsed = |name: &str| element.attribute(name).and_then(|text| Script::parse(text).ok());
        let name = element.tag_name().name();
        if let ("assign", Some(location)) = (name, element.attribute("location")) {
            let inline = || Script::inline(element.text().unwrap_or_default()).ok();
            let value = element.attribute("expr").map_or_else(inline, |text| Script::parse(text).ok());
            put.extend(value.map(|value| (element, location.trim(), value)));
        }
        compared.extend(parsed("cond"));
    }
    let mut kinds: BTreeMap<&str, AttributeKind> = BTreeMap::new();
    // Through every chain of variables that are put into one another.
    for _ in 0..=declared.len() {
        let known_before = kinds.len();
        for (element, name, script) in &put {
            let Some(kind) = kind_of(script, &|name| kinds.get(name).cloned()) else { continue };
            match kinds.get(name) {
                Some(known) if *known != kind => {
                    return Err(source.unsupported(*element, format!("variable {name} with values of several kinds")));
                }
                _ => drop(kinds.insert(name, kind)),
            }
        }
        if kinds.len() == known_before {
            break;
        }
    }
    for script in &compared {
        script.visit(&mut |part| {
            let Script::Binary(_, left, right) = part else { return };
            for (variable, value) in [(left, right), (right, left)] {
                if let Script::Variable(name) = &**variable
                    && let Some(item) = declared.iter().find(|item| item.name == name)
                    && let Some(kind) = kind_of(value, &|name| kinds.get(name).cloned())
                {
                    kinds.entry(item.name).or_insert(kind);
                }
            }
        });
    }
    // Nothing says what the event brings, so a guess could lose the value.
    for (element, name, script) in &put {
        if matches!(script, Script::EventData | Script::EventField(_)) && !kinds.contains_key(name) {
            return Err(source.unsupported(*element, format!("variable {name} whose kind of value is not known")));
        }
    }
    Ok(kinds)
}

/// What kind of value the expression has, as far as it can be told.
pub(super) fn kind_of(script: &Script, variable: &dyn Fn(&str) -> Option<AttributeKind>) -> Option<AttributeKind> {
    match script {
        Script::Text(_) | Script::TypeOf(_) => Some(AttributeKind::Text),
        Script::Undefined | Script::EventData | Script::EventField(_) => None,
        Script::Variable(name) => variable(name),
        Script::And(parts) | Script::Or(parts) => {
            let yes_no = |part| kind_of(part, variable) == Some(AttributeKind::YesNo);
            parts.iter().all(yes_no).then_some(AttributeKind::YesNo)
        }
        Script::Binary(Binary::Add, left, right) => match (kind_of(left, variable), kind_of(right, variable)) {
            (Some(AttributeKind::Text), _) | (_, Some(AttributeKind::Text)) => Some(AttributeKind::Text),
            // With a partner that is not known yet, a sum is most likely one of numbers.
            (Some(AttributeKind::Number), None | Some(AttributeKind::Number)) | (None, Some(AttributeKind::Number)) => {
                Some(AttributeKind::Number)
            }
            _ => None,
        },
        Script::Binary(Binary::Subtract | Binary::Multiply, ..)
        | Script::Number(_)
        | Script::Negative(_)
        | Script::Extreme(..) => Some(AttributeKind::Number),
        Script::Binary(..) | Script::YesNo(_) | Script::In(_) | Script::Not(_) => Some(AttributeKind::YesNo),
    }
}
