//! Executable content → actions: raise, cancel, assign, if, script, log.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::datamodel::{Variables, read_script};
use super::events::Names;
use super::expression::{Binary, Fault, OWN_LOCATION, OWN_PROCESSOR, Script};
use super::extension::is_ours;
use super::statements::Statement;
use super::translate::Translator;
use super::{Element, ScxmlError, Source, elements, is_own};
use crate::model::formula::Expr;
use crate::model::{Action, AttributeKind, Branch, EventId, Failure, Formula, Message};

/// What a formula begins with that is to be read by nobody.
const UNREADABLE: char = '?';
/// What exists in ECMAScript though no chart declares it.
const GLOBALS: [&str; 8] = ["Math", "JSON", "Date", "Number", "String", "Object", "Array", "Boolean"];
/// More elements of executable content than this are refused, those of a loop counted as often as they are done.
const MOST_STEPS: u32 = 100_000;

/// What is to be done, or why that cannot be expressed.
pub(super) type Done = Result<Vec<Action>, ScxmlError>;

/// Reads what is executed, with every name looked up.
pub(super) struct Content<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) names: &'a Names,
    pub(super) variables: &'a Variables,
    pub(super) state: &'a dyn Fn(&str) -> Option<String>,
    /// The fields that events bring, found on the way.
    pub(super) fields: RefCell<BTreeMap<EventId, Vec<String>>>,
    /// The fields that conditions and values ask for.
    pub(super) asked: RefCell<BTreeSet<String>>,
    pub(super) steps: Cell<u32>,
    /// What the user should know, with its line.
    pub(super) notes: RefCell<Vec<(u32, String)>>,
}

