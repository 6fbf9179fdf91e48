//! A contact that shows something: in words, and so that the machine can be asked about it.

use std::fmt;

use super::asked::{Asked, Clock, Sample, Stretch, event_of};
use super::puzzle::Setting;
use super::read::Catalog;
use crate::model::time::describe_milliseconds;
use crate::model::{AttributeKind, EventId, NodeId, Project, Time, TransitionId, Value};
use crate::simulation::{Machine, Supposed, SupposedVisit};

/// 2026-07-15 at noon: no clock changes and no short month for a while.
const NOW: Time = Time(1_784_116_800_000);

/// How many seeds are tried for a draw.
const MOST_SEEDS: u64 = 5_000;

/// A contact of whom just enough is said to show something.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What is asked about and what it is: `count(download, 60 days)`, `2`.
    pub facts: Vec<(String, String)>,
    /// The same contact for the machine.
    pub supposed: Supposed,
}

impl fmt::Display for Case {
    /// `count(download, 60 days) = 2, fit = B`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (what, value)) in self.facts.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{what} = {value}")?;
        }
        Ok(())
    }
}

impl Case {
    /// Whether the machine agrees that these conditions hold and fail so. Where a draw matters, a seed is looked for.
    pub fn agrees(&mut self, machine: &Machine, wishes: &[(TransitionId, bool)]) -> bool {
        let arrows: Vec<TransitionId> = wishes.iter().map(|(arrow, _)| *arrow).collect();
        let wanted: Vec<Option<bool>> = wishes.iter().map(|(_, holds)| Some(*holds)).collect();
        let draws = self.facts.iter().any(|(what, _)| what.starts_with("the draw"));
        (0..if draws { MOST_SEEDS } else { 1 }).any(|seed| {
            self.supposed.seed = seed;
            machine.would_pass(&arrows, &self.supposed) == wanted
        })
    }

    pub(super) fn of(setting: &Setting, catalog: &Catalog, at: NodeId, settled: &[Option<Sample>]) -> Self {
        let teller = Teller { setting, project: setting.project, catalog, settled };
        Self { facts: teller.facts(), supposed: teller.supposed(at) }
    }
}

struct Teller<'a> {
    setting: &'a Setting<'a>,
    project: &'a Project,
    catalog: &'a Catalog,
    settled: &'a [Option<Sample>],
}

