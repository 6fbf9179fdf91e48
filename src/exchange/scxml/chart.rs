//! The shape of a chart: states, what is inside what, where groups begin, and the transitions.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::content::Content;
use super::datamodel::Variables;
use super::events::{Names, declare_fields};
use super::extension::is_ours;
use super::{Element, Imported, MICROSTEPS, ScxmlError, Source, Taken, elements, is_own};
use crate::model::{Action, Formula, Node, NodeId, NodeKind, Point, Project, Transition, TransitionId, Trigger};

/// The state that stands before the start where one target is not enough to say it.
const BEFORE: NodeId = NodeId(1);

pub(super) fn read(source: &Source, root: Element) -> Result<Imported, ScxmlError> {
    if let Some(model) = root.attribute("datamodel").filter(|model| !["ecmascript", "null"].contains(model)) {
        return Err(source.unsupported(root, format!("data model {model}")));
    }
    let mut project = Project::named(root.attribute("name").unwrap_or("Imported chart"));
    project.info.microsteps = Some(MICROSTEPS);
    let mut chart = Chart {
        source,
        project,
        drawn: Vec::new(),
        states: BTreeMap::new(),
        ids: BTreeMap::new(),
        notes: Vec::new(),
        taken: Taken::default(),
    };
    chart.nodes(root, None)?;
    let groups: BTreeMap<&str, NodeId> = chart
        .drawn
        .iter()
        .filter(|(_, id)| matches!(chart.project.nodes[id].kind, NodeKind::Group | NodeKind::Parallel))
        .filter_map(|(element, id)| Some((element.attribute("id")?, *id)))
        .collect();
    let (variables, start_fails) = Variables::read(source, root, &mut chart.project, &mut chart.notes)?;
    let names = Names::read(source, root, &groups, &variables, &mut chart.project)?;
    let labels: BTreeMap<String, String> =
        chart.states.iter().map(|(id, node)| (id.clone(), chart.project.nodes[node].name.clone())).collect();
    let content = Content {
        source,
        names: &names,
        variables: &variables,
        state: &|id| labels.get(id).cloned(),
        fields: RefCell::default(),
        asked: RefCell::default(),
        steps: Cell::default(),
        notes: RefCell::default(),
    };
    let mut parts = Vec::new();
    for (element, id) in &chart.drawn {
        parts.push(chart.part(&content, &names, &groups, *element, *id)?);
    }
    for (node, transitions) in parts {
        chart.project.nodes.insert(node.id, node);
        for transition in transitions {
            chart.add(transition);
        }
    }
    let failure = names.failure().filter(|_| start_fails).map(Action::Raise);
    chart.start(root, failure)?;
    for (line, what) in content.notes.into_inner() {
        chart.note_at(line, &what);
    }
    for (event, fields) in content.fields.into_inner() {
        if let Some(event) = chart.project.events.get_mut(&event) {
            declare_fields(event, fields.iter().map(String::as_str));
        }
    }
    // What is asked for but nowhere sent may come from outside, with any event.
    let sent = |name: &String| {
        chart
            .project
            .events
            .values()
            .any(|event| event.fields.iter().any(|field| field.name.eq_ignore_ascii_case(name)))
    };
    let missing: Vec<String> = content.asked.into_inner().into_iter().filter(|name| !sent(name)).collect();
    for event in chart.project.events.values_mut() {
        declare_fields(event, missing.iter().map(String::as_str));
    }
    Ok(Imported { states: chart.states, events: names.ids, notes: chart.notes, project: chart.project })
}

struct Chart<'a> {
    source: &'a Source<'a>,
    project: Project,
    /// Every state with its element, in document order.
    drawn: Vec<(Element<'a>, NodeId)>,
    states: BTreeMap<String, NodeId>,
    /// By the place in the text where the element begins.
    ids: BTreeMap<usize, NodeId>,
    notes: Vec<String>,
    taken: Taken,
}

/// Blocks of which each goes on whatever becomes of the others.
fn blocks(mut blocks: Vec<Vec<Action>>) -> Vec<Action> {
    blocks.retain(|block| !block.is_empty());
    if blocks.len() == 1 { blocks.remove(0) } else { blocks.into_iter().map(Action::Block).collect() }
}

fn kind_of(element: Element) -> Option<NodeKind> {
    let inside = |name: &str| elements(element).any(|child| is_own(child) && child.tag_name().name() == name);
    Some(match element.tag_name().name() {
        "state" if ["state", "parallel", "final", "history"].into_iter().any(inside) => NodeKind::Group,
        "state" => NodeKind::State,
        "parallel" => NodeKind::Parallel,
        "final" => NodeKind::End,
        "history" => NodeKind::Resume,
        _ => return None,
    })
}

