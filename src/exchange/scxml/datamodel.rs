//! Variables → attributes. ECMAScript variables hold anything; an attribute holds one kind of value, which is found by
//! looking at everything that is ever put into the variable or compared with it.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Binary, Fault, OWN_LOCATION, OWN_PROCESSOR, SYSTEM, Script};
use super::statements::{Statement, is_name, statements};
use super::{Element, ScxmlError, Source, Taken, elements, is_own};
use crate::model::{Attribute, AttributeId, AttributeKind, Project, Value};

/// The variables of a chart.
#[derive(Debug, Default)]
pub(super) struct Variables {
    known: BTreeMap<String, Variable>,
    /// Arrays that nobody changes.
    lists: BTreeMap<String, Vec<Script>>,
    /// Everything that is ever put into a variable.
    puts: BTreeMap<String, Vec<Script>>,
    /// The variables that get their start value when a state is entered, by the place where its element begins.
    late: BTreeMap<usize, Vec<(String, Script)>>,
    /// What the chart is called.
    pub(super) chart: String,
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
    name: String,
    start: Option<Script>,
    /// The place of the state whose entry gives it its start value.
    late: Option<usize>,
}

impl Variables {
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        self.known.get(name)
    }

    /// The elements of an array, if the variable is one.
    pub(super) fn list(&self, name: &str) -> Option<&[Script]> {
        self.lists.get(name).map(Vec::as_slice)
    }

    /// The variables that get their start value when this state is entered.
    pub(super) fn late(&self, state: Element) -> &[(String, Script)] {
        self.late.get(&state.range().start).map_or(&[], Vec::as_slice)
    }

    /// Reads every `<data>` of the chart into the project; the flag says that some start value cannot be evaluated.
    pub(super) fn read(
        source: &Source,
        root: Element,
        project: &mut Project,
        notes: &mut Vec<String>,
    ) -> Result<(Self, bool), ScxmlError> {
        let (declared, mut fails) = declarations(source, root, notes)?;
        let mut variables = Self { chart: root.attribute("name").unwrap_or_default().to_owned(), ..Self::default() };
        let puts = Puts::of(source, root, &declared)?;
        for (_, name, script) in &puts.all {
            variables.puts.entry(name.clone()).or_default().push(script.clone());
        }
        let names: BTreeSet<&str> = declared.iter().map(|item| item.name.as_str()).collect();
        let mut values: BTreeMap<&str, Value> = BTreeMap::new();
        let lists = declared.iter().filter_map(|item| match &item.start {
            Some(Script::Array(parts)) => Some((item, parts)),
            _ => None,
        });
        for (item, parts) in lists {
            let no_constant = |part| constant(part, &BTreeMap::new(), "").is_none();
            if item.late.is_some() || variables.puts[&item.name].len() > 1 || parts.iter().any(no_constant) {
                return Err(source.unsupported(item.element, "array that changes"));
            }
            variables.lists.insert(item.name.clone(), parts.clone());
        }
        let kinds = puts.kinds(source, &declared)?;
        let mut taken = Taken::default();
        for item in declared.iter().filter(|item| !variables.lists.contains_key(&item.name)) {
            let kind = kinds.get(&item.name).cloned().unwrap_or(AttributeKind::Number);
            let value = match &item.start {
                None | Some(Script::Undefined) => Value::Unknown,
                Some(start) if item.late.is_some() => {
                    let place = item.late.unwrap_or_default();
                    variables.late.entry(place).or_default().push((item.name.clone(), start.clone()));
                    Value::Unknown
                }
                Some(start) if is_undeclared(start, &names) => {
                    fails = true;
                    Value::Unknown
                }
                Some(start) => constant(start, &values, &variables.chart)
                    .ok_or_else(|| source.unsupported(item.element, "start value that is no constant"))?,
            };
            values.insert(&item.name, value);
            let id = AttributeId(u32::try_from(project.attributes.len()).unwrap_or(u32::MAX) + 1);
            let name = taken.free(&item.name);
            project.attributes.insert(id, Attribute::new(id, &name, kind.clone()));
            variables.known.insert(item.name.clone(), Variable { id, name, kind });
        }
        // What a script of the whole chart sets is set before anything happens.
        for script in elements(root).filter(|child| is_own(*child) && child.tag_name().name() == "script") {
            for statement in read_script(source, script)? {
                let known = names.get(statement.name.as_str());
                match (known, statement.value) {
                    (Some(name), Some(value)) if !variables.lists.contains_key(*name) => {
                        let value = constant(&value, &values, &variables.chart);
                        let value = value.ok_or_else(|| source.unsupported(script, "script that computes"))?;
                        values.insert(name, value);
                    }
                    _ => fails = true,
                }
            }
        }
        for (name, variable) in &variables.known {
            let value = values.remove(name.as_str()).unwrap_or_default();
            let value = match (&variable.kind, value) {
                (AttributeKind::Text, Value::Number(number)) => Value::Text(number.to_string()),
                (_, value) => value,
            };
            if let Some(attribute) = project.attributes.get_mut(&variable.id) {
                attribute.initial = value;
            }
        }
        Ok((variables, fails))
    }

    /// Every text that the expression can be when it is evaluated, as far as that is known from what is ever put into the
    /// variables. Undefined is none of them.
    pub(super) fn possible(&self, script: &Script) -> Option<BTreeSet<String>> {
        let found = self.possible_within(script, &mut Vec::new(), &mut 0)?;
        (found.len() <= MOST_POSSIBLE).then_some(found)
    }

    fn possible_within<'a>(
        &'a self,
        script: &'a Script,
        around: &mut Vec<&'a str>,
        steps: &mut u32,
    ) -> Option<BTreeSet<String>> {
        *steps += 1;
        if *steps > MOST_STEPS {
            return None;
        }
        Some(match script {
            Script::Text(text) => BTreeSet::from([text.clone()]),
            Script::Number(number) => BTreeSet::from([number.to_string()]),
            Script::ChartName => BTreeSet::from([self.chart.clone()]),
            Script::EventPart("origin") => BTreeSet::from([String::from(OWN_LOCATION)]),
            Script::EventPart("origintype") => BTreeSet::from([String::from(OWN_PROCESSOR[1])]),
            Script::Undefined => BTreeSet::new(),
            // What comes back to a variable adds nothing to it.
            Script::Variable(name) if around.contains(&name.as_str()) => BTreeSet::new(),
            Script::Variable(name) => {
                around.push(name);
                let mut found = BTreeSet::new();
                for put in self.puts.get(name).into_iter().flatten() {
                    found.extend(self.possible_within(put, around, steps)?);
                }
                around.pop();
                found
            }
            Script::Binary(Binary::Add, left, right) => {
                let mut grows = false;
                script.visit(&mut |part| {
                    grows |= matches!(part, Script::Variable(name) if around.contains(&name.as_str()));
                });
                if grows
                    || kind_of(script, &|name| Some(self.known.get(name)?.kind.clone())) != Some(AttributeKind::Text)
                {
                    return None;
                }
                let left = self.possible_within(left, around, steps)?;
                let right = self.possible_within(right, around, steps)?;
                if left.len() * right.len() > MOST_POSSIBLE {
                    return None;
                }
                let longest = |texts: &BTreeSet<String>| texts.iter().map(String::len).max().unwrap_or(0);
                if longest(&left) + longest(&right) > LONGEST_TEXT {
                    return None;
                }
                left.iter().flat_map(|one| right.iter().map(move |other| format!("{one}{other}"))).collect()
            }
            _ => return None,
        })
    }
}

