//! How each [`Edit`] becomes changes.

use super::{Edit, EditError, Home};
use crate::model::catalog::{Attribute, AttributeKind, Event, Touchpoint};
use crate::model::change::{Change, Entity};
use crate::model::chart::{Node, NodeKind, Transition, Trigger};
use crate::model::contact::Contact;
use crate::model::id::{EntityId, EventId, NodeId, TransitionId};
use crate::model::scenario::{Population, Scenario};
use crate::model::time::Zone;
use crate::model::trigger_text::TriggerWords;
use crate::model::{Info, Point, Project, Value};

const LONGEST_NAME: usize = 200;

pub(super) fn plan(edit: &Edit, project: &Project) -> Result<Vec<Change>, EditError> {
    let mut plan = Plan { project: project.clone(), changes: Vec::new() };
    plan.edit(edit)?;
    for change in &plan.changes {
        if let Some(fault) = change.after.as_ref().and_then(|entity| plan.project.fault(entity)) {
            return Err(EditError::Refused(format!("This cannot be done: {} {fault}.", project.describe(change.id))));
        }
    }
    plan.changes.retain(|change| change.before != change.after);
    Ok(plan.changes)
}

/// The project as it will be, and the changes that lead there: one per entity, however often it was touched.
struct Plan {
    project: Project,
    changes: Vec<Change>,
}

/// The id after the last one in use.
macro_rules! next_id {
    ($map:expr) => {
        $map.keys().next_back().map_or(1, |id| id.0 + 1).into()
    };
}

macro_rules! get {
    ($plan:ident.$map:ident, $id:expr, $what:literal) => {
        $plan.project.$map.get($id).cloned().ok_or(EditError::Gone { what: $what })?
    };
}

/// The name, trimmed, if no other entity of its kind has it already.
macro_rules! free_name {
    ($plan:ident.$map:ident, $what:literal, $name:expr, $own:expr) => {{
        let name = valid_name($what, $name)?;
        let own = $own;
        if $plan.project.$map.values().any(|other| Some(other.id) != own && other.name.eq_ignore_ascii_case(&name)) {
            return Err(EditError::NameTaken { what: $what, name });
        }
        name
    }};
}

mod decisions;
mod deletion;
mod expectations;
mod nesting;
mod piece;
mod world;

impl Plan {
    fn put(&mut self, entity: impl Into<Entity>) {
        let entity = entity.into();
        self.record(entity.id(), Some(entity));
    }

    fn record(&mut self, id: EntityId, after: Option<Entity>) {
        let known = self.changes.iter().position(|change| change.id == id);
        let index = known.unwrap_or_else(|| {
            self.changes.push(Change { id, before: self.project.entity(id), after: None });
            self.changes.len() - 1
        });
        let change = &mut self.changes[index];
        change.after = after;
        change.apply(&mut self.project);
    }

    fn set_info(&mut self, set: impl FnOnce(&mut Info)) {
        let mut info = self.project.info.clone();
        set(&mut info);
        self.put(Entity::Info(info));
    }

    fn set_node(&mut self, id: NodeId, set: impl FnOnce(&mut Node)) -> Result<(), EditError> {
        let mut node = get!(self.nodes, &id, "state");
        set(&mut node);
        self.put(node);
        Ok(())
    }

    fn set_transition(&mut self, id: TransitionId, set: impl FnOnce(&mut Transition)) -> Result<(), EditError> {
        let mut transition = get!(self.transitions, &id, "arrow");
        set(&mut transition);
        self.put(transition);
        Ok(())
    }