impl Teller<'_> {
    fn known(&self) -> impl Iterator<Item = (&Asked, &Sample)> {
        let both = self.catalog.asked.iter().zip(self.settled);
        both.filter_map(|(asked, sample)| Some((asked, sample.as_ref()?)))
    }

    fn facts(&self) -> Vec<(String, String)> {
        let event = |id: &EventId| self.project.events.get(id).map_or("(deleted)", |event| event.name.as_str());
        let plain = |sample: &Sample| match sample {
            Sample::Unknown => String::from("unknown"),
            Sample::Number(number) => number.to_string(),
            Sample::Text(text) => text.clone(),
            Sample::YesNo(yes) => String::from(if *yes { "yes" } else { "no" }),
            Sample::Time(time) => whole(*time).display_in(&self.project.zone()),
        };
        let long = |sample: &Sample| sample.number().map_or_else(|| String::from("unknown"), describe_duration);
        let fact = |(asked, sample): (&Asked, &Sample)| {
            let (what, value) = match asked {
                Asked::In(node) => (format!("in({})", self.project.node_label(*node)), plain(sample)),
                Asked::Attribute(id) => {
                    let attribute = &self.project.attributes[id];
                    let value = match (&attribute.kind, sample) {
                        (AttributeKind::Choice(choices), Sample::Number(_)) => choice(choices, sample),
                        _ => None,
                    };
                    (attribute.name.clone(), value.unwrap_or_else(|| plain(sample)))
                }
                Asked::Field(name) => (format!("event.{name}"), plain(sample)),
                Asked::LastTouchpoint => (String::from("last(touchpoint)"), plain(sample)),
                Asked::Count(id) => (format!("count({})", event(id)), plain(sample)),
                Asked::Within(id, window) => (format!("count({}, {})", event(id), window.words()), plain(sample)),
                Asked::CountHere(id, _) => (format!("count_here({})", event(id)), plain(sample)),
                // The event in hand has just happened: that says nothing.
                Asked::Since(id) if self.setting.counted == Some(*id) => return None,
                Asked::Since(id) => (format!("since({})", event(id)), long(sample)),
                Asked::Here(_) => (String::from("time_here"), long(sample)),
                Asked::Draw(id) => (format!("the draw of the {}", self.project.describe((*id).into())), plain(sample)),
                Asked::Riddle(_) => return None,
            };
            Some((what, value))
        };
        self.known().filter_map(fact).collect()
    }

    fn supposed(&self, at: NodeId) -> Supposed {
        let mut visits: Vec<SupposedVisit> = Vec::new();
        let around = |node: NodeId| {
            let outwards = std::iter::successors(Some(node), |id| self.project.nodes.get(id)?.parent);
            outwards.take(self.project.nodes.len() + 1)
        };
        let active = self.known().filter_map(|(asked, sample)| match (asked, sample) {
            (Asked::In(node), Sample::YesNo(true)) | (Asked::Here(node) | Asked::CountHere(_, node), _) => Some(*node),
            _ => None,
        });
        for node in std::iter::once(at).chain(active).flat_map(around) {
            if visits.iter().all(|visit| visit.node != node) {
                visits.push(SupposedVisit { node, entered: NOW, here: Vec::new() });
            }
        }
        let mut supposed = Supposed {
            now: NOW,
            seed: 0,
            attributes: Vec::new(),
            past: self.past(),
            fields: Vec::new(),
            visits,
            touchpoint: None,
        };
        for (asked, sample) in self.known() {
            match (asked, sample) {
                (Asked::Attribute(id), sample) => supposed.attributes.push((*id, self.value(*id, sample))),
                (Asked::Field(name), Sample::Number(number)) => {
                    supposed.fields.push((name.clone(), Value::Number(*number)));
                }
                (Asked::Field(name), Sample::Text(text)) => {
                    supposed.fields.push((name.clone(), Value::Text(text.clone())));
                }
                (Asked::Field(name), Sample::YesNo(yes)) => supposed.fields.push((name.clone(), Value::YesNo(*yes))),
                (Asked::LastTouchpoint, Sample::Text(name)) => {
                    supposed.touchpoint = self.project.touchpoint_by_name(name).map(|touchpoint| touchpoint.id);
                }
                (Asked::Here(node), sample) => {
                    let entered = self.ago(sample.number().unwrap_or(0.0));
                    let visits = supposed.visits.iter_mut().filter(|visit| visit.node == *node);
                    visits.for_each(|visit| visit.entered = entered);
                }
                (Asked::CountHere(event, node), sample) => {
                    let times = times(sample.number().unwrap_or(0.0));
                    let visits = supposed.visits.iter_mut().filter(|visit| visit.node == *node);
                    visits.for_each(|visit| visit.here.push((*event, times)));
                }
                _ => {}
            }
        }
        supposed
    }

    fn value(&self, id: crate::model::AttributeId, sample: &Sample) -> Value {
        match (&self.project.attributes[&id].kind, sample) {
            (_, Sample::Unknown) => Value::Unknown,
            (AttributeKind::Choice(choices), _) => choice(choices, sample).map_or(Value::Unknown, Value::Text),
            (_, Sample::Number(number)) => Value::Number(*number),
            (_, Sample::Text(text)) => Value::Text(text.clone()),
            (_, Sample::YesNo(yes)) => Value::YesNo(*yes),
            (_, Sample::Time(time)) => Value::Time(whole(*time)),
        }
    }

    /// Every event as often and as long ago as is said of it.
    fn past(&self) -> Vec<(Time, EventId, u32)> {
        let mut events: Vec<EventId> = self.known().filter_map(|(asked, _)| event_of(asked)).collect();
        events.extend(self.setting.counted);
        events.sort_unstable();
        events.dedup();
        let mut past: Vec<(Time, EventId, u32)> = Vec::new();
        for event in events {
            self.past_of(event, &mut past);
        }
        past.sort_by_key(|(time, event, _)| (*time, *event));
        past
    }

    fn past_of(&self, event: EventId, past: &mut Vec<(Time, EventId, u32)>) {
        let (mut total, mut last, mut windows): (Option<f64>, _, Vec<(Stretch, f64)>) = (None, None, Vec::new());
        let mut fewest = 0.0_f64;
        for (asked, sample) in self.known().filter(|(asked, _)| event_of(asked) == Some(event)) {
            let number = sample.number();
            match asked {
                Asked::Count(_) => total = number,
                Asked::Within(_, window) => windows.push((*window, number.unwrap_or(0.0))),
                Asked::CountHere(..) => fewest = fewest.max(number.unwrap_or(0.0)),
                _ => {
                    last = number;
                    fewest = fewest.max(if number.is_some() { 1.0 } else { 0.0 });
                }
            }
        }
        if self.setting.counted == Some(event) {
            (last, fewest) = (Some(0.0), fewest.max(1.0));
        }
        windows.sort_by_key(|(window, _)| *window);
        let counted = windows.last().map_or(0.0, |(_, count)| *count);
        let total = total.unwrap_or(0.0).max(counted).max(fewest);
        let (mut from, mut before) = (Stretch { milliseconds: 0, clock: Clock::Hours }, 0.0);
        let mut open = last;
        let end = std::iter::once((None, total));
        for (window, count) in windows.into_iter().map(|(window, count)| (Some(window), count)).chain(end) {
            let mut more = times(count - before);
            before = before.max(count);
            if more > 0 {
                let start = from.before(NOW, &self.project.zone());
                // The last of them is as long ago as is said; the others are no later.
                if let Some(ago) = open.take() {
                    let time = self.ago(ago);
                    past.push((time, event, 1));
                    more -= 1;
                    past.push((start.min(time), event, more));
                } else {
                    let latest = last.map_or(start, |ago| self.ago(ago));
                    past.push((start.min(latest), event, more));
                }
            }
            from = window.unwrap_or(from);
        }
        past.retain(|(_, _, times)| *times > 0);
    }

    /// The instant so many milliseconds ago, on the calendar beside the lengths that conditions ask for.
    fn ago(&self, milliseconds: f64) -> Time {
        let zone = self.project.zone();
        let ago = Time::MAX.min(Time(whole(milliseconds).0));
        let near = |stretch: &&Stretch| (stretch.milliseconds - ago.0).abs() <= 1_000;
        match self.catalog.lengths.iter().find(near) {
            Some(stretch) => Time(stretch.before(NOW, &zone).0 - (ago.0 - stretch.milliseconds)),
            None => Time((NOW.0 - ago.0).max(Time::MIN.0)),
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions are small whole numbers")]
fn choice(choices: &[String], sample: &Sample) -> Option<String> {
    choices.get(sample.number()? as usize).cloned()
}

#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
fn whole(milliseconds: f64) -> Time {
    Time(milliseconds as i64)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0, cut at the greatest"
)]
fn times(number: f64) -> u32 {
    number.max(0.0) as u32
}

/// Exactly, in the largest unit that fits.
fn describe_duration(milliseconds: f64) -> String {
    let ago = whole(milliseconds).0;
    let exact = [(86_400_000, "day"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")];
    match exact.iter().find(|(unit, _)| ago != 0 && ago % unit == 0) {
        Some((unit, "day")) => format!("{} {}", ago / unit, if ago / unit == 1 { "day" } else { "days" }),
        Some((unit, name)) => format!("{} {name}", ago / unit),
        None if ago == 0 => String::from("0 s"),
        None => describe_milliseconds(ago),
    }
}