/// With more possible texts than this, what an expression will be is not known.
const MOST_POSSIBLE: usize = 16;
/// How long is looked for them.
const MOST_STEPS: u32 = 1_000;
/// Longer texts are not put together before the chart runs.
const LONGEST_TEXT: usize = 10_000;

/// The name of an element of the chart's own namespace.
pub(super) fn own<'a>(root: Element<'a>, name: &'a str) -> roxmltree::ExpandedName<'a, 'a> {
    match root.tag_name().namespace() {
        Some(namespace) => (namespace, name).into(),
        None => name.into(),
    }
}

/// Every variable: of `<data>`, and those that a script or a loop sets without one.
fn declarations<'a>(
    source: &Source,
    root: Element<'a>,
    notes: &mut Vec<String>,
) -> Result<(Vec<Declared<'a>>, bool), ScxmlError> {
    let mut fails = false;
    let mut mentioned = None;
    let mut declared: Vec<Declared> = Vec::new();
    let mut seen = BTreeSet::new();
    for data in root.descendants().filter(|node| node.has_tag_name(own(root, "data"))) {
        let name = source.required(data, "id")?;
        if !seen.insert(name.to_owned()) {
            return Err(source.invalid(data, format!("the variable {name} is declared twice")));
        }
        match declare(source, root, data) {
            Ok((item, broken)) => {
                fails |= broken;
                declared.push(item);
            }
            Err(_) if !mentioned.get_or_insert_with(|| words_of(root)).contains(name) => {
                let line = source.line(data);
                notes.push(format!("Line {line}: the variable {name} was left out, for nothing uses it."));
            }
            Err(error) => return Err(error),
        }
    }
    for element in root.descendants().filter(|node| node.is_element() && is_own(*node)) {
        let names: Vec<String> = match element.tag_name().name() {
            "script" => read_script(source, element)?.into_iter().map(|statement| statement.name).collect(),
            "foreach" => [element.attribute("item"), element.attribute("index")]
                .into_iter()
                .flatten()
                .filter(|name| is_name(name))
                .map(str::to_owned)
                .collect(),
            _ => continue,
        };
        for name in names.into_iter().filter(|name| !SYSTEM.contains(&name.as_str())) {
            if seen.insert(name.clone()) {
                declared.push(Declared { element, name, start: None, late: None });
            }
        }
    }
    Ok((declared, fails))
}