impl<'a> Chart<'a> {
    /// The states inside `around`, and all inside them.
    fn nodes(&mut self, around: Element<'a>, parent: Option<NodeId>) -> Result<(), ScxmlError> {
        let allowed: &[&str] = match parent.map(|parent| self.project.nodes[&parent].kind) {
            None => &["datamodel", "script"],
            Some(NodeKind::Group | NodeKind::State) => &["datamodel", "transition", "onentry", "onexit", "initial"],
            Some(NodeKind::Parallel) => &["datamodel", "transition", "onentry", "onexit"],
            Some(NodeKind::End) => &["onentry", "onexit", "donedata"],
            Some(NodeKind::Resume) => &["transition"],
        };
        for child in elements(around) {
            let name = child.tag_name().name();
            if is_ours(child) {
                // One note for all of them is enough.
            } else if !is_own(child) {
                self.note(child, &format!("<{name}> belongs to another program"));
            } else if let Some(kind) = kind_of(child) {
                if parent
                    .is_some_and(|parent| matches!(self.project.nodes[&parent].kind, NodeKind::End | NodeKind::Resume))
                {
                    return Err(self.source.invalid(child, format!("a <{name}> cannot be here")));
                }
                let id = self.node(child, kind, parent)?;
                self.nodes(child, Some(id))?;
            } else if parent.is_none() && name == "transition" {
                self.root_transition(child)?;
            } else if !allowed.contains(&name) {
                return Err(self.source.unsupported(child, name));
            }
        }
        Ok(())
    }

    /// Says what was left out; after a hundred times nobody reads on.
    fn note(&mut self, element: Element, what: &str) {
        self.note_at(self.source.line(element), what);
    }

    fn note_at(&mut self, line: u32, what: &str) {
        if self.notes.len() < 100 {
            self.notes.push(format!("Line {line}: {what}."));
        }
    }

    /// No state can be left by a transition of the whole chart, and nothing is behind it that it could keep an event from.
    fn root_transition(&mut self, transition: Element) -> Result<(), ScxmlError> {
        let acts = elements(transition).any(|child| !is_own(child) || child.tag_name().name() != "log");
        if acts || transition.has_attribute("target") {
            return Err(self.source.unsupported(transition, "transition of the whole chart"));
        }
        self.note(transition, "a transition without effect was left out");
        Ok(())
    }

    fn node(&mut self, element: Element<'a>, kind: NodeKind, parent: Option<NodeId>) -> Result<NodeId, ScxmlError> {
        let number = u32::try_from(self.drawn.len()).unwrap_or(u32::MAX).saturating_add(BEFORE.0 + 1);
        let id = NodeId(number);
        let wanted = element.attribute("id").unwrap_or(element.tag_name().name());
        let name = self.taken.free(wanted);
        let deep = match element.attribute("type") {
            Some("deep") if kind == NodeKind::Resume => true,
            None | Some("shallow") => false,
            Some(other) => return Err(self.source.invalid(element, format!("there is no history of type {other}"))),
        };
        if let Some(given) = element.attribute("id")
            && self.states.insert(given.to_owned(), id).is_some()
        {
            return Err(self.source.invalid(element, format!("the id {given} is taken")));
        }
        self.project
            .nodes
            .insert(id, Node { kind, parent, deep, order: number, ..Node::new(id, name, Point::default()) });
        self.ids.insert(element.range().start, id);
        self.drawn.push((element, id));
        Ok(id)
    }

    /// A state with its content, and the transitions that leave it.
    fn part(
        &self,
        content: &Content,
        names: &Names,
        groups: &BTreeMap<&str, NodeId>,
        element: Element,
        id: NodeId,
    ) -> Result<(Node, Vec<Transition>), ScxmlError> {
        let mut node = self.project.nodes[&id].clone();
        let mut transitions = Vec::new();
        if matches!(node.kind, NodeKind::Group) {
            let inside =
                |child: &Element| is_own(*child) && kind_of(*child).is_some_and(|kind| kind != NodeKind::Resume);
            node.initial = elements(element).find(inside).and_then(|first| self.ids.get(&first.range().start).copied());
        }
        if let Some(initial) = element.attribute("initial") {
            (node.initial, node.also) = self.begin(element, initial, id)?;
        }
        let (mut entry, mut exit, mut unsent) = (Vec::new(), Vec::new(), None);
        for child in elements(element).filter(|child| is_own(*child)) {
            match child.tag_name().name() {
                "onentry" => entry.push(content.block(child)?),
                "onexit" => exit.push(content.block(child)?),
                "donedata" => match content.values(child)? {
                    Some(fields) => {
                        content.asked.borrow_mut().extend(fields.iter().map(|(name, _)| name.clone()));
                        node.brings = fields;
                    }
                    None => unsent = Some(content.fail(child, String::from("a value at the end cannot be evaluated"))),
                },
                "initial" => {
                    let transition = elements(child).find(|inner| inner.tag_name().name() == "transition");
                    let transition =
                        transition.ok_or_else(|| self.source.invalid(child, "<initial> has no transition"))?;
                    (node.initial, node.also) = self.default_targets(transition, id)?;
                    node.on_begin = content.block(transition)?;
                }
                "transition" if node.kind == NodeKind::Resume => {
                    (node.initial, node.also) = self.default_targets(child, id)?;
                    node.on_begin = content.block(child)?;
                }
                "transition" => transitions.extend(self.transitions(content, names, groups, child, id)?),
                _ => {}
            }
        }
        entry.extend(unsent);
        node.on_entry = content.bindings(element)?;
        node.on_entry.extend(blocks(entry));
        node.on_exit = blocks(exit);
        Ok((node, transitions))
    }

