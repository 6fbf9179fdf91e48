//! Which arrows answer in a cell, in the order in which the machine tries them, and what they leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{Branch, Cell, Column, Kind, Rest, Row, beside};
use crate::analysis::check::possible;
use crate::model::formula::{Comparison, Expr, Name};
use crate::model::{
    Action, Answer, Asked, Bucket, Decision, Event, EventId, Events, NodeId, Place, Project, Transition, Trigger,
};

/// The cells, row by row.
pub(super) fn cells(project: &Project, rows: &[Row], columns: &[Column]) -> Vec<Cell> {
    let scene = Scene::of(project, columns);
    let mut cells = Vec::with_capacity(rows.len() * columns.len());
    for row in rows {
        let arrows = scene.arrows_in_order(row);
        let is_left_at_once = arrows.iter().any(|arrow| {
            arrow.trigger == Trigger::Always
                && arrow.guard.is_empty()
                && arrow.target.is_some_and(|target| target != row.state)
        });
        for (number, column) in columns.iter().enumerate() {
            let is_asked = !row.is_end && !is_left_at_once;
            cells.push(if is_left_at_once {
                Cell { kind: Kind::NotAsked, branches: Vec::new(), rest: Rest::NotAsked, decision: None }
            } else {
                scene.cell(row, column, &scene.given[number], &arrows, is_asked)
            });
        }
    }
    beside::answer(project, rows, columns, &mut cells);
    cells
}

/// Whether something is left when no case of a split column holds.
pub(super) fn leaves_something(project: &Project, event: &Event) -> bool {
    let raised = raised(project);
    possible(project, &given(project, &raised, event, None)) != Some(false)
}

/// The project with what is found out before any cell is looked at.
struct Scene<'a> {
    project: &'a Project,
    arrows: BTreeMap<NodeId, Vec<&'a Transition>>,
    decisions: BTreeMap<Place, &'a Decision>,
    raised: BTreeSet<EventId>,
    /// Events that come from outside, whether or not they are raised too.
    heard: BTreeSet<EventId>,
    /// What holds in each column.
    given: Vec<Vec<Expr>>,
}