/// The name under which what is sent can be cancelled, where the chart leaves it to others to find one.
pub(super) fn key_of(send: Element) -> String {
    format!("send.{}", send.range().start)
}

/// What a script sets.
pub(super) fn read_script(source: &Source, script: Element) -> Result<Vec<Statement>, ScxmlError> {
    if script.has_attribute("src") {
        return Err(source.unsupported(script, "script from another file"));
    }
    statements(script.text().unwrap_or_default()).map_err(|part| source.unsupported(script, part))
}

/// Every word of expressions and texts; what is only written to a log matters to nobody.
fn words_of(root: Element<'_>) -> BTreeSet<&str> {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut words = BTreeSet::new();
    for node in root.descendants().filter(|node| !node.has_tag_name(own(root, "log"))) {
        let attributes =
            node.attributes().filter(|attribute| attribute.name() != "id").map(|attribute| attribute.value());
        for text in attributes.chain(node.text().filter(|_| node.is_text())) {
            words.extend(text.split(|c| !word(c)));
        }
    }
    words
}

fn declare<'a>(source: &Source, root: Element, data: Element<'a>) -> Result<(Declared<'a>, bool), ScxmlError> {
    let name = source.required(data, "id")?.to_owned();
    if data.has_attribute("src") {
        return Err(source.unsupported(data, "data from another file"));
    }
    if elements(data).next().is_some() {
        return Err(source.unsupported(data, "data in XML"));
    }
    let state = data.parent_element().and_then(|model| model.parent_element());
    let is_late = root.attribute("binding") == Some("late");
    let late = state.filter(|state| is_late && *state != root).map(|state| state.range().start);
    let text = data.attribute("expr").or(data.text()).unwrap_or_default();
    let read = match data.attribute("expr") {
        Some(text) => Script::parse(text),
        None => Script::inline(text).map_err(Fault::Unknown),
    };
    let start = match read {
        _ if text.trim().is_empty() => None,
        Ok(start) => Some(start),
        // The variable stays undefined and the chart hears of an error before anything else.
        Err(Fault::Broken) => return Ok((Declared { element: data, name, start: None, late }, true)),
        Err(Fault::Unknown(part)) => return Err(source.unsupported(data, part)),
    };
    Ok((Declared { element: data, name, start, late }, false))
}

