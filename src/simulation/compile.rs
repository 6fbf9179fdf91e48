//! Project → machine and problems. A half-drawn chart compiles: what cannot run is left out and reported.

mod act;
mod plain;
mod policy;
mod tree;
mod world;

use std::collections::BTreeMap;

use super::condition::{Quick, Resolver, Term};
use super::machine::{
    Act, Arrow, Attribute, Domain, Event, Machine, Node, Rule, Timer, TimerKind, TimerStart, Touchpoint, Watched, Way,
};
use super::points::{Cap, Decaying, kept_for};
use super::problem::{Kind, Problem, Severity};
use crate::model::formula::Expr;
use crate::model::{
    AttributeId, AttributeKind, EntityId, EventId, Events, Formula, NodeId, NodeKind, Project, Transition, Trigger,
    Zone,
};
use tree::Own;

pub use world::formula_problems;

/// Beyond this many arrows taken without an event of their own, a contact is halted; a project may say otherwise.
const MOST_MICROSTEPS: u32 = 100;
/// The event that says that an action failed, for charts that wait for it; SCXML calls it so.
const FAILURE: &str = "error.execution";
/// The fields of these names say what the event being processed is called, and whether it is external, internal or of the
/// platform; SCXML calls them so.
const EVENT_NAME: &str = "_event.name";
const EVENT_TYPE: &str = "_event.type";

impl Machine {
    /// The chart as a machine, together with everything in it that is wrong.
    #[must_use]
    pub fn compile(project: &Project) -> (Self, Vec<Problem>) {
        let order: Vec<NodeId> = project.document_order().into_iter().map(|(_, node)| node.id).collect();
        let events: Vec<EventId> = project.events.keys().copied().collect();
        let attributes: Vec<AttributeId> = project.attributes.keys().copied().collect();
        let fields = field_names(project);
        let resolver = Resolver { project, nodes: &order, events: &events, attributes: &attributes, fields: &fields };
        let windows = longest_windows(project);
        let mut compiler = Compiler { project, resolver: &resolver, windows, capped: 0, problems: Vec::new() };
        let mut machine = Self {
            start: None,
            nodes: tree::nodes(project, &order),
            arrows: Vec::new(),
            timers: Vec::new(),
            interrupts: Vec::new(),
            always_interrupts: Vec::new(),
            events: events.iter().map(|id| compiler.event(*id)).collect(),
            attributes: project
                .attributes
                .values()
                .map(|attribute| Attribute {
                    id: attribute.id,
                    name: attribute.name.clone(),
                    kind: attribute.kind.clone(),
                    initial: attribute.initial.clone(),
                })
                .collect(),
            fields: fields.clone(),
            touchpoints: project
                .touchpoints
                .values()
                .map(|known| Touchpoint { id: known.id, name: known.name.clone(), channel: known.channel })
                .collect(),
            policy: compiler.policy(),
            decaying: decaying(project),
            capped: 0,
            zone: project.zone(),
            can_cycle: false,
            cells: Vec::new(),
            candidates: Vec::new(),
            hops: Vec::new(),
            signals: 0,
            #[cfg(feature = "sabotage")]
            sabotage: None,
            most_microsteps: project.info.microsteps.unwrap_or(MOST_MICROSTEPS),
            event_name: fields.iter().position(|field| field == EVENT_NAME),
            event_type: fields.iter().position(|field| field == EVENT_TYPE),
            discount: project.info.discount.as_ref().map(|discount| discount.likely),
            failure: project.event_by_name(FAILURE).and_then(|event| events.iter().position(|id| *id == event.id)),
        };
        machine.capped = compiler.capped;
        // Signals: the events, one for events that the catalogue does not know, one per group for being done.
        let mut signals = events.len() + 1;
        for node in machine.nodes.iter_mut().filter(|node| matches!(node.kind, NodeKind::Group | NodeKind::Parallel)) {
            node.done = Some(signals);
            signals += 1;
        }
        for slot in 0..machine.nodes.len() {
            if let Some(other) = machine.keep_beginnings_inside(slot) {
                let (name, other) = (machine.node_name(slot), machine.node_name(other));
                compiler.error(machine.node_id(slot), format!("{name} begins in {other}, which is not inside it."));
            }
            let initial = machine.without_rivals(&machine.nodes[slot].initial);
            if initial.len() < machine.nodes[slot].initial.len() {
                let name = machine.node_name(slot);
                compiler.error(machine.node_id(slot), format!("{name} begins in two states that exclude each other."));
                machine.nodes[slot].initial = initial;
            }
        }
        let mut own = vec![Own { on_signal: vec![Vec::new(); signals], always: Vec::new() }; order.len()];
        let arrows = project.arrows_by_source();
        for (slot, id) in order.iter().enumerate() {
            compiler.node(&mut machine.nodes[slot], *id);
            for transition in arrows.get(id).into_iter().flatten() {
                compiler.arrow(&mut machine, &mut own[slot], slot, transition);
            }
        }
        machine.hand_down(&own, signals);
        compiler.visits_of_others(&mut machine);
        compiler.shape(&machine);
        compiler.zone();
        machine.start = compiler.start(&order);
        let raises = |acts: &[Act]| acts.iter().any(Act::raises);
        // A group that is done says so by an event of its own, too, and somebody may wait for it.
        let waits = |signal: usize| own.iter().any(|own| !own.on_signal[signal].is_empty());
        machine.can_cycle = machine.failure.is_some()
            || !machine.always_interrupts.is_empty()
            || machine.nodes.iter().any(|node| {
                raises(&node.on_entry)
                    || raises(&node.on_exit)
                    || raises(&node.on_begin)
                    || node.done.is_some_and(waits)
            })
            || machine.arrows.iter().any(|arrow| raises(&arrow.actions))
            || machine.always_can_cycle();
        machine.make_plain(signals);
        (machine, compiler.problems)
    }
}

