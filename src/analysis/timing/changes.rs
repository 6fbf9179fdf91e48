//! The changes of the timing that are tried: neighbours swapped, and events brought to the other side of what is near.

use std::collections::BTreeMap;

use super::{JUST, REACH};
use crate::model::formula::Expr;
use crate::model::trigger_text::print_trigger;
use crate::model::{Contact, Duration, EventId, Occurrence, Project, Time, Zone};
use crate::simulation::Deadline;
use crate::simulation::story::Cause;

/// Another timing of the events of a contact, by their places.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// This event and the one before it have changed places.
    Swapped(usize),
    /// This event came then.
    Moved { event: usize, to: Time, after: bool, near: Boundary },
}

/// What an event is brought to.
#[derive(Clone, Debug, PartialEq)]
pub enum Boundary {
    /// A timer or a scheduled event was due.
    Due(Cause),
    /// This event falls out of a window in which events are counted.
    WindowEnds { event: usize, window: Duration },
}

impl Change {
    /// The event that comes at another time.
    #[must_use]
    pub fn event(&self) -> usize {
        match self {
            Self::Swapped(event) | Self::Moved { event, .. } => *event,
        }
    }

    /// When it comes then.
    #[must_use]
    pub fn time(&self, occurrences: &[Occurrence]) -> Time {
        match self {
            Self::Swapped(event) => occurrences[event - 1].time,
            Self::Moved { to, .. } => *to,
        }
    }

    pub(super) fn is_later(&self, occurrences: &[Occurrence]) -> bool {
        self.time(occurrences) > occurrences[self.event()].time
    }

    /// The events as they come then.
    pub(super) fn made(&self, occurrences: &[Occurrence]) -> Vec<Occurrence> {
        let mut changed = occurrences.to_vec();
        match self {
            Self::Swapped(event) => {
                let times = (changed[event - 1].time, changed[*event].time);
                changed.swap(event - 1, *event);
                (changed[event - 1].time, changed[*event].time) = times;
            }
            Self::Moved { event, to, .. } => {
                changed[*event].time = *to;
                changed.sort_by_key(|occurrence| occurrence.time);
            }
        }
        changed
    }

    pub(super) fn words(&self, project: &Project, occurrences: &[Occurrence]) -> String {
        let name = |event: usize| name(project, occurrences, event);
        let event = self.event();
        let (time, usual) = (self.time(occurrences), occurrences[event].time);
        let by = span((time.0 - usual.0).abs());
        let by = if time == usual {
            String::from("at the same instant")
        } else {
            format!("{by} {}", if time > usual { "later" } else { "earlier" })
        };
        match self {
            Self::Swapped(_) => format!("If {} came before {} ({by})", name(event), name(event - 1)),
            Self::Moved { after, near, .. } => {
                let side = if *after { "after" } else { "before" };
                let near = match near {
                    Boundary::Due(Cause::Timer(arrow)) => project.transitions.get(arrow).map_or_else(
                        || String::from("a timer was due"),
                        |arrow| {
                            let timer = print_trigger(project, &arrow.trigger);
                            format!("\"{timer}\" in {} was due", project.node_label(arrow.source))
                        },
                    ),
                    Boundary::Due(Cause::Scheduled(event)) => format!("the scheduled {event} was due"),
                    Boundary::Due(_) => String::from("a timer was due"),
                    Boundary::WindowEnds { event, window } => {
                        format!("{} was {window} ago", name(*event))
                    }
                };
                format!("If {} came just {side} {near} ({by})", name(event))
            }
        }
    }
}

/// What an event is called; with its time where it is not the only one of its name.
fn name(project: &Project, occurrences: &[Occurrence], event: usize) -> String {
    let Occurrence { event: id, time, .. } = &occurrences[event];
    let name = project.events.get(id).map_or("(deleted)", |event| event.name.as_str());
    if occurrences.iter().filter(|other| other.event == *id).count() > 1 {
        format!("{name} of {}", time.display_in(&project.zone()))
    } else {
        name.to_owned()
    }
}