fn is_undeclared(script: &Script, declared: &BTreeSet<&str>) -> bool {
    matches!(script, Script::Variable(name) | Script::Part(name, _) if !declared.contains(name.as_str()))
}

/// The value of an expression that needs nothing but earlier start values.
fn constant(script: &Script, values: &BTreeMap<&str, Value>, chart: &str) -> Option<Value> {
    let value_of = |script| constant(script, values, chart);
    Some(match script {
        Script::Number(number) => Value::Number(*number),
        Script::Text(text) => Value::Text(text.clone()),
        Script::YesNo(yes) => Value::YesNo(*yes),
        Script::Undefined => Value::Unknown,
        Script::ChartName => Value::Text(chart.to_owned()),
        Script::Variable(name) => values.get(name.as_str())?.clone(),
        Script::Negative(inner) => match value_of(inner)? {
            Value::Number(number) => Value::Number(-number),
            _ => return None,
        },
        Script::Not(inner) => match value_of(inner)? {
            Value::YesNo(yes) => Value::YesNo(!yes),
            _ => return None,
        },
        Script::Binary(operator, left, right) => match (value_of(left)?, value_of(right)?) {
            (Value::Number(left), Value::Number(right)) => {
                let result = match operator {
                    Binary::Add => left + right,
                    Binary::Subtract => left - right,
                    Binary::Multiply => left * right,
                    Binary::Divide => left / right,
                    Binary::Remainder => left % right,
                    _ => return None,
                };
                Value::Number(Some(result).filter(|result| result.is_finite())?)
            }
            (left @ Value::Text(_), right @ (Value::Text(_) | Value::Number(_)))
            | (left @ Value::Number(_), right @ Value::Text(_))
                if *operator == Binary::Add =>
            {
                Value::Text(Some(format!("{left}{right}")).filter(|text| text.len() <= LONGEST_TEXT)?)
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// What is put into variables, and what is asked of them.
struct Puts<'a> {
    all: Vec<(Element<'a>, String, Script)>,
    compared: Vec<Script>,
    /// The variables whose value matters to more than the attributes of `<send>` and `<cancel>`.
    valued: BTreeSet<String>,
}

impl<'a> Puts<'a> {
    fn of(source: &Source, root: Element<'a>, declared: &[Declared<'a>]) -> Result<Self, ScxmlError> {
        let mut puts = Self { all: Vec::new(), compared: Vec::new(), valued: BTreeSet::new() };
        let starts: BTreeMap<&str, &Script> =
            declared.iter().filter_map(|item| Some((item.name.as_str(), item.start.as_ref()?))).collect();
        for item in declared {
            puts.all.extend(item.start.clone().map(|start| (item.element, item.name.clone(), start)));
        }
        for element in root.descendants().filter(|node| node.is_element() && is_own(*node)) {
            let parsed = |name: &str| element.attribute(name).and_then(|text| Script::parse(text).ok());
            let mut put = |name: &str, value: Script| puts.all.push((element, name.trim().to_owned(), value));
            match element.tag_name().name() {
                "assign" => {
                    let inline = || Script::inline(element.text().unwrap_or_default()).ok();
                    let value = element.attribute("expr").map_or_else(inline, |text| Script::parse(text).ok());
                    if let (Some(location), Some(value)) = (element.attribute("location"), value) {
                        put(location, value);
                    }
                }
                "script" => {
                    for statement in read_script(source, element)? {
                        if let Some(value) = statement.value {
                            put(&statement.name, value);
                        }
                    }
                }
                "send" => {
                    element
                        .attribute("idlocation")
                        .into_iter()
                        .for_each(|name| put(name, Script::Text(key_of(element))));
                }
                "foreach" => {
                    let array = match parsed("array") {
                        Some(Script::Variable(name)) => starts.get(name.as_str()).copied().cloned(),
                        other => other,
                    };
                    let parts = if let Some(Script::Array(parts)) = array { parts } else { Vec::new() };
                    if let Some(item) = element.attribute("item").filter(|name| is_name(name)) {
                        for part in parts {
                            put(item, part);
                        }
                    }
                    element.attribute("index").into_iter().for_each(|name| put(name, Script::Number(0.0)));
                }
                _ => {}
            }
            puts.compared.extend(parsed("cond"));
            let words = element.attribute("namelist").unwrap_or_default().split_whitespace();
            puts.valued.extend(words.map(str::to_owned));
            if !element.has_tag_name(own(root, "log")) && !element.has_tag_name(own(root, "assign")) {
                let values = ["expr", "location"].into_iter().filter_map(parsed);
                values.for_each(|script| add_variables(&script, &mut puts.valued));
            }
        }
        for script in puts.compared.iter().chain(puts.all.iter().map(|(_, _, script)| script)) {
            add_variables(script, &mut puts.valued);
        }
        Ok(puts)
    }

    /// What each variable holds, from what is put into it; where that says nothing, from what it is compared with.
    fn kinds(&self, source: &Source, declared: &[Declared<'a>]) -> Result<BTreeMap<String, AttributeKind>, ScxmlError> {
        let mut kinds: BTreeMap<String, AttributeKind> = BTreeMap::new();
        // Through every chain of variables that are put into one another.
        for _ in 0..=declared.len() {
            let known_before = kinds.len();
            for (element, name, script) in &self.all {
                let Some(kind) = kind_of(script, &|name| kinds.get(name).cloned()) else { continue };
                match kinds.get(name) {
                    Some(known) if *known != kind => {
                        // As the address of what is sent, a number is a text like any.
                        if self.valued.contains(name) || kind == AttributeKind::YesNo || *known == AttributeKind::YesNo
                        {
                            let construct = format!("variable {name} with values of several kinds");
                            return Err(source.unsupported(*element, construct));
                        }
                        kinds.insert(name.clone(), AttributeKind::Text);
                    }
                    _ => drop(kinds.insert(name.clone(), kind)),
                }
            }
            if kinds.len() == known_before {
                break;
            }
        }
        for script in &self.compared {
            script.visit(&mut |part| {
                let Script::Binary(_, left, right) = part else { return };
                for (variable, value) in [(left, right), (right, left)] {
                    if let Script::Variable(name) = &**variable
                        && let Some(kind) = kind_of(value, &|name| kinds.get(name).cloned())
                    {
                        kinds.entry(name.clone()).or_insert(kind);
                    }
                }
            });
        }
        // Nothing says what the event brings, so a guess could lose the value.
        for (element, name, script) in &self.all {
            if matches!(script, Script::EventData | Script::EventField(_)) && !kinds.contains_key(name) {
                return Err(source.unsupported(*element, format!("variable {name} whose kind of value is not known")));
            }
        }
        Ok(kinds)
    }
}

fn add_variables(script: &Script, to: &mut BTreeSet<String>) {
    script.visit(&mut |part| {
        if let Script::Variable(name) = part {
            to.insert(name.clone());
        }
    });
}

/// What kind of value the expression has, as far as it can be told.
pub(super) fn kind_of(script: &Script, variable: &dyn Fn(&str) -> Option<AttributeKind>) -> Option<AttributeKind> {
    match script {
        Script::Text(_) | Script::TypeOf(_) | Script::ChartName | Script::EventPart(_) => Some(AttributeKind::Text),
        Script::Undefined
        | Script::EventData
        | Script::EventField(_)
        | Script::Event
        | Script::Part(..)
        | Script::Array(_) => None,
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
        Script::Binary(Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder, ..)
        | Script::Number(_)
        | Script::Negative(_)
        | Script::Extreme(..) => Some(AttributeKind::Number),
        Script::Binary(..) | Script::YesNo(_) | Script::In(_) | Script::Not(_) => Some(AttributeKind::YesNo),
    }
}
