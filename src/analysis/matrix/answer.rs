//! Which arrows answer in a cell, in the order in which the machine tries them, and what they leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{Branch, Cell, Column, Kind, Rest, Row, beside, done};
use crate::analysis::guards::{self, Guards, Occasion};
use crate::model::formula::Expr;
use crate::model::{
    Action, Answer, Asked, BucketId, Decision, Event, EventId, Events, Formula, NodeId, Place, Project, Transition,
    TransitionId, Trigger,
};

/// The cells, row by row.
pub(super) fn cells(project: &Project, rows: &[Row], columns: &[Column]) -> Vec<Cell> {
    let scene = Scene::of(project);
    let mut cells = Vec::with_capacity(rows.len() * columns.len());
    for row in rows {
        let arrows = scene.arrows_in_order(row);
        let is_left_at_once = arrows.iter().any(|arrow| {
            arrow.trigger == Trigger::Always
                && arrow.guard.is_empty()
                && arrow.target.is_some_and(|target| target != row.state)
        });
        for column in columns {
            let is_asked = match column.asked {
                Asked::Done(group) => done::completes(project, row.state, group),
                Asked::Event(_) | Asked::Silence | Asked::Clock => !row.is_end,
            };
            cells.push(if is_left_at_once {
                Cell {
                    kind: Kind::NotAsked,
                    branches: Vec::new(),
                    rest: Rest::NotAsked,
                    restarts: Vec::new(),
                    decision: None,
                }
            } else {
                scene.cell(row, column, &arrows, is_asked)
            });
        }
    }
    beside::answer(project, rows, columns, &mut cells);
    cells
}

/// Whether something is left when no case of a split column holds, wherever a contact is.
pub(super) fn leaves_something(project: &Project, event: &Event) -> bool {
    let (mut fail, mut is_all) = (Vec::new(), false);
    for bucket in &event.buckets {
        match bucket.guard.parse() {
            Ok(Some(_)) => fail.push((&bucket.guard, false)),
            Ok(None) => is_all = true,
            // What cannot be read never holds.
            Err(_) => {}
        }
    }
    !is_all && Guards::new(project).is_possible_somewhere(event.id, &fail)
}

/// The project with what is found out before any cell is looked at.
struct Scene<'a> {
    project: &'a Project,
    arrows: BTreeMap<NodeId, Vec<&'a Transition>>,
    decisions: BTreeMap<Place, &'a Decision>,
    raised: BTreeSet<EventId>,
    /// Events that come from outside, whether or not they are raised too.
    heard: BTreeSet<EventId>,
    guards: Guards<'a>,
}

impl<'a> Scene<'a> {
    fn of(project: &'a Project) -> Self {
        let raised = raised(project);
        Self {
            project,
            arrows: project.arrows_by_source(),
            decisions: project.decisions.values().rev().map(|decision| (decision.place, decision)).collect(),
            heard: heard(project),
            raised,
            guards: Guards::new(project),
        }
    }

