//! A journey run again: on other luck, with other assumptions, against another version of itself. Chance and assumptions
//! are two things and are never mixed. How a project is run on a seed is for the caller to say.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::measure::Measure;
use super::statistics::{Interval, mean_of_few, quantile_of_few};
use crate::model::{Behaviour, Draw, EntityId, Generator, Project, Provenance, Time};
use crate::simulation::{Progress, Report, Run};

/// What a measure comes to on each of several seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeated {
    pub measure: Measure,
    /// In the order of the seeds.
    pub values: Vec<f64>,
}

impl Repeated {
    /// What nine of ten repeats lie within.
    #[must_use]
    pub fn spread(&self) -> Option<Interval> {
        let quantile = |share| quantile_of_few(&self.values, share);
        Some(Interval { low: quantile(0.05)?, high: quantile(0.95)? })
    }

    /// The middle one.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        quantile_of_few(&self.values, 0.5)
    }
}

/// Runs on `repeats` seeds that follow one another. `None` if a run was called off.
#[must_use]
pub fn repeat(seed: u64, repeats: u32, mut run: impl FnMut(u64) -> Option<Report>) -> Option<Vec<Report>> {
    (0..u64::from(repeats)).map(|further| run(seed.wrapping_add(further))).collect()
}

/// Each measure over the reports. What cannot be measured in some report is left out.
#[must_use]
pub fn spreads(project: &Project, measures: &[Measure], reports: &[Report]) -> Vec<Repeated> {
    let of = |measure: &Measure| {
        let values = reports.iter().map(|report| measure.of(project, report)).collect::<Option<Vec<f64>>>()?;
        Some(Repeated { measure: measure.clone(), values })
    };
    measures.iter().filter_map(of).collect()
}

/// A number that is believed to lie between two others.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    pub at: EntityId,
    /// Which of the numbers there.
    pub name: String,
    pub low: f64,
    pub likely: f64,
    pub high: f64,
    pub provenance: Provenance,
}

impl Uncertain {
    /// The project with this number at `value`.
    #[must_use]
    pub fn set(&self, project: &Project, value: f64) -> Project {
        let mut project = project.clone();
        if let Some(mut entity) = project.entity(self.at) {
            entity.visit_assumptions(&mut |name, assumption| {
                if name == self.name {
                    assumption.likely = value;
                }
            });
            project.insert(entity);
        }
        project
    }

    /// Where it stands and what it is, in words that name what it is about: `behaviour decides: chance of buy`.
    #[must_use]
    pub fn in_words(&self, project: &Project) -> String {
        let about = match self.at {
            EntityId::Behaviour(id) => project.behaviours.get(&id).and_then(|known| self.outcome(project, known)),
            EntityId::Generator(id) => project.generators.get(&id).and_then(|known| self.drawn(project, known)),
            _ => None,
        };
        format!("{}: {}", project.describe(self.at), about.unwrap_or_else(|| self.name.clone()))
    }

    fn outcome(&self, project: &Project, behaviour: &Behaviour) -> Option<String> {
        let (place, _) = numbered(&self.name, "chance ")?;
        let event = behaviour.outcomes.get(place)?.event;
        let same = || behaviour.outcomes.iter().filter(|outcome| outcome.event == event);
        let words = format!("chance of {}", project.events.get(&event)?.name);
        // Two outcomes can be of one event; then only their numbers tell them apart.
        Some(if same().count() > 1 { format!("{words} (outcome {})", place + 1) } else { words })
    }

    fn drawn(&self, project: &Project, generator: &Generator) -> Option<String> {
        let (what, draw, rest) = if let Some((place, rest)) = numbered(&self.name, "attribute ") {
            let (attribute, draw) = generator.attributes.get(place)?;
            (project.attributes.get(attribute)?.name.clone(), draw, rest)
        } else {
            let (place, rest) = numbered(&self.name, "earlier events ")?;
            let prior = generator.prior.get(place)?;
            (format!("earlier {}", project.events.get(&prior.event)?.name), &prior.count, rest)
        };
        let share = numbered(rest, "share ").and_then(|(place, _)| match draw {
            Draw::Mix(shares) => shares.get(place).map(|(value, _)| format!("share of {value}")),
            Draw::Spread(_) => None,
        });
        Some(format!("{what}, {}", share.unwrap_or_else(|| rest.to_owned())))
    }
}