impl Content<'_> {
    /// What the children of `element` do, one block.
    pub(super) fn block(&self, element: Element) -> Done {
        let mut actions = Vec::new();
        for child in elements(element) {
            actions.extend(self.element(child)?);
            // Nothing comes after what always fails.
            if matches!(actions.last(), Some(Action::Fail(_))) {
                break;
            }
        }
        Ok(actions)
    }

    /// The condition in attribute `cond`, or the one that always holds. One that cannot be evaluated is kept as a formula
    /// that cannot be read, whatever its words would mean here.
    pub(super) fn condition(&self, element: Element) -> Result<Formula, ScxmlError> {
        let Some(text) = element.attribute("cond") else { return Ok(Formula::default()) };
        let text = text.trim();
        if let Some(script) = self.script(element, text)? {
            return self.translator().condition(&script).map_err(|part| self.source.unsupported(element, part));
        }
        self.note(element, &format!("the condition {text} cannot be evaluated, so it never holds"));
        Ok(Formula::new(format!("{UNREADABLE} {text}")))
    }

    pub(super) fn translator(&self) -> Translator<'_> {
        Translator { variables: self.variables, state: self.state, brought: &self.names.brought }
    }

    /// The expression, or `None` where it is no ECMAScript, so that evaluating it always fails.
    pub(super) fn script(&self, element: Element, text: &str) -> Result<Option<Script>, ScxmlError> {
        match Script::parse(text) {
            // Nobody knows what it means, so evaluating it always fails.
            Ok(script) if self.is_undeclared(&script) => Ok(None),
            Ok(script) => {
                script.visit(&mut |part| {
                    if *part == Script::EventData {
                        self.asked.borrow_mut().extend(self.names.brought.iter().cloned());
                    }
                    self.asked.borrow_mut().insert(match part {
                        Script::EventData => String::from("data"),
                        Script::EventField(field) => field.clone(),
                        Script::EventPart(part) => format!("_event.{part}"),
                        Script::Event => String::from("_event.name"),
                        _ => return,
                    });
                });
                Ok(Some(script))
            }
            Err(Fault::Broken) => Ok(None),
            Err(Fault::Unknown(part)) => Err(self.source.unsupported(element, part)),
        }
    }

    /// What always fails, and a note that says so.
    pub(super) fn fail(&self, element: Element, problem: String) -> Vec<Action> {
        self.note(element, &format!("{problem}, so what comes after it in its block is never done"));
        vec![Action::Fail(Failure { problem, fields: Vec::new() })]
    }

    fn note(&self, element: Element, what: &str) {
        self.notes.borrow_mut().push((self.source.line(element), what.to_owned()));
    }

    /// An event of the platform, with the name of what was sent, if it is about that.
    pub(super) fn told(&self, event: EventId, key: &str) -> Action {
        let mut fields = self.described([("sendid", key), ("type", "platform")]);
        fields.retain(|(_, text)| !text.is_empty());
        Action::Schedule(Message { event, after: None, key: String::new(), fields })
    }

    /// What an event says of itself, as far as anybody asks.
    pub(super) fn described<const N: usize>(&self, parts: [(&str, &str); N]) -> Vec<(String, Formula)> {
        let asked = parts.into_iter().filter(|(part, text)| !text.is_empty() && self.names.is_asked(part));
        let mut fields = Vec::new();
        for (part, text) in asked {
            let field = format!("_event.{part}");
            self.asked.borrow_mut().insert(field.clone());
            fields.push((field, Formula::from(&Expr::Text(text.to_owned()))));
        }
        fields
    }

    /// Whether evaluating it meets a name that was never declared, whatever else holds.
    fn is_undeclared(&self, script: &Script) -> bool {
        let unknown = |name: &str| {
            self.variables.get(name).is_none() && self.variables.list(name).is_none() && !GLOBALS.contains(&name)
        };
        match script {
            Script::Variable(name) | Script::Part(name, _) => unknown(name),
            Script::Not(inner) | Script::Negative(inner) => self.is_undeclared(inner),
            Script::Binary(_, left, right) => self.is_undeclared(left) || self.is_undeclared(right),
            Script::Extreme(_, parts) => parts.iter().any(|part| self.is_undeclared(part)),
            Script::And(parts) | Script::Or(parts) => parts.first().is_some_and(|part| self.is_undeclared(part)),
            _ => false,
        }
    }

    fn element(&self, element: Element) -> Done {
        let name = element.tag_name().name();
        // Of a chart of our own that somebody has changed; a note says that these are left out.
        if is_ours(element) {
            return Ok(Vec::new());
        }
        if !is_own(element) {
            return Err(self.source.unsupported(element, format!("{name} of another namespace")));
        }
        self.count(element)?;
        match name {
            // Nobody reads what is written, but writing it can fail.
            "log" => match element.attribute("expr").map(Script::parse) {
                Some(Ok(script)) if !self.is_undeclared(&script) => Ok(Vec::new()),
                None | Some(Err(Fault::Unknown(_))) => Ok(Vec::new()),
                Some(Ok(_) | Err(Fault::Broken)) => {
                    Ok(self.fail(element, String::from("what is to be logged cannot be evaluated")))
                }
            },
            "raise" => {
                let name = self.source.required(element, "event")?;
                let Some(event) = self.names.ids.get(name).copied() else { return Ok(Vec::new()) };
                // What is raised brings nothing, also where the event before it brought something.
                let bare = Message { event, after: None, key: String::new(), fields: Vec::new() };
                Ok(vec![if self.names.are_asked { Action::Schedule(bare) } else { Action::Raise(event) }])
            }
            "assign" => self.assign(element),
            "if" => self.branches(element),
            "send" => self.send(element),
            "cancel" => {
                if !element.has_attribute("sendid") && !element.has_attribute("sendidexpr") {
                    return Err(self.source.invalid(element, "<cancel> does not say what it cancels"));
                }
                self.choose(element, "sendid", "sendidexpr", &mut |key| {
                    Ok(key
                        .filter(|key| !key.is_empty())
                        .map(|key| Action::Cancel(key.to_owned()))
                        .into_iter()
                        .collect())
                })
            }
            "script" => {
                let mut actions = Vec::new();
                for Statement { name, value } in read_script(self.source, element)? {
                    actions.extend(self.set(element, &name, value.as_ref())?);
                }
                Ok(actions)
            }
            "foreach" => self.each(element),
            _ => Err(self.source.unsupported(element, name)),
        }
    }

    /// Counts what is read, for loops in loops can be without end.
    pub(super) fn count(&self, element: Element) -> Result<(), ScxmlError> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return Err(self.source.unsupported(element, "content of so many steps"));
        }
        Ok(())
    }

    fn assign(&self, element: Element) -> Done {
        let location = self.source.required(element, "location")?.trim();
        if elements(element).next().is_some() {
            return Err(self.source.unsupported(element, "assignment of XML"));
        }
        let script = match element.attribute("expr") {
            Some(text) => match self.script(element, text)? {
                Some(script) => script,
                None => return Ok(self.fail(element, format!("{text} cannot be evaluated"))),
            },
            None => Script::inline(element.text().unwrap_or_default())
                .map_err(|part| self.source.unsupported(element, part))?,
        };
        self.set(element, location, Some(&script))
    }

    /// The variables that the entry of this state binds late, where that has not been done before.
    pub(super) fn bindings(&self, state: Element) -> Done {
        let mut actions = Vec::new();
        for (name, start) in self.variables.late(state) {
            let unknown = Script::Binary(
                Binary::StrictlyEqual,
                Box::new(Script::Variable(name.clone())),
                Box::new(Script::Undefined),
            );
            let guard = self.translator().condition(&unknown).map_err(|part| self.source.unsupported(state, part))?;
            let set = self.set(state, name, Some(start))?;
            actions.push(Action::Block(vec![Action::If(vec![Branch { guard, actions: set }])]));
        }
        Ok(actions)
    }

    /// Puts a value into a variable. `None`: evaluating it always fails.
    pub(super) fn set(&self, element: Element, location: &str, script: Option<&Script>) -> Done {
        let Some(variable) = self.variables.get(location) else {
            // Only a whole variable can be assigned to, and only one that was declared and is the chart's own.
            let root = location.split(['.', '[']).next().unwrap_or_default().trim();
            if self.variables.get(root).is_some() || self.variables.list(root).is_some() {
                return Err(self.source.unsupported(element, format!("assignment to {location}")));
            }
            return Ok(self.fail(element, format!("{location} cannot be assigned to")));
        };
        let Some(script) = script.filter(|script| !self.is_undeclared(script)) else {
            return Ok(self.fail(element, format!("the value for {location} cannot be evaluated")));
        };
        let kind = self.translator().kind(script);
        if kind.is_some_and(|kind| kind != variable.kind && variable.kind != AttributeKind::Text) {
            let construct = format!("variable {location} with values of several kinds");
            return Err(self.source.unsupported(element, construct));
        }
        let value = self.translator().value(script).map_err(|part| self.source.unsupported(element, part))?;
        Ok(vec![Action::Set { attribute: variable.id, value }])
    }

    /// `<if>` holds its branches one after the other, parted by `<elseif>` and `<else>`.
    fn branches(&self, element: Element) -> Done {
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
            let more = self.element(child)?;
            if let Some(branch) = branches.last_mut()
                && !matches!(branch.actions.last(), Some(Action::Fail(_)))
            {
                branch.actions.extend(more);
            }
        }
        Ok(self.in_order(branches))
    }

    /// A condition that cannot be evaluated holds for nothing, and the chart hears of it before the next one is asked.
    fn in_order(&self, mut branches: Vec<Branch>) -> Vec<Action> {
        let Some(broken) = branches.iter().position(|branch| branch.guard.text().starts_with(UNREADABLE)) else {
            return vec![Action::If(branches)];
        };
        let mut rest = branches.split_off(broken);
        rest.remove(0);
        let mut otherwise: Vec<Action> = self.names.failure().map(|event| self.told(event, "")).into_iter().collect();
        if !rest.is_empty() {
            otherwise.extend(self.in_order(rest));
        }
        if branches.is_empty() {
            return otherwise;
        }
        branches.push(Branch { guard: Formula::default(), actions: otherwise });
        vec![Action::If(branches)]
    }

    /// Does what `then` says for the text in attribute `plain`, or for each that the expression in attribute `computed` can
    /// be; the chart fails where it is none of them.
    pub(super) fn choose(
        &self,
        element: Element,
        plain: &str,
        computed: &str,
        then: &mut dyn FnMut(Option<&str>) -> Done,
    ) -> Done {
        if let Some(text) = element.attribute(plain) {
            return then(Some(text));
        }
        let Some(text) = element.attribute(computed) else { return then(None) };
        let problem = format!("{text} cannot be evaluated");
        let Some(script) = self.script(element, text)? else { return Ok(self.fail(element, problem)) };
        if let Script::Text(text) = &script {
            return then(Some(text));
        }
        let own = match computed {
            // Nothing but the chart itself can be reached.
            "targetexpr" => Some(["#_internal", OWN_LOCATION]),
            "typeexpr" => Some(OWN_PROCESSOR),
            _ => None,
        };
        let possible = self.variables.possible(&script).or(own.map(|own| own.map(str::to_owned).into()));
        let possible =
            possible.ok_or_else(|| self.source.unsupported(element, format!("{computed} that is computed")))?;
        let mut branches = Vec::new();
        for text in possible {
            let equal =
                Script::Binary(Binary::StrictlyEqual, Box::new(script.clone()), Box::new(Script::Text(text.clone())));
            let guard = self.translator().condition(&equal).map_err(|part| self.source.unsupported(element, part))?;
            branches.push(Branch { guard, actions: then(Some(&text))? });
        }
        let otherwise = vec![Action::Fail(Failure { problem, fields: Vec::new() })];
        branches.push(Branch { guard: Formula::default(), actions: otherwise });
        Ok(vec![Action::If(branches)])
    }
}