    /// Where `<initial>` or `<history>` lead without anything remembered.
    fn default_targets(&self, transition: Element, of: NodeId) -> Result<(Option<NodeId>, Vec<NodeId>), ScxmlError> {
        self.begin(transition, self.source.required(transition, "target")?, of)
    }

    /// What is entered first, and what beside it: inside the group, or inside that of the history.
    fn begin(&self, element: Element, ids: &str, of: NodeId) -> Result<(Option<NodeId>, Vec<NodeId>), ScxmlError> {
        let mut targets = self.targets(element, ids)?;
        let node = &self.project.nodes[&of];
        let is_history = node.kind == NodeKind::Resume;
        let group = if is_history { node.parent } else { Some(of) };
        for target in &targets {
            let name = &self.project.nodes[target].name;
            if group.is_none_or(|group| group == *target || !self.is_inside(*target, group)) {
                let around = group.map_or("the chart", |group| &self.project.nodes[&group].name);
                return Err(self.source.invalid(element, format!("{name} is not inside {around}, which begins there")));
            }
            if is_history && self.project.nodes[target].kind == NodeKind::Resume {
                return Err(self
                    .source
                    .invalid(element, format!("a history cannot lead to another, {name}, at first")));
            }
        }
        let also = targets.split_off(targets.len().min(1));
        match targets.first() {
            Some(first) => Ok((Some(*first), also)),
            None => Err(self.source.invalid(element, "no state is named")),
        }
    }

    fn targets(&self, element: Element, ids: &str) -> Result<Vec<NodeId>, ScxmlError> {
        let target = |id: &str| {
            let found = self.states.get(id).copied();
            found.ok_or_else(|| self.source.invalid(element, format!("there is no state {id}")))
        };
        ids.split_whitespace().map(target).collect()
    }

    fn transitions(
        &self,
        content: &Content,
        names: &Names,
        groups: &BTreeMap<&str, NodeId>,
        element: Element,
        source: NodeId,
    ) -> Result<Vec<Transition>, ScxmlError> {
        let mut targets = self.targets(element, element.attribute("target").unwrap_or_default())?;
        let also = targets.split_off(targets.len().min(1));
        let compound = self.project.nodes[&source].kind == NodeKind::Group;
        let inside = |target: &NodeId| *target != source && self.is_inside(*target, source);
        let internal = element.attribute("type") == Some("internal");
        let restart = !(internal && compound && targets.iter().chain(&also).all(inside));
        let guard: Formula = content.condition(element)?;
        let actions = content.block(element)?;
        let triggers = names.triggers(element, groups).into_iter();
        Ok(triggers
            .map(|trigger| Transition {
                also: also.clone(),
                guard: guard.clone(),
                actions: actions.clone(),
                restart,
                ..Transition::new(TransitionId(0), source, targets.first().copied(), trigger)
            })
            .collect())
    }

    fn is_inside(&self, node: NodeId, group: NodeId) -> bool {
        std::iter::successors(Some(node), |id| self.project.nodes[id].parent).any(|id| id == group)
    }

    fn add(&mut self, transition: Transition) {
        let id = TransitionId(u32::try_from(self.project.transitions.len()).unwrap_or(u32::MAX).saturating_add(1));
        self.project.transitions.insert(id, Transition { id, rank: id.0, ..transition });
    }

    /// Where contacts enter. A state of its own goes before that where several states are entered at once, or where an
    /// error is to be told first.
    fn start(&mut self, root: Element, failure: Option<Action>) -> Result<(), ScxmlError> {
        let mut targets = match root.attribute("initial") {
            Some(ids) => self.targets(root, ids)?,
            None => self.project.children(None).next().map(|node| node.id).into_iter().collect(),
        };
        let also = targets.split_off(targets.len().min(1));
        let Some(first) = targets.first().copied() else {
            return Err(self.source.invalid(root, "the chart has no states"));
        };
        if also.is_empty() && failure.is_none() {
            self.project.info.start = Some(first);
            return Ok(());
        }
        let name = self.taken.free("start");
        let node =
            Node { on_entry: failure.into_iter().collect(), order: 0, ..Node::new(BEFORE, name, Point::default()) };
        self.project.nodes.insert(BEFORE, node);
        self.add(Transition { also, ..Transition::new(TransitionId(0), BEFORE, Some(first), Trigger::Always) });
        self.project.info.start = Some(BEFORE);
        Ok(())
    }
}
