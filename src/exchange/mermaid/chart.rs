//! A chart that grows while a diagram is read: names are made fit and unique, labels become triggers and conditions.

use std::collections::BTreeMap;

use super::{Line, place};
use crate::exchange::Drawing;
use crate::model::chart::{Node, NodeKind, Transition, Trigger};
use crate::model::trigger_text::TriggerWords;
use crate::model::{Event, EventId, Formula, NodeId, Point, Project, TransitionId};

#[derive(Debug, Default)]
pub(super) struct Chart {
    project: Project,
    keys: BTreeMap<String, NodeId>,
    ends: BTreeMap<Option<NodeId>, NodeId>,
    /// Arrows that leave these ask at once.
    choices: Vec<NodeId>,
    /// Whether what is inside runs from left to right.
    across: BTreeMap<Option<NodeId>, bool>,
    notes: Vec<String>,
}

impl Chart {
    /// The state that the diagram calls `key`, inside `scope` if nobody has said where it is.
    pub(super) fn mention(&mut self, key: &str, scope: Option<NodeId>) -> NodeId {
        let id = match self.keys.get(key) {
            Some(id) => *id,
            None => self.add(key, NodeKind::State, None, key),
        };
        self.put_inside(id, scope);
        id
    }

    fn add(&mut self, name: &str, kind: NodeKind, parent: Option<NodeId>, key: &str) -> NodeId {
        let id = NodeId(u32::try_from(self.project.nodes.len()).unwrap_or(u32::MAX).saturating_add(1));
        let node = Node { kind, parent, ..Node::new(id, tidy(name), Point::default()) };
        self.project.nodes.insert(id, node);
        self.keys.insert(key.to_owned(), id);
        id
    }

    fn put_inside(&mut self, id: NodeId, scope: Option<NodeId>) {
        let parent = |id: &NodeId| self.project.nodes.get(id).and_then(|node| node.parent);
        let around_itself = std::iter::successors(scope, parent).any(|around| around == id);
        if let Some(node) = self.project.nodes.get_mut(&id).filter(|node| node.parent.is_none() && !around_itself) {
            node.parent = scope;
        }
    }

    /// Where what is inside `scope` ends.
    pub(super) fn end(&mut self, scope: Option<NodeId>) -> NodeId {
        if let Some(end) = self.ends.get(&scope) {
            return *end;
        }
        let key = format!("[*] {}", self.ends.len());
        let end = self.add("End", NodeKind::End, scope, &key);
        self.ends.insert(scope, end);
        end
    }

    /// What is inside `scope` begins here.
    pub(super) fn begin(&mut self, scope: Option<NodeId>, node: NodeId) {
        match scope.and_then(|scope| self.project.nodes.get_mut(&scope)) {
            Some(group) => group.initial = group.initial.or(Some(node)),
            None => self.project.info.start = self.project.info.start.or(Some(node)),
        }
    }

    pub(super) fn group(&mut self, id: NodeId) {
        self.set_kind(id, NodeKind::Group);
    }

    pub(super) fn choice(&mut self, id: NodeId) {
        self.choices.push(id);
    }

    fn set_kind(&mut self, id: NodeId, kind: NodeKind) {
        if let Some(node) = self.project.nodes.get_mut(&id) {
            node.kind = kind;
        }
    }

    pub(super) fn name(&mut self, id: NodeId, name: &str) {
        let name = tidy(name);
        if let Some(node) = self.project.nodes.get_mut(&id).filter(|_| !name.is_empty()) {
            node.name = name;
        }
    }

    /// The first description of a state is its name, what follows a note.
    pub(super) fn describe(&mut self, id: NodeId, key: &str, text: &str) {
        match self.project.nodes.get(&id) {
            Some(node) if node.name == key => self.name(id, text),
            _ => self.note(id, text),
        }
    }

    pub(super) fn note(&mut self, id: NodeId, text: &str) {
        let Some(node) = self.project.nodes.get_mut(&id) else { return };
        if !node.note.is_empty() {
            node.note.push('\n');
        }
        node.note.push_str(&unquoted(text));
    }

    pub(super) fn direct(&mut self, scope: Option<NodeId>, direction: &str, line: Line) -> Result<(), String> {
        let across = match direction {
            "LR" | "RL" => true,
            "TB" | "TD" | "BT" => false,
            other => return line.refuse(format_args!("\"{other}\" is no direction; LR and TB are")),
        };
        self.across.insert(scope, across);
        Ok(())
    }

    /// The group becomes a parallel, and what is in it so far its first region.
    pub(super) fn divide(&mut self, group: NodeId) {
        self.set_kind(group, NodeKind::Parallel);
        let inside: Vec<NodeId> = self.project.children(Some(group)).map(|node| node.id).collect();
        let region = self.region(group);
        for id in inside {
            if let Some(node) = self.project.nodes.get_mut(&id) {
                node.parent = Some(region);
            }
        }
        let initial = self.project.nodes.get_mut(&group).and_then(|group| group.initial.take());
        if let Some(initial) = initial {
            self.begin(Some(region), initial);
        }
        if let Some(end) = self.ends.remove(&Some(group)) {
            self.ends.insert(Some(region), end);
        }
    }