    /// Interrupts from the outside in, then the arrows of the state and of the groups around it from the inside out.
    fn arrows_in_order(&self, row: &Row) -> Vec<&'a Transition> {
        let of = |node: &NodeId| self.arrows.get(node).into_iter().flatten().copied();
        let interrupts = row.around.iter().flat_map(of).filter(|arrow| arrow.interrupt);
        let inwards_out = std::iter::once(&row.state).chain(row.around.iter().rev());
        let others = inwards_out.flat_map(of).filter(|arrow| !arrow.interrupt || arrow.source == row.state);
        interrupts.chain(others).collect()
    }

    fn answers(&self, arrow: &Transition, asked: Asked) -> bool {
        match (&arrow.trigger, asked) {
            (Trigger::On(Events::Only(events)), Asked::Event(event)) => events.contains(&event),
            (Trigger::Done(group), Asked::Done(done)) => *group == done,
            (Trigger::On(Events::Every), Asked::Event(_) | Asked::Done(_))
            | (Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..), Asked::Silence)
            | (Trigger::At(..), Asked::Clock) => true,
            (Trigger::On(Events::Any), Asked::Event(event)) => self.is_outside(event),
            _ => false,
        }
    }

    /// What the journey only tells itself is no event to *any*, nor to timers.
    fn is_outside(&self, event: EventId) -> bool {
        !self.raised.contains(&event) || self.heard.contains(&event)
    }

    /// Whether it matters to the timer, and whether it names the event.
    fn starts_anew(&self, arrow: &Transition, event: EventId) -> Option<bool> {
        let (Trigger::AfterWithout(_, events) | Trigger::AfterSince(_, events)) = &arrow.trigger else { return None };
        let is_named = matches!(events, Events::Only(events) if events.contains(&event));
        ((is_named || !matches!(events, Events::Only(_))) && self.is_outside(event)).then_some(is_named)
    }

    fn cell(&self, row: &Row, column: &Column, arrows: &[&Transition], mut is_asked: bool) -> Cell {
        let mut waiting: Vec<&Transition> =
            arrows.iter().copied().filter(|arrow| self.answers(arrow, column.asked)).collect();
        if let Asked::Done(group) = column.asked
            && !is_asked
        {
            // Whoever is not at an end hears of it only beside the group, or when something has led out of it first.
            let around: Vec<NodeId> = done::outwards(self.project, group).collect();
            waiting.retain(|arrow| arrow.trigger == Trigger::Done(group) && !around.contains(&arrow.source));
        }
        let (branches, left) = match column.asked {
            Asked::Event(id) => {
                let event = self.project.events.get(&id);
                match event.map(|event| given(row.state, event, column.bucket)) {
                    Some(Some(mut given)) if !self.is_nobody(row, id, &given) => {
                        given.extend(limits(row, arrows, &waiting));
                        self.in_turn(row, Occasion::Event(id), &given, &waiting)
                    }
                    // A case that nobody is in.
                    _ => {
                        is_asked = false;
                        (Vec::new(), Some(true))
                    }
                }
            }
            Asked::Done(group) => self.in_turn(row, Occasion::Done(group), &limits(row, arrows, &waiting), &waiting),
            Asked::Silence | Asked::Clock => self.each(row, &waiting),
        };
        let (mut restarts, mut is_named) = (Vec::new(), false);
        if let (Asked::Event(event), true) = (column.asked, is_asked && left != Some(false)) {
            for arrow in arrows {
                let named = self.starts_anew(arrow, event);
                restarts.extend(named.map(|_| arrow.id));
                is_named |= named == Some(true);
            }
        }
        let decision = self.decision(row, column);
        let paper = || match decision.map(|decision| decision.answer) {
            Some(Answer::Ignored) => Rest::Ignored,
            Some(Answer::Question) => Rest::Question,
            None if !is_asked => Rest::NotAsked,
            None if is_named => Rest::Restarts,
            None => Rest::Undecided,
        };
        let rest = match left {
            Some(false) => Rest::Nothing,
            Some(true) => paper(),
            None => match paper() {
                Rest::Undecided => Rest::Unclear,
                said => said,
            },
        };
        let kind = match branches.as_slice() {
            [] => match rest {
                Rest::Restarts => Kind::Restarts,
                Rest::Ignored => Kind::Ignored,
                Rest::Question => Kind::Question,
                Rest::NotAsked | Rest::Nothing => Kind::NotAsked,
                Rest::Undecided | Rest::Unclear | Rest::Beside => Kind::Undecided,
            },
            [only] if only.own && rest == Rest::Nothing => {
                if stays(self.project, *only) {
                    Kind::Stays
                } else {
                    Kind::Moves
                }
            }
            some if some.iter().all(|branch| !branch.own) => Kind::Inherited,
            _ => Kind::Splits,
        };
        let rest = if kind == Kind::Undecided { Rest::Undecided } else { rest };
        Cell { kind, branches, rest, restarts, decision: decision.map(|decision| decision.id) }
    }

    /// Whether nobody who is in this state can be in this case, where that hangs on the state.
    fn is_nobody(&self, row: &Row, event: EventId, given: &[Given]) -> bool {
        if !given
            .iter()
            .any(|given| given.arrow.guard.parse().is_ok_and(|guard| guard.is_some_and(|guard| asks_where(&guard))))
        {
            return false;
        }
        let arrows: Vec<&Transition> = given.iter().map(|given| &given.arrow).collect();
        let wishes: Vec<(usize, bool)> = given.iter().enumerate().map(|(at, given)| (at, given.holds)).collect();
        let mut questions = self.guards.questions(row.state, Occasion::Event(event), &arrows);
        questions.somebody(&wishes) == guards::Answer::Nobody
    }

    /// That of the state, else of the nearest group that has one.
    fn decision(&self, row: &Row, column: &Column) -> Option<&'a Decision> {
        let inwards_out = std::iter::once(&row.state).chain(row.around.iter().rev());
        let mut found = inwards_out.filter_map(|state| {
            self.decisions.get(&Place { state: *state, asked: column.asked, bucket: column.bucket }).copied()
        });
        found.next()
    }

    /// The arrows that can be taken when one is tried after the other, and whether some contact is left at the end; `None`
    /// where that is not known.
    fn in_turn(
        &self,
        row: &Row,
        occasion: Occasion,
        given: &[Given],
        waiting: &[&Transition],
    ) -> (Vec<Branch>, Option<bool>) {
        let asked: Vec<&Transition> = given.iter().map(|given| &given.arrow).chain(waiting.iter().copied()).collect();
        let mut wishes: Vec<(usize, bool)> = given.iter().enumerate().map(|(at, given)| (at, given.holds)).collect();
        let mut questions = None;
        let mut somebody = |wishes: &[(usize, bool)]| {
            let ask = || self.guards.questions(row.state, occasion, &asked);
            match questions.get_or_insert_with(ask).somebody(wishes) {
                guards::Answer::Case(_) => Some(true),
                guards::Answer::Nobody => Some(false),
                guards::Answer::Unclear(_) => None,
            }
        };
        let mut branches = Vec::new();
        let mut left = Some(true);
        for (arrow, at) in waiting.iter().zip(given.len()..) {
            let own = arrow.source == row.state;
            match arrow.guard.parse() {
                Ok(None) => {
                    branches.push(Branch { arrow: arrow.id, own, always: true });
                    return (branches, Some(false));
                }
                // What cannot be read never holds; the check says so.
                Err(_) => branches.push(Branch { arrow: arrow.id, own, always: false }),
                Ok(Some(_)) => {
                    wishes.push((at, true));
                    let is_taken = somebody(&wishes) != Some(false);
                    wishes.pop();
                    if !is_taken {
                        continue;
                    }
                    wishes.push((at, false));
                    left = somebody(&wishes);
                    branches.push(Branch { arrow: arrow.id, own, always: left == Some(false) });
                    if left == Some(false) {
                        return (branches, left);
                    }
                }
            }
        }
        (branches, left)
    }

    /// Timers do not stand in each other's way: each has a moment of its own.
    fn each(&self, row: &Row, waiting: &[&Transition]) -> (Vec<Branch>, Option<bool>) {
        let Some(first) = waiting.first() else { return (Vec::new(), Some(true)) };
        if waiting.iter().all(|arrow| arrow.trigger == first.trigger && arrow.source == first.source) {
            return self.in_turn(row, Occasion::Timer(first.id), &[], waiting);
        }
        let mut branches = Vec::new();
        let mut is_left = Some(true);
        for arrow in waiting {
            let (alone, left) = self.in_turn(row, Occasion::Timer(arrow.id), &[], &[arrow]);
            branches.extend(alone);
            is_left = match (is_left, left) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (None, _) | (_, None) => None,
                (Some(true), Some(true)) => Some(true),
            };
        }
        (branches, is_left)
    }
}