/// `2 h`, `3 days 4 h`, `61 s`: the two greatest units that say something.
fn span(milliseconds: i64) -> String {
    const UNITS: [(i64, &str); 5] = [(86_400_000, "day"), (3_600_000, "h"), (60_000, "min"), (1_000, "s"), (1, "ms")];
    let first = UNITS.iter().position(|(unit, _)| milliseconds >= *unit).unwrap_or(UNITS.len() - 1);
    let mut rest = milliseconds;
    let parts: Vec<String> = UNITS[first..(first + 2).min(UNITS.len())]
        .iter()
        .filter_map(|(unit, word)| {
            let amount = rest / unit;
            rest %= unit;
            let plural = if *word == "day" && amount != 1 { "s" } else { "" };
            (amount > 0).then(|| format!("{amount} {word}{plural}"))
        })
        .collect();
    parts.join(" ")
}

/// All changes that are near, in the order of the events, the smallest first.
pub(super) fn changes(project: &Project, contact: &Contact, deadlines: &[Deadline], until: Time) -> Vec<Change> {
    let zone = Some(&contact.zone).filter(|zone| !zone.is_empty()).and_then(|zone| Zone::named(zone).ok());
    let zone = zone.unwrap_or_else(|| project.zone());
    let occurrences = &contact.occurrences;
    let windows = windows(project);
    let mut changes = Vec::new();
    for (event, occurrence) in occurrences.iter().enumerate() {
        let before = event.checked_sub(1).map(|before| &occurrences[before]);
        let swapped =
            before.is_some_and(|other| (other.event, &other.fields) != (occurrence.event, &occurrence.fields));
        let dues = deadlines.iter().map(|deadline| (deadline.due, deadline.set, Boundary::Due(deadline.by.clone())));
        let others = occurrences.iter().enumerate().filter(|(other, _)| *other != event);
        let ends = others.flat_map(|(other, counted)| {
            let own = windows.get(&counted.event).into_iter().flatten();
            own.map(move |window| (counted, Boundary::WindowEnds { event: other, window: *window }, *window))
        });
        let ends = ends.map(|(counted, near, window)| (counted.time.plus(window, &zone), counted.time, near));
        let earliest = occurrence.time.minus(REACH, &zone).max(contact.start.unwrap_or(Time::MIN));
        let latest = occurrence.time.plus(REACH, &zone).min(until);
        let mut moved: BTreeMap<Time, Change> = BTreeMap::new();
        // What only began with the event or after it goes along with it.
        for (at, since, near) in dues.chain(ends).filter(|(_, since, _)| *since < occurrence.time) {
            for (to, after) in [(at.minus(JUST, &zone), false), (at.plus(JUST, &zone), true)] {
                // Before it began there is no boundary.
                if to != occurrence.time && to > since && (earliest..=latest).contains(&to) {
                    moved.entry(to).or_insert_with(|| Change::Moved { event, to, after, near: near.clone() });
                }
            }
        }
        let swapped = swapped.then_some(Change::Swapped(event));
        let mut own: Vec<Change> = swapped.into_iter().chain(moved.into_values()).collect();
        own.sort_by_key(|change| (change.time(occurrences).0 - occurrence.time.0).abs());
        changes.extend(own);
    }
    changes
}

/// In which windows each event is counted by a condition of the chart or of a score.
fn windows(project: &Project) -> BTreeMap<EventId, Vec<Duration>> {
    let arrows = project.transitions.values().map(|arrow| &arrow.guard);
    let mut windows: BTreeMap<EventId, Vec<Duration>> = BTreeMap::new();
    for guard in arrows.chain(project.score_rules.values().map(|rule| &rule.guard)) {
        let Ok(Some(expr)) = guard.parse() else { continue };
        expr.visit(&mut |part| {
            if let Expr::Count(name, Some(window)) = part
                && let Some(event) = project.event_by_name(&name.text)
            {
                let known = windows.entry(event.id).or_default();
                if !known.contains(window) {
                    known.push(*window);
                }
            }
        });
    }
    windows
}