impl<'a> Scene<'a> {
    fn of(project: &'a Project, columns: &[Column]) -> Self {
        let raised = raised(project);
        let given = columns.iter().map(|column| match column.asked {
            Asked::Event(id) => project.events.get(&id).map_or_else(Vec::new, |event| {
                given(project, &raised, event, event.buckets.iter().find(|bucket| Some(bucket.id) == column.bucket))
            }),
            Asked::Silence | Asked::Clock => Vec::new(),
        });
        let given = given.collect();
        Self {
            project,
            arrows: project.arrows_by_source(),
            decisions: project.decisions.values().rev().map(|decision| (decision.place, decision)).collect(),
            heard: heard(project),
            raised,
            given,
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
            (Trigger::On(Events::Every), Asked::Event(_))
            | (Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..), Asked::Silence)
            | (Trigger::At(..), Asked::Clock) => true,
            // What the journey tells itself is no event to them.
            (Trigger::On(Events::Any), Asked::Event(event)) => {
                !self.raised.contains(&event) || self.heard.contains(&event)
            }
            _ => false,
        }
    }

    fn cell(&self, row: &Row, column: &Column, given: &[Expr], arrows: &[&Transition], is_asked: bool) -> Cell {
        let waiting: Vec<&Transition> =
            arrows.iter().copied().filter(|arrow| self.answers(arrow, column.asked)).collect();
        let (branches, left) = match column.asked {
            Asked::Event(_) => self.in_turn(row, [given, &limits(row, arrows, &waiting)].concat(), &waiting),
            Asked::Silence | Asked::Clock => self.each(row, &waiting),
        };
        let decision = self.decision(row, column);
        let paper = || match decision.map(|decision| decision.answer) {
            Some(Answer::Ignored) => Rest::Ignored,
            Some(Answer::Question) => Rest::Question,
            None if !is_asked => Rest::NotAsked,
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
        Cell { kind, branches, rest, decision: decision.map(|decision| decision.id) }
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
    fn in_turn(&self, row: &Row, given: Vec<Expr>, waiting: &[&Transition]) -> (Vec<Branch>, Option<bool>) {
        let mut left = given;
        let mut branches = Vec::new();
        for arrow in waiting {
            let own = arrow.source == row.state;
            let guard = match arrow.guard.parse() {
                Ok(None) => {
                    branches.push(Branch { arrow: arrow.id, own, always: true });
                    return (branches, Some(false));
                }
                // What cannot be read never holds; the check says so.
                Err(_) => {
                    branches.push(Branch { arrow: arrow.id, own, always: false });
                    continue;
                }
                // How long and how often *here* means the group, and what else is known speaks of the state.
                Ok(Some(guard)) if !own && speaks_of_here(&guard) => Expr::Chance(0.5),
                Ok(Some(guard)) => guard,
            };
            left.push(guard.clone());
            if possible(self.project, &left) == Some(false) {
                left.pop();
                continue;
            }
            left.pop();
            left.push(Expr::Not(Box::new(guard)));
            let is_covered = possible(self.project, &left) == Some(false);
            branches.push(Branch { arrow: arrow.id, own, always: is_covered });
            if is_covered {
                return (branches, Some(false));
            }
        }
        let is_left = if branches.is_empty() { Some(true) } else { possible(self.project, &left) };
        (branches, is_left)
    }

    /// Timers do not stand in each other's way: each has a moment of its own.
    fn each(&self, row: &Row, waiting: &[&Transition]) -> (Vec<Branch>, Option<bool>) {
        if waiting.windows(2).all(|pair| pair[0].trigger == pair[1].trigger && pair[0].source == pair[1].source) {
            return self.in_turn(row, Vec::new(), waiting);
        }
        let mut branches = Vec::new();
        let mut is_left = Some(true);
        for arrow in waiting {
            let (alone, left) = self.in_turn(row, Vec::new(), &[arrow]);
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

/// How long contacts can be here, as far as a timer says that always moves them on; where somebody asks for that.
fn limits(row: &Row, arrows: &[&Transition], waiting: &[&Transition]) -> Vec<Expr> {
    let asks = |arrow: &&Transition| arrow.guard.parse().ok().flatten().is_some_and(|guard| speaks_of_here(&guard));
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
    let at_most = |delay| Expr::Compare(Comparison::AtMost, Box::new(Expr::TimeHere), Box::new(Expr::Duration(delay)));
    delays.map(at_most).collect()
}

fn speaks_of_here(guard: &Expr) -> bool {
    let mut found = false;
    guard.visit(&mut |part| found |= matches!(part, Expr::TimeHere | Expr::CountHere(_)));
    found
}

fn stays(project: &Project, branch: Branch) -> bool {
    project
        .transitions
        .get(&branch.arrow)
        .is_some_and(|arrow| arrow.target.is_none_or(|target| target == arrow.source && !arrow.restart))
}

/// What holds when `event` is processed, in one of its cases or, without one, where none of them holds.
fn given(project: &Project, raised: &BTreeSet<EventId>, event: &Event, case: Option<&Bucket>) -> Vec<Expr> {
    let mut given = Vec::new();
    for bucket in &event.buckets {
        let is_case = case.is_some_and(|case| case.id == bucket.id);
        match bucket.guard.parse() {
            Ok(Some(guard)) if is_case => given.push(guard),
            Ok(Some(guard)) => given.push(Expr::Not(Box::new(guard))),
            // The case that takes everything leaves nothing.
            Ok(None) if !is_case => given.push(Expr::YesNo(false)),
            // What cannot be read never holds.
            Err(_) if is_case => given.push(Expr::YesNo(false)),
            Ok(None) | Err(_) => {}
        }
        if is_case {
            break;
        }
    }
    // An event counts itself before anybody looks, unless the journey raises it, which is not counted.
    if !raised.contains(&event.id) {
        given.extend(
            counters(project, event)
                .into_iter()
                .map(|counter| Expr::Compare(Comparison::AtLeast, Box::new(counter), Box::new(Expr::Number(1.0)))),
        );
    }
    given
}

/// How often the event has happened, in every way in which somebody asks for that.
fn counters(project: &Project, event: &Event) -> Vec<Expr> {
    let mut counters = vec![Expr::Count(Name::new(event.name.clone()), None)];
    let guards = project.transitions.values().map(|arrow| &arrow.guard);
    for guard in guards.chain(event.buckets.iter().map(|bucket| &bucket.guard)) {
        let Ok(Some(guard)) = guard.parse() else { continue };
        guard.visit(&mut |part| {
            if let Expr::Count(name, Some(_)) | Expr::CountHere(name) = part
                && name.text.eq_ignore_ascii_case(&event.name)
                && !counters.contains(part)
            {
                counters.push(part.clone());
            }
        });
    }
    counters
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