/// A condition that is known to hold or to fail where a cell is looked at, on an arrow that nobody has drawn.
struct Given {
    arrow: Transition,
    holds: bool,
}

impl Given {
    fn new(state: NodeId, guard: Formula, holds: bool) -> Self {
        let arrow = Transition::new(TransitionId(u32::MAX), state, None, Trigger::Unset);
        Self { arrow: Transition { guard, ..arrow }, holds }
    }
}

/// How long contacts can be here, as far as a timer says that always moves them on; where somebody asks for that.
fn limits(row: &Row, arrows: &[&Transition], waiting: &[&Transition]) -> Vec<Given> {
    let asks = |arrow: &&Transition| {
        let mut found = false;
        if let Ok(Some(guard)) = arrow.guard.parse() {
            guard.visit(&mut |part| found |= *part == Expr::TimeHere);
        }
        found
    };
    if !waiting.iter().any(asks) {
        return Vec::new();
    }
    let leaves = |arrow: &&&Transition| {
        arrow.source == row.state
            && arrow.guard.is_empty()
            && arrow.target.is_some_and(|target| arrow.restart || target != row.state)
    };
    let delays = arrows.iter().filter(leaves).filter_map(|arrow| match arrow.trigger {
        Trigger::After(delay) => Some(delay.first),
        _ => None,
    });
    delays.map(|delay| Given::new(row.state, Formula::new(format!("time_here <= {delay}")), true)).collect()
}