    /// Another region of a parallel.
    pub(super) fn region(&mut self, group: NodeId) -> NodeId {
        let regions = self.project.children(Some(group)).filter(|node| node.name.starts_with("Region ")).count();
        let key = format!("-- {} {regions}", group.0);
        self.add(&format!("Region {}", regions + 1), NodeKind::Group, Some(group), &key)
    }

    pub(super) fn is_divided(&self, group: NodeId) -> bool {
        self.project.nodes.get(&group).is_some_and(|node| node.kind == NodeKind::Parallel)
    }

    pub(super) fn arrow(&mut self, source: NodeId, target: NodeId, label: &str, line: Line) {
        let label = tidy_label(label);
        let (head, action) = label.split_once(" / ").unwrap_or((&label, ""));
        if !action.trim().is_empty() {
            self.notes.push(format!(
                "Line {}: \"{}\" was left out, for Mermaid does not say who does it and how.",
                line.number,
                action.trim()
            ));
        }
        let (words, guard) = match head.trim_end().strip_suffix(']').and_then(|head| head.rsplit_once('[')) {
            Some((words, guard)) => (words.trim(), guard.trim()),
            None => (head.trim(), ""),
        };
        let (words, guard) = if self.choices.contains(&source) {
            ("always", if guard.is_empty() { words } else { guard })
        } else {
            (words, guard)
        };
        let trigger = self.trigger(words, line);
        let id = TransitionId(u32::try_from(self.project.transitions.len()).unwrap_or(u32::MAX).saturating_add(1));
        let arrow = Transition { guard: Formula::new(guard), ..Transition::new(id, source, Some(target), trigger) };
        self.project.transitions.insert(id, arrow);
    }

    fn trigger(&mut self, words: &str, line: Line) -> Trigger {
        let words = words.replace(['[', ']', '"'], " ");
        match TriggerWords::parse(&words) {
            Ok(parsed) => {
                for name in parsed.event_names() {
                    let name = tidy(name);
                    if !name.is_empty() && self.project.event_by_name(&name).is_none() {
                        let id =
                            EventId(u32::try_from(self.project.events.len()).unwrap_or(u32::MAX).saturating_add(1));
                        self.project.events.insert(id, Event::new(id, name));
                    }
                }
                match parsed.resolve(&self.project) {
                    // Nothing is left of "or or".
                    trigger
                        if trigger.events().is_some_and(|events| *events == crate::model::Events::Only(Vec::new())) =>
                    {
                        Trigger::Unset
                    }
                    trigger => trigger,
                }
            }
            Err(why) => {
                let number = line.number;
                self.notes.push(format!("Line {number}: \"{words}\" sets nothing off, for {}", lower_first(&why)));
                Trigger::Unset
            }
        }
    }

    /// The states and arrows, each in a place of its own.
    pub(super) fn finish(mut self) -> Result<Drawing, String> {
        if self.project.nodes.is_empty() {
            return Err(String::from("The diagram has no states. Write an arrow such as A --> B in it."));
        }
        for node in self.project.nodes.values_mut() {
            if node.name.is_empty() {
                node.name = String::from("State");
            }
            node.order = node.id.0;
        }
        self.make_names_unique();
        self.fill_groups();
        place::place(&mut self.project, &self.across);
        let ids: Vec<NodeId> = self.project.nodes.keys().copied().collect();
        Ok(Drawing { piece: self.project.piece(&ids), notes: self.notes })
    }

    fn make_names_unique(&mut self) {
        let mut taken: BTreeMap<Option<NodeId>, Vec<String>> = BTreeMap::new();
        for node in self.project.nodes.values_mut() {
            let names = taken.entry(node.parent).or_default();
            let wish = node.name.clone();
            let mut number = 2u32;
            while names.contains(&node.name.to_lowercase()) {
                node.name = format!("{wish} {number}");
                number += 1;
            }
            names.push(node.name.to_lowercase());
        }
    }

    /// A group that does not say where it begins does so with its first state; one that holds nothing is a state.
    fn fill_groups(&mut self) {
        let mut first: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        for node in self.project.nodes.values() {
            if let Some(parent) = node.parent {
                first.entry(parent).or_insert(node.id);
            }
        }
        for node in self.project.nodes.values_mut() {
            match (node.kind, first.get(&node.id)) {
                (NodeKind::Group, None) => node.kind = NodeKind::State,
                (NodeKind::Group, Some(first)) => node.initial = node.initial.or(Some(*first)),
                (NodeKind::State, Some(first)) => {
                    node.kind = NodeKind::Group;
                    node.initial = Some(*first);
                }
                _ => {}
            }
        }
    }
}

fn unquoted(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned()
}

/// Without breaks of lines and quotes, on one line.
fn tidy_label(text: &str) -> String {
    let text = ["<br/>", "<br>", "<br />", "\\n"].iter().fold(unquoted(text), |text, mark| text.replace(mark, " "));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As a name may be.
fn tidy(text: &str) -> String {
    let text = tidy_label(text).replace('[', "(").replace(']', ")").replace('"', "'");
    text.chars().filter(|letter| !letter.is_control()).take(200).collect::<String>().trim().to_owned()
}

fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + letters.as_str())
}