    #[expect(clippy::too_many_lines, reason = "one arm per edit; the long ones have functions of their own")]
    fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit.clone() {
            Edit::RenameJourney(name) => {
                let name = valid_name("journey", &name)?;
                self.set_info(|info| info.name = name);
            }
            Edit::SetJourneyNote(note) => self.set_info(|info| info.note = note),
            Edit::SetZone(zone) => {
                known_zone(&zone)?;
                self.set_info(|info| zone.trim().clone_into(&mut info.zone));
            }
            Edit::SetStart(id) => {
                get!(self.nodes, &id, "state");
                self.set_info(|info| info.start = Some(id));
            }
            Edit::SetSendPolicy(policy) => self.set_info(|info| info.send_policy = policy),
            Edit::SetDiscount(discount) => self.set_info(|info| info.discount = discount),
            Edit::AddNode { kind, name, parent, position } => {
                let node = self.new_node(&name, parent, position)?;
                let first = parent.is_none() && self.project.info.start.is_none();
                if first && matches!(kind, NodeKind::State | NodeKind::Group | NodeKind::Parallel) {
                    self.set_info(|info| info.start = Some(node.id));
                }
                self.put(Node { kind, ..node.clone() });
                if let Some(parent) = parent {
                    self.begin_with(parent, &node);
                }
            }
            Edit::AddConnectedState { source, name, parent, position, trigger } => {
                get!(self.nodes, &source, "state");
                let node = self.new_node(&name, parent, position)?;
                let target = node.id;
                self.put(node.clone());
                if let Some(parent) = parent {
                    self.begin_with(parent, &node);
                }
                self.add_transition(source, Some(target), &trigger)?;
            }
            Edit::RenameNode(id, name) => self.rename_node(id, &name)?,
            Edit::MoveNodes(places) | Edit::Tidy(places) | Edit::Arrange(_, _, places) => self.place(places)?,
            Edit::MoveInto { ids, parent, places } => {
                self.place(places)?;
                self.set_parent(&ids, parent)?;
            }
            Edit::SetNodeKind(id, kind) => self.set_node_kind(id, kind)?,
            Edit::Group(ids, name) => self.group(&ids, &name)?,
            Edit::Ungroup(id) => self.ungroup(id)?,
            Edit::SetParent(ids, parent) => self.set_parent(&ids, parent)?,
            Edit::SetCollapsed(id, collapsed) => self.set_collapsed(id, collapsed)?,
            Edit::SetInitial(id, initial) => self.set_initial(id, initial)?,
            Edit::SetStage(ids, stage) => {
                for id in ids {
                    self.set_node(id, |node| node.stage = stage)?;
                }
            }
            Edit::SetOwner(id, owner) => self.set_node(id, |node| node.owner = owner)?,
            Edit::SetNodeNote(id, note) => self.set_node(id, |node| node.note = note)?,
            Edit::SetEntryActions(id, actions) => self.set_node(id, |node| node.on_entry = actions)?,
            Edit::SetExitActions(id, actions) => self.set_node(id, |node| node.on_exit = actions)?,
            Edit::AddTransition { source, target, trigger } => {
                self.add_transition(source, target, &trigger)?;
            }
            Edit::AddBranch { source, target, trigger, guard } => {
                let id = self.add_transition(source, target, &trigger)?;
                self.set_transition(id, |transition| transition.guard = guard.trim().to_owned().into())?;
            }
            Edit::SetTrigger(id, words) => {
                let trigger = self.trigger(&words)?;
                self.set_transition(id, |transition| transition.trigger = trigger)?;
            }
            Edit::SetGuard(id, text) => {
                self.set_transition(id, |transition| transition.guard = text.trim().to_owned().into())?;
            }
            Edit::SetTransitionActions(id, actions) => {
                self.set_transition(id, |transition| transition.actions = actions)?;
            }
            Edit::SetSource(id, source) => {
                self.check_source(source)?;
                let rank = self.next_rank(source);
                self.set_transition(id, |transition| {
                    transition.source = source;
                    transition.rank = rank;
                })?;
            }
            Edit::SetTarget(id, target) => {
                if let Some(target) = target {
                    get!(self.nodes, &target, "state");
                }
                self.set_transition(id, |transition| {
                    transition.target = target;
                    // Regions beside a target that was chosen anew are entered where they begin.
                    transition.also.clear();
                })?;
            }
            Edit::SetRestart(id, restart) => self.set_transition(id, |transition| transition.restart = restart)?,
            Edit::SetInterrupt(id, interrupt) => self.set_interrupt(id, interrupt)?,
            Edit::SetBend(id, bend) => self.set_transition(id, |transition| transition.bend = bend)?,
            Edit::Rank(id, position) => self.rank(id, position)?,
            Edit::Duplicate { ids, by, home } => {
                let piece = self.project.piece(&ids);
                self.add_piece(&piece, by, home)?;
            }
            Edit::Paste { piece, by, parent } => self.add_piece(&piece, by, Home::In(parent))?,
            Edit::AddEvent(name) => {
                self.add_event(&name)?;
            }
            Edit::RenameEvent(id, name) => self.rename_event(id, &name)?,
            Edit::SetEventFields(id, fields) => {
                let event = get!(self.events, &id, "event");
                for field in &fields {
                    valid_name("field", &field.name)?;
                }
                self.put(Event { fields, ..event });
            }
            Edit::SetBuckets(id, buckets) => self.set_buckets(id, buckets)?,
            Edit::Decide { places, answer, text, who } => self.decide(&places, answer, &text, &who)?,
            Edit::AddAttribute(name, kind) => {
                let name = free_name!(self.attributes, "attribute", &name, None);
                let id = next_id!(self.project.attributes);
                self.put(Attribute::new(id, name, kind));
            }
            Edit::RenameAttribute(id, name) => {
                let attribute = get!(self.attributes, &id, "attribute");
                let name = free_name!(self.attributes, "attribute", &name, Some(id));
                self.rename_in_formulas(id.into(), &name);
                self.put(Attribute { name, ..attribute });
            }
            Edit::SetAttributeKind(id, kind) => {
                let attribute = get!(self.attributes, &id, "attribute");
                if let AttributeKind::Choice(choices) = &kind {
                    for choice in choices {
                        valid_name("choice", choice)?;
                    }
                }
                // A start value of another kind would be none.
                let initial = if kind == attribute.kind { attribute.initial } else { Value::Unknown };
                let half_life = attribute.half_life.filter(|_| kind == AttributeKind::Score);
                self.put(Attribute { kind, initial, half_life, ..attribute });
            }
            Edit::SetEventNote(id, note) => {
                let event = get!(self.events, &id, "event");
                self.put(Event { note, ..event });
            }
            Edit::SetAttributeNote(id, note) => {
                let attribute = get!(self.attributes, &id, "attribute");
                self.put(Attribute { note, ..attribute });
            }
            Edit::SetTouchpointNote(id, note) => {
                let touchpoint = get!(self.touchpoints, &id, "touchpoint");
                self.put(Touchpoint { note, ..touchpoint });
            }
            Edit::SetStartValue(id, initial) => {
                let attribute = get!(self.attributes, &id, "attribute");
                if let Some(problem) = attribute.kind.misfit(&initial) {
                    return Err(EditError::Refused(format!("{}: {problem}.", attribute.name)));
                }
                self.put(Attribute { initial, ..attribute });
            }
            Edit::SetHalfLife(id, half_life) => {
                let attribute = get!(self.attributes, &id, "attribute");
                if half_life.is_some() && attribute.kind != AttributeKind::Score {
                    return Err(EditError::Refused(format!(
                        "{} is no score, so it has no half-life. Make it a score first.",
                        attribute.name
                    )));
                }
                self.put(Attribute { half_life, ..attribute });
            }
            Edit::AddTouchpoint(name, channel) => {
                let name = free_name!(self.touchpoints, "touchpoint", &name, None);
                let id = next_id!(self.project.touchpoints);
                self.put(Touchpoint { id, name, channel, note: String::new() });
            }
            Edit::RenameTouchpoint(id, name) => {
                let touchpoint = get!(self.touchpoints, &id, "touchpoint");
                let name = free_name!(self.touchpoints, "touchpoint", &name, Some(id));
                self.rename_in_formulas(id.into(), &name);
                self.put(Touchpoint { name, ..touchpoint });
            }
            Edit::SetChannel(id, channel) => {
                let touchpoint = get!(self.touchpoints, &id, "touchpoint");
                self.put(Touchpoint { channel, ..touchpoint });
            }
            Edit::AddScoreRule(mut rule) => {
                rule.id = next_id!(self.project.score_rules);
                rule.rank = self.project.score_rules.values().map(|rule| rule.rank + 1).max().unwrap_or(0);
                get!(self.events, &rule.event, "event");
                get!(self.attributes, &rule.score, "score");
                self.put(rule);
            }
            Edit::SetScoreRule(rule) => {
                get!(self.score_rules, &rule.id, "score rule");
                self.put(rule);
            }
            Edit::AddContact(name) => {
                let name = free_name!(self.contacts, "contact", &name, None);
                let id = next_id!(self.project.contacts);
                self.put(Contact {
                    id,
                    name,
                    zone: String::new(),
                    start: None,
                    attributes: std::collections::BTreeMap::new(),
                    occurrences: Vec::new(),
                    note: String::new(),
                });
            }
            Edit::AddSample(mut contact) => {
                contact.name = free_name!(self.contacts, "contact", &contact.name, None);
                contact.id = next_id!(self.project.contacts);
                known_zone(&contact.zone)?;
                contact.occurrences.sort_by_key(|occurrence| occurrence.time);
                self.put(contact);
            }
            Edit::RenameContact(id, name) => {
                let contact = get!(self.contacts, &id, "contact");
                let name = free_name!(self.contacts, "contact", &name, Some(id));
                self.put(Contact { name, ..contact });
            }
            Edit::SetContact(mut contact) => {
                contact.name = get!(self.contacts, &contact.id, "contact").name;
                known_zone(&contact.zone)?;
                contact.occurrences.sort_by_key(|occurrence| occurrence.time);
                self.put(contact);
            }
            Edit::AddExpectation { contact, expectation } => self.add_expectation(contact, expectation)?,
            Edit::SetExpectation(expectation) => self.set_expectation(expectation)?,
            Edit::AddBehaviour(behaviour) => self.add_behaviour(behaviour)?,
            Edit::RenameBehaviour(id, name) => self.rename_behaviour(id, &name)?,
            Edit::SetBehaviour(behaviour) => self.set_behaviour(behaviour)?,
            Edit::AddTeam(name) => self.add_team(&name)?,
            Edit::RenameTeam(id, name) => self.rename_team(id, &name)?,
            Edit::SetTeam(team) => self.set_team(team)?,
            Edit::AddGenerator(name) => self.add_generator(&name)?,
            Edit::RenameGenerator(id, name) => self.rename_generator(id, &name)?,
            Edit::SetGenerator(generator) => self.set_generator(generator)?,
            Edit::AddScenario(name) => {
                let name = free_name!(self.scenarios, "scenario", &name, None);
                let id = next_id!(self.project.scenarios);
                self.put(Scenario { id, name, population: Population::Samples, until: None, seed: 1 });
            }
            Edit::RenameScenario(id, name) => {
                let scenario = get!(self.scenarios, &id, "scenario");
                let name = free_name!(self.scenarios, "scenario", &name, Some(id));
                self.put(Scenario { name, ..scenario });
            }
            Edit::SetScenario(mut scenario) => {
                scenario.name = get!(self.scenarios, &scenario.id, "scenario").name;
                self.put(scenario);
            }
            Edit::ImportDataset { mut dataset, events } => {
                dataset.name = free_name!(self.datasets, "dataset", &dataset.name, None);
                if self.project.datasets.contains_key(&dataset.id) {
                    return Err(EditError::Refused(String::from("This dataset is already part of the project.")));
                }
                dataset.events.clear();
                for name in &events {
                    let event = self.event_named(name)?;
                    dataset.events.push(event);
                }
                self.put(dataset);
            }
            Edit::Delete(ids) => {
                for id in ids {
                    self.delete(id);
                }
            }
        }
        Ok(())
    }

    fn place(&mut self, places: Vec<(NodeId, Point)>) -> Result<(), EditError> {
        for (id, position) in places {
            self.set_node(id, |node| node.position = position)?;
        }
        Ok(())
    }

    fn new_node(&self, name: &str, parent: Option<NodeId>, position: Point) -> Result<Node, EditError> {
        if let Some(parent) = parent {
            self.check_parent(parent)?;
        }
        let name = self.free_node_name(name, parent, None)?;
        let order = self.project.children(parent).map(|node| node.order + 1).max().unwrap_or(0);
        Ok(Node { parent, order, ..Node::new(next_id!(self.project.nodes), name, position) })
    }

    fn free_node_name(&self, name: &str, parent: Option<NodeId>, own: Option<NodeId>) -> Result<String, EditError> {
        let name = valid_name("state", name)?;
        let taken = |other: &Node| Some(other.id) != own && other.name.eq_ignore_ascii_case(&name);
        if self.project.children(parent).any(taken) {
            return Err(EditError::NameTaken { what: "state", name });
        }
        Ok(name)
    }

    fn rename_node(&mut self, id: NodeId, name: &str) -> Result<(), EditError> {
        let node = get!(self.nodes, &id, "state");
        let name = self.free_node_name(name, node.parent, Some(id))?;
        self.rename_in_formulas(id.into(), &name);
        self.put(Node { name, ..node });
        Ok(())
    }

    fn set_node_kind(&mut self, id: NodeId, kind: NodeKind) -> Result<(), EditError> {
        let node = get!(self.nodes, &id, "state");
        if !matches!(kind, NodeKind::Group | NodeKind::Parallel) && self.project.children(Some(id)).next().is_some() {
            return Err(EditError::Refused(format!(
                "{} holds other states, so it cannot become a {}.",
                node.name,
                kind.label()
            )));
        }
        if matches!(kind, NodeKind::End | NodeKind::Resume) && self.project.outgoing(id).next().is_some() {
            return Err(EditError::Refused(format!(
                "{} has arrows that leave it, which a node of kind {} cannot have. Delete them first.",
                node.name,
                kind.label()
            )));
        }
        self.put(Node { kind, ..node });
        Ok(())
    }

    fn check_source(&self, source: NodeId) -> Result<(), EditError> {
        let node = get!(self.nodes, &source, "state");
        if node.kind == NodeKind::End {
            return Err(EditError::Refused(format!("{} is an end: no arrow can leave it.", node.name)));
        }
        Ok(())
    }

    fn next_rank(&self, source: NodeId) -> u32 {
        self.project.outgoing(source).map(|arrow| arrow.rank + 1).max().unwrap_or(0)
    }

    fn add_transition(
        &mut self,
        source: NodeId,
        target: Option<NodeId>,
        words: &str,
    ) -> Result<TransitionId, EditError> {
        self.check_source(source)?;
        if let Some(target) = target {
            get!(self.nodes, &target, "state");
        }
        let trigger = self.trigger(words)?;
        let id: TransitionId = next_id!(self.project.transitions);
        let rank = self.next_rank(source);
        self.put(Transition { rank, ..Transition::new(id, source, target, trigger) });
        Ok(id)
    }

    fn set_interrupt(&mut self, id: TransitionId, interrupt: bool) -> Result<(), EditError> {
        let transition = get!(self.transitions, &id, "arrow");
        let source = get!(self.nodes, &transition.source, "state");
        if interrupt && !matches!(source.kind, NodeKind::Group | NodeKind::Parallel) {
            return Err(EditError::Refused(format!(
                "Only the arrows of a group can interrupt; {} is a {}.",
                source.name,
                source.kind.label()
            )));
        }
        self.put(Transition { interrupt, ..transition });
        Ok(())
    }

    fn rank(&mut self, id: TransitionId, position: usize) -> Result<(), EditError> {
        let moved = get!(self.transitions, &id, "arrow");
        let mut arrows: Vec<Transition> =
            self.project.outgoing(moved.source).filter(|arrow| arrow.id != id).cloned().collect();
        arrows.insert(position.min(arrows.len()), moved);
        for (rank, arrow) in (0..).zip(arrows) {
            self.put(Transition { rank, ..arrow });
        }
        Ok(())
    }

    /// The trigger that `words` mean, after adding the events that the catalogue lacks.
    fn trigger(&mut self, words: &str) -> Result<Trigger, EditError> {
        let words = TriggerWords::parse(words).map_err(EditError::Refused)?;
        for name in words.event_names() {
            self.event_named(name)?;
        }
        Ok(words.resolve(&self.project))
    }

    fn event_named(&mut self, name: &str) -> Result<EventId, EditError> {
        match self.project.event_by_name(name.trim()) {
            Some(event) => Ok(event.id),
            None => self.add_event(name),
        }
    }

    fn add_event(&mut self, name: &str) -> Result<EventId, EditError> {
        let name = free_name!(self.events, "event", name, None);
        // Datasets keep the ids of deleted events; a new event must not be taken for one of those.
        let next: EventId = next_id!(self.project.events);
        let remembered = self.project.datasets.values().flat_map(|dataset| &dataset.events).max();
        let id = remembered.map_or(next, |id| next.max(EventId(id.0.saturating_add(1))));
        self.put(Event::new(id, name));
        Ok(id)
    }

    fn rename_in_formulas(&mut self, id: EntityId, new: &str) {
        let Some((kind, old)) = self.project.formula_names(id) else { return };
        for user in self.project.uses_of(id) {
            let Some(mut entity) = self.project.entity(user) else { continue };
            entity.visit_formulas(&mut |formula| {
                for (index, old) in old.iter().enumerate() {
                    // Of a path `Group/Name`, only the name itself changes.
                    let new = match old.rsplit_once('/') {
                        Some((group, _)) if index > 0 => format!("{group}/{new}"),
                        _ => new.to_owned(),
                    };
                    if let Some(renamed) = formula.renamed(kind, old, &new) {
                        *formula = renamed;
                    }
                }
            });
            self.put(entity);
        }
    }
}

fn known_zone(name: &str) -> Result<(), EditError> {
    Zone::named(name).map(|_| ()).map_err(|problem| EditError::Refused(format!("{problem}.")))
}

fn valid_name(what: &'static str, name: &str) -> Result<String, EditError> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let name = words.join(" ");
    let length = name.chars().count();
    if name.is_empty() {
        Err(EditError::EmptyName { what })
    } else if length > LONGEST_NAME {
        Err(EditError::LongName(length))
    } else if name.contains(['[', ']', '"']) || name.chars().any(char::is_control) {
        Err(EditError::BadName(name))
    } else {
        Ok(name)
    }
}