/// What holds in one of the cases of `event` or, without one, where none of them holds. `None`: nothing can be there.
fn given(state: NodeId, event: &Event, case: Option<BucketId>) -> Option<Vec<Given>> {
    let mut given = Vec::new();
    for bucket in &event.buckets {
        let is_case = case == Some(bucket.id);
        match bucket.guard.parse() {
            Ok(Some(_)) => given.push(Given::new(state, bucket.guard.clone(), is_case)),
            // The case that takes everything leaves nothing; what cannot be read never holds.
            Ok(None) if !is_case => return None,
            Err(_) if is_case => return None,
            Ok(None) | Err(_) => {}
        }
        if is_case {
            break;
        }
    }
    Some(given)
}

fn asks_where(guard: &Expr) -> bool {
    let mut found = false;
    guard.visit(&mut |part| found |= matches!(part, Expr::In(_)));
    found
}

fn stays(project: &Project, branch: Branch) -> bool {
    project
        .transitions
        .get(&branch.arrow)
        .is_some_and(|arrow| arrow.target.is_none_or(|target| target == arrow.source && !arrow.restart))
}

/// The events that the journey raises itself.
fn raised(project: &Project) -> BTreeSet<EventId> {
    let mut raised = BTreeSet::new();
    for mut entity in project.entities() {
        for action in entity.action_lists_mut().into_iter().flatten() {
            visit_raised(action, &mut |event| {
                raised.insert(event);
            });
        }
    }
    raised
}

fn visit_raised(action: &Action, visit: &mut impl FnMut(EventId)) {
    action.visit_references(&mut |id| {
        if let crate::model::EntityId::Event(event) = id {
            visit(event);
        }
    });
}

/// The events that somebody outside brings.
fn heard(project: &Project) -> BTreeSet<EventId> {
    let behaviours = project.behaviours.values().flat_map(|behaviour| &behaviour.outcomes).map(|outcome| outcome.event);
    let contacts =
        project.contacts.values().flat_map(|contact| &contact.occurrences).map(|occurrence| occurrence.event);
    let datasets = project.datasets.values().flat_map(|dataset| &dataset.events).copied();
    behaviours.chain(contacts).chain(datasets).collect()
}