/// Of `chance 2 rest` after `chance ` the place 1 and the rest.
fn numbered<'a>(name: &'a str, before: &str) -> Option<(usize, &'a str)> {
    let name = name.strip_prefix(before)?;
    let (number, rest) = name.split_once(' ').unwrap_or((name, ""));
    Some((number.parse::<usize>().ok()?.checked_sub(1)?, rest))
}

/// Every number of the project that is not believed to be one number alone.
#[must_use]
pub fn uncertain(project: &Project) -> Vec<Uncertain> {
    let mut all = Vec::new();
    for mut entity in project.entities() {
        let at = entity.id();
        entity.visit_assumptions(&mut |name, assumption| {
            if !assumption.is_certain() {
                let (low, high) = assumption.range();
                let (likely, provenance) = (assumption.likely, assumption.provenance);
                all.push(Uncertain { at, name, low, likely, high, provenance });
            }
        });
    }
    all
}

/// What comes of the least and the most that is believed of one number, all else being likely, on the same luck.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    pub number: Uncertain,
    pub at_low: Report,
    pub at_high: Report,
}

/// Varies each uncertain number by itself. `None` if a run was called off.
#[must_use]
pub fn vary(project: &Project, mut run: impl FnMut(&Project) -> Option<Report>) -> Option<Vec<Varied>> {
    let vary = |number: Uncertain| {
        let at_low = run(&number.set(project, number.low))?;
        let at_high = run(&number.set(project, number.high))?;
        Some(Varied { number, at_low, at_high })
    };
    uncertain(project).into_iter().map(vary).collect()
}

/// One bar of a tornado: what a measure comes to at the least, the likely and the most of one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub number: Uncertain,
    pub at_low: f64,
    pub likely: f64,
    pub at_high: f64,
}

impl Bar {
    #[must_use]
    pub fn swing(&self) -> f64 {
        let (low, high) = self.ends();
        high - low
    }

    /// The least and the most of the measure.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        let all = [self.at_low, self.likely, self.at_high];
        (all.into_iter().fold(f64::INFINITY, f64::min), all.into_iter().fold(f64::NEG_INFINITY, f64::max))
    }
}

/// The bars of a measure, the widest first.
#[must_use]
pub fn tornado(project: &Project, measure: &Measure, likely: &Report, varied: &[Varied]) -> Vec<Bar> {
    let Some(likely) = measure.of(project, likely) else { return Vec::new() };
    let bar = |varied: &Varied| {
        let at = |report| measure.of(project, report);
        Some(Bar { number: varied.number.clone(), at_low: at(&varied.at_low)?, likely, at_high: at(&varied.at_high)? })
    };
    let mut bars: Vec<Bar> = varied.iter().filter_map(bar).collect();
    // Bars of one width stay in the order of the project.
    bars.sort_by(|one, other| other.swing().total_cmp(&one.swing()));
    bars
}

/// A measure of two journeys on the same contacts and seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    pub measure: Measure,
    /// `(one, other)` by seed.
    pub pairs: Vec<(f64, f64)>,
}

impl Compared {
    /// What both come to on average.
    #[must_use]
    pub fn means(&self) -> Option<(f64, f64)> {
        let mean = |of: fn(&(f64, f64)) -> f64| mean_of_few(&self.pairs.iter().map(of).collect::<Vec<_>>());
        Some((mean(|pair| pair.0)?.0, mean(|pair| pair.1)?.0))
    }

    /// By how much the other is more on average, with its 95 % interval; from differences of pairs, since both had the
    /// same luck.
    #[must_use]
    pub fn difference(&self) -> Option<(f64, Option<Interval>)> {
        let differences: Vec<f64> = self.pairs.iter().map(|(one, other)| other - one).collect();
        mean_of_few(&differences)
    }