impl Machine {
    fn add_timer(&mut self, node: usize, arrow: usize, kind: TimerKind) {
        self.nodes[node].timers.push(self.timers.len());
        self.timers.push(Timer { arrow, way: Way::Around, kind });
    }
}

struct Compiler<'a> {
    project: &'a Project,
    resolver: &'a Resolver<'a>,
    /// By the name of an event, in small letters: how long the times when it happened are kept.
    windows: BTreeMap<String, i64>,
    /// How many capped score rules were met.
    capped: usize,
    problems: Vec<Problem>,
}

impl Compiler<'_> {
    fn error(&mut self, at: impl Into<EntityId>, message: impl Into<String>) {
        self.problems.push(Problem {
            severity: Severity::Error,
            kind: Kind::CannotRun,
            at: at.into(),
            message: message.into(),
        });
    }

    fn start(&mut self, order: &[NodeId]) -> Option<usize> {
        let Some(id) = self.project.info.start else {
            if !order.is_empty() {
                self.error(
                    EntityId::Info,
                    "No state is marked as the start. Select the first state and choose \"Start here\".",
                );
            }
            return None;
        };
        let slot = order.iter().position(|node| *node == id);
        if self.project.nodes.get(&id).is_some_and(|node| node.kind == NodeKind::Resume) {
            self.error(id, "A journey cannot start with a resume: nothing has been left yet.");
            return None;
        }
        slot
    }

    fn zone(&mut self) {
        if let Err(problem) = Zone::named(&self.project.info.zone) {
            self.error(EntityId::Info, format!("{problem}. The journey runs in UTC."));
        }
        for contact in self.project.contacts.values() {
            if let Err(problem) = Zone::named(&contact.zone) {
                self.error(contact.id, format!("{problem}. {} runs in the zone of the journey.", contact.name));
            }
        }
    }

    /// What is wrong with the nesting.
    fn shape(&mut self, machine: &Machine) {
        for node in &machine.nodes {
            let drawn = &self.project.nodes[&node.id];
            let parent = node.parent.map(|parent| machine.nodes[parent].kind);
            let name = &node.name;
            match node.kind {
                NodeKind::Group | NodeKind::Parallel if node.children.is_empty() => {
                    self.error(
                        node.id,
                        format!("{name} is a {} with nothing inside. Draw a state into it.", node.kind.label()),
                    );
                }
                NodeKind::Group if drawn.initial.is_none() => {
                    let first = node.initial.first().map_or("", |first| machine.node_name(*first));
                    self.error(
                        node.id,
                        format!("{name} has no initial state; its first, {first}, is taken. Select {name} and choose where it begins."),
                    );
                }
                NodeKind::Resume if parent.is_some() => {}
                NodeKind::Resume => {
                    self.error(
                        node.id,
                        format!("{name} stands in no group, so there is nothing to resume. Move it into one."),
                    );
                }
                NodeKind::End if parent == Some(NodeKind::Parallel) => {
                    self.error(
                        node.id,
                        format!("{name} is an end directly in a parallel, where nothing can end. Put it into a group."),
                    );
                }
                NodeKind::State if parent == Some(NodeKind::Parallel) => {
                    let parallel = drawn.parent.expect("it stands in one");
                    if self.project.transitions.values().any(|arrow| arrow.trigger == Trigger::Done(parallel)) {
                        let around = self.project.node_label(parallel);
                        self.error(
                            node.id,
                            format!(
                                "{name} stands directly in {around} and never ends, so {around} is never done. Put it into a \
                                 group with an end."
                            ),
                        );
                    }
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, node: &mut Node, id: NodeId) {
        let drawn = &self.project.nodes[&id];
        node.on_entry = self.acts(id.into(), "on entry", &drawn.on_entry);
        node.on_exit = self.acts(id.into(), "on exit", &drawn.on_exit);
        node.on_begin = self.acts(id.into(), "on the way in", &drawn.on_begin);
        match self.brought(&drawn.brings) {
            Ok(brings) => node.brings = brings,
            Err(problem) => self.error(id, format!("Values at the end: {problem}.")),
        }
        node.counts_visits = node.on_exit.iter().any(|act| act.any_term(counts_here));
    }

    /// Behaviours, the send policy and the cases of events may ask how often something happened since entry, too.
    fn visits_of_others(&self, machine: &mut Machine) {
        let asks = |formula: &Formula| {
            let mut found = false;
            if let Ok(Some(expr)) = formula.parse() {
                expr.visit(&mut |part| found |= matches!(part, Expr::CountHere(_)));
            }
            found
        };
        for behaviour in self.project.behaviours.values() {
            let mut asked = false;
            behaviour.clone().visit_formulas(&mut |formula| asked |= asks(formula));
            let node = behaviour.when.node();
            let concerned = |known: &&mut Node| node.map_or(known.is_leaf(), |node| known.id == node);
            machine.nodes.iter_mut().filter(concerned).for_each(|known| known.counts_visits |= asked);
        }
        let policy = &self.project.info.send_policy;
        let mut cases = self.project.events.values().flat_map(|event| &event.buckets);
        let asked = asks(&policy.consent) || asks(&policy.suppression) || cases.any(|case| asks(&case.guard));
        machine.nodes.iter_mut().for_each(|known| known.counts_visits |= asked);
    }

    fn event(&mut self, id: EventId) -> Event {
        let event = &self.project.events[&id];
        let bound = event.fields.iter().filter_map(|field| {
            let attribute = self.resolver.attributes.iter().position(|id| Some(*id) == field.attribute)?;
            Some((self.resolver.fields.iter().position(|name| *name == field.name)?, attribute))
        });
        let bound = bound.collect();
        let rules: Vec<Rule> = self
            .project
            .ranked_score_rules()
            .into_iter()
            .filter(|rule| rule.event == id)
            .filter_map(|rule| {
                let guard = self.condition(rule.id.into(), &rule.guard)?;
                let score = self.resolver.attributes.iter().position(|id| *id == rule.score)?;
                if !self.is_numeric(score) {
                    self.error(rule.id, "A score rule needs a score or a number to change.");
                    return None;
                }
                let points = match self.resolver.value(&rule.points, None) {
                    Ok(points) => points,
                    Err(problem) => {
                        self.error(rule.id, format!("Points: {problem}."));
                        return None;
                    }
                };
                let Some(points) = points else {
                    self.error(rule.id, "A score rule needs points: a number, or a formula such as event.amount.");
                    return None;
                };
                let cap = rule.cap.map(|cap| {
                    self.capped += 1;
                    Cap { points: cap.points, within: cap.within, place: self.capped - 1 }
                });
                let quick = Quick::of(guard.as_ref());
                Some(Rule { id: rule.id, quick, guard, score, change: rule.change, points, cap })
            })
            .collect();
        Event {
            id,
            name: event.name.clone(),
            bound,
            rules,
            keep: self.windows.get(&event.name.to_ascii_lowercase()).copied(),
        }
    }

    fn is_numeric(&self, attribute: usize) -> bool {
        let id = self.resolver.attributes[attribute];
        matches!(self.project.attributes[&id].kind, AttributeKind::Score | AttributeKind::Number)
    }

    fn arrow(&mut self, machine: &mut Machine, own: &mut Own, source: usize, transition: &Transition) {
        let target = match transition.target {
            None => None,
            Some(target) => match self.resolver.nodes.iter().position(|id| *id == target) {
                Some(slot) => Some(slot),
                None => return,
            },
        };
        // An arrow whose guard cannot be read would fire on anything; it never does, and is left out where nothing in the
        // chart hears of that.
        let read = self.condition(transition.id.into(), &transition.guard);
        let fails = read.is_none();
        if fails && machine.failure.is_none() {
            return;
        }
        let guard = read.flatten();
        let actions = self.acts(transition.id.into(), "action", &transition.actions);
        let slot = machine.arrows.len();
        match &transition.trigger {
            Trigger::Unset => {
                self.error(
                    transition.id,
                    "This arrow has no trigger, so it never fires. Say which event or how much time sets it off.",
                );
                return;
            }
            Trigger::On(Events::Any) => {
                let events = self.resolver.events.len();
                own.on_signal[..=events].iter_mut().for_each(|arrows| arrows.push(slot));
            }
            Trigger::On(Events::Every) => own.on_signal.iter_mut().for_each(|arrows| arrows.push(slot)),
            Trigger::On(Events::Only(events)) => {
                for event in self.event_slots(transition, events) {
                    // An event that was named twice is asked once.
                    if own.on_signal[event].last() != Some(&slot) {
                        own.on_signal[event].push(slot);
                    }
                }
            }
            Trigger::Done(group) => {
                let node = self.resolver.nodes.iter().position(|id| id == group);
                let Some(signal) = node.and_then(|node| machine.nodes[node].done) else {
                    self.error(transition.id, "Only a group or a parallel can be done.");
                    return;
                };
                own.on_signal[signal].push(slot);
            }
            Trigger::Always => own.always.push(slot),
            Trigger::After(delay) => {
                machine.add_timer(source, slot, TimerKind::After { delay: *delay, from: TimerStart::Entry });
            }
            Trigger::At(moment, again) => machine.add_timer(source, slot, TimerKind::At(*moment, *again)),
            Trigger::AfterWithout(delay, events) => {
                let from = TimerStart::EntryOr(self.watched(transition, events));
                machine.add_timer(source, slot, TimerKind::After { delay: *delay, from });
            }
            Trigger::AfterSince(delay, events) => {
                let from = TimerStart::Last(self.watched(transition, events));
                machine.add_timer(source, slot, TimerKind::After { delay: *delay, from });
            }
        }
        machine.nodes[source].counts_visits |=
            guard.as_ref().is_some_and(counts_here) || actions.iter().any(|act| act.any_term(counts_here));
        let mut targets: Vec<usize> = target.into_iter().collect();
        for id in &transition.also {
            let slot = self.resolver.nodes.iter().position(|known| known == id);
            match slot.filter(|slot| targets.iter().all(|other| machine.are_beside(*slot, *other))) {
                Some(slot) => targets.push(slot),
                None => self.error(
                    transition.id,
                    format!("{} is in no other region than the first target.", self.project.node_label(*id)),
                ),
            }
        }
        let stays = target.is_none_or(|target| target == source && !transition.restart);
        let resumes = targets.iter().any(|target| machine.nodes[*target].kind == NodeKind::Resume);
        let domain = if resumes {
            Domain::Remembered { restart: transition.restart }
        } else {
            Domain::Known(machine.domain_of(source, &targets, transition.restart))
        };
        machine.arrows.push(Arrow {
            id: transition.id,
            source,
            target,
            moves: !stays,
            domain,
            also: targets.split_off(targets.len().min(1)),
            on_any: transition.trigger == Trigger::On(Events::Any),
            interrupt: transition.interrupt,
            quick: if fails { Quick::Fails } else { Quick::of(guard.as_ref()) },
            guard,
            actions,
        });
    }

    fn watched(&mut self, transition: &Transition, events: &Events) -> Watched {
        match events {
            Events::Any | Events::Every => Watched::Any,
            Events::Only(events) => Watched::Only(self.event_slots(transition, events)),
        }
    }

    fn event_slots(&mut self, transition: &Transition, events: &[EventId]) -> Vec<usize> {
        let slots: Vec<usize> =
            events.iter().filter_map(|event| self.resolver.events.iter().position(|id| id == event)).collect();
        if slots.len() < events.len() {
            self.error(transition.id, "This arrow waits for an event that is no longer in the catalogue.");
        }
        slots
    }

    /// `None` after reporting what is wrong.
    #[expect(clippy::option_option, reason = "the outer: whether it could be read; the inner: the empty condition")]
    fn condition(&mut self, at: EntityId, formula: &Formula) -> Option<Option<Term>> {
        match self.resolver.condition(formula) {
            Ok(term) => Some(term),
            Err(problem) => {
                self.error(at, format!("Condition: {problem}."));
                None
            }
        }
    }
}

/// Whether the term asks how often something happened since entry.
fn counts_here(term: &Term) -> bool {
    term.any(&mut |part| matches!(part, Term::CountHere(_)))
}

/// Every field that some event, end, dataset or behaviour brings, each name once.
fn field_names(project: &Project) -> Vec<String> {
    let declared = project.events.values().flat_map(|event| event.fields.iter().map(|field| &field.name));
    let imported = project.datasets.values().flat_map(|dataset| &dataset.fields);
    let samples = project
        .contacts
        .values()
        .flat_map(|contact| &contact.occurrences)
        .flat_map(|occurrence| occurrence.fields.keys());
    let brought = project.nodes.values().flat_map(|node| node.brings.iter().map(|(name, _)| name));
    let behaved = project
        .behaviours
        .values()
        .flat_map(|behaviour| &behaviour.outcomes)
        .flat_map(|outcome| outcome.fields.iter().map(|(name, _)| name));
    let mut names: Vec<String> = Vec::new();
    for name in declared.chain(brought).chain(imported).chain(samples).chain(behaved) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The scores that decay.
fn decaying(project: &Project) -> Vec<Decaying> {
    let scores =
        project.attributes.values().enumerate().filter(|(_, attribute)| attribute.kind == AttributeKind::Score);
    scores.filter_map(|(slot, score)| Some(Decaying::new(slot, score.half_life?))).collect()
}

/// How many milliseconds to keep the times of an event, for the longest window in which any formula counts it.
fn longest_windows(project: &Project) -> BTreeMap<String, i64> {
    let mut longest = BTreeMap::new();
    for mut entity in project.entities() {
        entity.visit_formulas(&mut |formula| {
            let Ok(Some(expr)) = formula.parse() else { return };
            expr.visit(&mut |part| {
                if let Expr::Count(name, Some(window)) = part {
                    let known: &mut i64 = longest.entry(name.text.to_ascii_lowercase()).or_default();
                    *known = (*known).max(kept_for(*window));
                }
            });
        });
    }
    longest
}