    /// In how many repeats the other is more, and in how many both are the same.
    #[must_use]
    pub fn more_and_same(&self) -> (usize, usize) {
        let count = |holds: fn(&(f64, f64)) -> bool| self.pairs.iter().filter(|pair| holds(pair)).count();
        (count(|(one, other)| other > one), count(|(one, other)| one.total_cmp(other).is_eq()))
    }
}

/// Each measure that both journeys have, by its name in the one; where they are `kin`, two versions of one project, a state
/// is the same whatever it is called. The reports are on the same seeds.
#[must_use]
pub fn compare(
    one: (&Project, &[Report]),
    other: (&Project, &[Report]),
    measures: &[Measure],
    kin: bool,
) -> Vec<Compared> {
    let of = |measure: &Measure| {
        let there = if kin { measure.in_version(one.0, other.0) } else { measure.clone() };
        let pairs = one.1.iter().zip(other.1).map(|(a, b)| Some((measure.of(one.0, a)?, there.of(other.0, b)?)));
        Some(Compared { measure: measure.clone(), pairs: pairs.collect::<Option<_>>()? })
    };
    measures.iter().filter_map(of).collect()
}

/// Where the story of a contact goes another way in another journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    pub contact: String,
    pub time: Time,
    /// The first line that differs, in one and in the other.
    pub lines: (String, String),
}

/// Every contact of both runs whose stories differ, in the order of the first run. `None` if it was called off.
#[must_use]
pub fn diverging(one: (&Project, &Run), other: (&Project, &Run), progress: &Progress) -> Option<Vec<Divergence>> {
    // Most often both have the same contacts in the same order; only then nobody has to be looked for.
    let same = |contact: &usize| {
        *contact < other.1.contact_count() && one.1.contact_name(*contact) == other.1.contact_name(*contact)
    };
    let goes_on = |_: &usize| !progress.is_cancelled();
    let in_step = (0..one.1.contact_count()).take_while(goes_on).take_while(same).count();
    let mut places: BTreeMap<Cow<str>, usize> = BTreeMap::new();
    if in_step < one.1.contact_count() {
        let others = (in_step..other.1.contact_count()).take_while(goes_on);
        places.extend(others.map(|contact| (other.1.contact_name(contact), contact)));
    }
    let of = |contact: usize| {
        let name = one.1.contact_name(contact);
        let place = if contact < in_step { contact } else { *places.get(&name)? };
        let (time, lines) = first_difference(&lines(one.0, one.1, contact), &lines(other.0, other.1, place))?;
        Some(Divergence { contact: name.into_owned(), time, lines })
    };
    let found = (0..one.1.contact_count()).take_while(goes_on).filter_map(of).collect();
    (!progress.is_cancelled()).then_some(found)
}

/// A story in words, a line per entry.
fn lines(project: &Project, run: &Run, contact: usize) -> Vec<(Time, String)> {
    let story = run.story(contact);
    let line = |entry: &crate::simulation::Entry| {
        let mut line = format!("{}: {}", entry.cause_in_words(project), entry.outcome_in_words(project));
        entry.effects.iter().for_each(|effect| line.extend([", ", effect]));
        (entry.time, line)
    };
    story.entries.iter().map(line).collect()
}

fn first_difference(one: &[(Time, String)], other: &[(Time, String)]) -> Option<(Time, (String, String))> {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(same), other.get(same));
    let time = one.into_iter().chain(other).map(|(time, _)| *time).min()?;
    // Whose next line comes later does nothing at this time.
    let line = |line: Option<&(Time, String)>| match line {
        Some((at, line)) if *at == time => line.clone(),
        _ => String::from("nothing"),
    };
    Some((time, (line(one), line(other))))
}

/// Behaviours of each that the other has not, by key: where luck is not shared.
#[must_use]
pub fn without_partner<'p>(one: &'p Project, other: &'p Project) -> (Vec<&'p Behaviour>, Vec<&'p Behaviour>) {
    let missing = |from: &'p Project, to: &Project| {
        let has = |behaviour: &&Behaviour| to.behaviours.values().any(|known| known.key == behaviour.key);
        from.behaviours.values().filter(|behaviour| !has(behaviour)).collect()
    };
    (missing(one, other), missing(other, one))
}
