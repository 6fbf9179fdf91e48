//! Chart and dataset → tables of the express, where it can carry them.

use super::Express;
use super::silence::TIMERS;
use super::table::{
    Cell, Change, Changes, Leaf, Load, NOBODY, Prelude, Rule, SLOTS, Silence, THROWN_AWAY, Test, Texts, Timer,
};
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::formula::Comparison;
use crate::model::{AttributeKind, Dataset, Duration, NodeKind, ScoreChange, Value};
use crate::simulation::condition::Term;
use crate::simulation::machine::{Act, Machine, Node, TimerKind, TimerStart, Way};
use crate::simulation::memory::Memory;
use crate::simulation::react::{Effect, Outcome};

impl<'a> Express<'a> {
    /// `None` where chart or dataset ask for more than numbers, rows and a plain clock.
    pub(in crate::simulation) fn of(
        machine: &'a Machine,
        dataset: &'a Dataset,
        events: &[Option<usize>],
        columns: &[Option<&'a FieldColumn>],
        fresh: &Memory,
    ) -> Option<Self> {
        let plain = !machine.suffers_anything()
            && !machine.can_cycle
            && machine.policy.is_empty
            && machine.event_name.is_none()
            && machine.event_type.is_none()
            && machine.capped == 0
            && machine.decaying.is_empty()
            && machine.zone().is_utc()
            && dataset.zones.iter().all(String::is_empty)
            && dataset.starts.iter().all(Option::is_none)
            && dataset.attributes.is_empty()
            && !machine.nodes.iter().any(|node| matches!(node.kind, NodeKind::Parallel | NodeKind::Resume));
        if !plain {
            return None;
        }
        let mut planner = Planner {
            machine,
            columns,
            taken: machine.attributes.len(),
            counts: vec![NOBODY; machine.event_count()],
            fields: vec![None; machine.fields.len()],
            readers: Readers::Everybody,
            asks: vec![vec![false; machine.fields.len()]; machine.event_count() + 1],
        };
        let mut express = Self {
            machine,
            dataset,
            fresh: [f64::NAN; SLOTS],
            fields: Vec::new(),
            words: Vec::new(),
            numbers: Vec::new(),
            texts: machine.attributes.iter().map(|attribute| attribute.kind == AttributeKind::Text).collect(),
            columns: columns.to_vec(),
            rules: Vec::new(),
            events: Vec::new(),
            preludes: Vec::new(),
            leaves: Vec::new(),
            silences: Vec::new(),
            start: Rule::NEVER,
            drawn: Vec::new(),
        };
        express.fill(&mut planner, events, fresh)?;
        (planner.taken <= usize::from(THROWN_AWAY)).then_some(express)
    }

    fn fill(&mut self, planner: &mut Planner<'a, '_>, events: &[Option<usize>], fresh: &Memory) -> Option<()> {
        let machine = self.machine;
        self.leaves(planner)?;
        self.preludes = self.preludes(planner)?;
        let unknown = machine.event_count();
        self.events = events.iter().map(|event| event.unwrap_or(unknown)).chain([unknown]).collect();
        self.start = {
            let mut rule = Rule::NEVER;
            acts(machine, planner, &mut rule, [&[], &machine.hop_to(machine.start?)?], &[])?;
            rule
        };
        for leaf in 0..self.leaves.len() {
            (self.silences[leaf].chain, self.silences[leaf].is_whole) = self.chain(leaf);
        }
        self.fields = planner.fields.iter().copied().flatten().collect();
        self.fresh[usize::from(NOBODY)] = 0.0;
        planner.counts.iter().for_each(|slot| self.fresh[usize::from(*slot)] = 0.0);
        for (slot, value) in fresh.values.iter().enumerate() {
            self.fresh[slot] = match value {
                Value::Number(number) => *number,
                Value::Unknown if machine.attributes[slot].kind != AttributeKind::Score => f64::NAN,
                Value::Text(text) if self.texts[slot] => self.word(text),
                _ => return None,
            };
        }
        Some(())
    }

    fn leaves(&mut self, planner: &mut Planner<'a, '_>) -> Option<()> {
        let machine = self.machine;
        for (leaf, node) in machine.nodes.iter().enumerate() {
            let mut cells = Vec::new();
            for signal in 0..=machine.event_count() {
                planner.readers = Readers::Event(signal);
                cells.push(self.cell(planner, leaf, signal)?);
            }
            planner.readers = Readers::Everybody;
            let always = self.cell(planner, leaf, machine.signals)?;
            always.rules.iter().all(Rule::moves).then_some(())?;
            if !node.timers.is_empty() && (node.silence.is_none() || node.timers.len() > TIMERS) {
                return None;
            }
            planner.readers = Readers::Timer;
            let mut timers = Vec::new();
            for timer in &node.timers {
                let timer = &machine.timers[*timer];
                let TimerKind::After { delay, from } = &timer.kind else { return None };
                let rule = self.rule(planner, leaf, timer.arrow, timer.way)?;
                self.rules.push(rule);
                timers.push(Timer {
                    delay: length(delay.first)?,
                    every: delay.every.map_or(Some(0), length)?,
                    since: matches!(from, TimerStart::Last(_)),
                    rule: self.rules.len() - 1,
                });
            }
            self.leaves.push(Leaf {
                shortest: if is_end(node) {
                    i64::MIN
                } else {
                    timers.iter().map(|timer| timer.delay).min().unwrap_or(i64::MAX)
                },
                always,
                cells,
                is_end: is_end(node),
            });
            self.silences.push(Silence { timers, ..Silence::default() });
        }
        Some(())
    }

    fn cell(&mut self, planner: &mut Planner<'a, '_>, leaf: usize, signal: usize) -> Option<Cell<'a>> {
        let machine = self.machine;
        let (start, end) = machine.cells[leaf * (machine.signals + 1) + signal];
        let candidates = machine.candidates[start..end].iter();
        let rules = candidates.map(|candidate| self.rule(planner, leaf, candidate.arrow, candidate.way));
        Some(Cell::of(rules.collect::<Option<_>>()?))
    }

    fn rule(&mut self, planner: &mut Planner<'a, '_>, leaf: usize, arrow: usize, way: Way) -> Option<Rule<'a>> {
        let known = &self.machine.arrows[arrow];
        let tests = match &known.guard {
            None => [Test::NONE; 2],
            Some(Term::And(parts)) => match parts.as_slice() {
                [one, two] => [self.test(planner, one)?, self.test(planner, two)?],
                _ => return None,
            },
            Some(term) => [self.test(planner, term)?, Test::NONE],
        };
        let (left, entered) = match way {
            Way::Stay => (&[][..], &[][..]),
            Way::Hop(hop) => (&self.machine.hops[hop].left[..], &self.machine.hops[hop].entered[..]),
            Way::Around => return None,
        };
        // An arrow that leaves something and enters nothing leads back to where it came from.
        let outcome = if left.is_empty() { Outcome::Stayed } else { Outcome::Moved };
        let (arrow, leaf) = (small(arrow)?, small(leaf)?);
        let mut rule = Rule { tests, arrow, leaf, outcome, ..Rule::NEVER };
        acts(self.machine, planner, &mut rule, [left, entered], &known.actions)?;
        Some(rule)
    }

    /// What each event does before any arrow is looked for; at last what one does that the catalogue does not know.
    fn preludes(&mut self, planner: &mut Planner<'a, '_>) -> Option<Vec<Prelude<'a>>> {
        let machine = self.machine;
        // Every condition is read before the first counter is kept, or left out because nobody reads it.
        for (event, known) in machine.events.iter().enumerate() {
            planner.readers = Readers::Event(event);
            for rule in &known.rules {
                if let Some(guard) = &rule.guard {
                    self.test(planner, guard)?;
                }
                if let Term::Field(field) = &rule.points {
                    planner.field(*field)?;
                }
            }
        }
        let mut preludes = Vec::new();
        for (event, known) in machine.events.iter().enumerate() {
            let mut prelude = self.loads(planner, event, &known.bound)?;
            let together = &mut prelude.changes;
            if planner.counts[event] != NOBODY {
                together.push(Change::add(planner.counts[event].into(), 1.0)?);
            }
            for rule in &known.rules {
                let test = match &rule.guard {
                    None => Test::NONE,
                    Some(term) => self.test(planner, term)?,
                };
                let change = match &rule.points {
                    Term::Field(field) => {
                        planner.is_number(*field)?;
                        Change { other: planner.field(*field)?, is_other: true, ..Change::add(rule.score, 0.0)? }
                    }
                    points => Change::add(rule.score, constant(points)?)?,
                };
                let change = Change { keeps: rule.change == ScoreChange::Add, ..change };
                planner.is_score(rule.score).then(|| together.push(Change { test, ..change }))?;
            }
            preludes.push(prelude);
        }
        preludes.push(self.loads(planner, machine.event_count(), &[])?);
        for prelude in &mut preludes {
            let Prelude { texts, numbers, changes, .. } = prelude;
            prelude.is_short = texts.is_empty() && numbers.is_empty() && changes.others.is_empty();
        }
        Some(preludes)
    }

    /// The fields that somebody reads, and those that attributes take over, in that order; no changes yet.
    fn loads(&mut self, planner: &Planner<'a, '_>, event: usize, bound: &[(usize, usize)]) -> Option<Prelude<'a>> {
        let mut prelude = Prelude { is_short: false, texts: Vec::new(), numbers: Vec::new(), changes: Changes::NONE };
        for (field, attribute) in bound {
            let Some(column) = planner.columns[*field] else { continue };
            let fits = match (&column.values, &self.machine.attributes[*attribute].kind) {
                (FieldValues::Numbers(_), kind) => matches!(kind, AttributeKind::Number | AttributeKind::Score),
                (FieldValues::Texts { .. }, kind) => *kind == AttributeKind::Text,
            };
            fits.then_some(())?;
            let slot = planner.fields[*field].unwrap_or(THROWN_AWAY);
            self.load(&mut prelude, column, slot, u8::try_from(*attribute).ok()?);
        }
        for field in 0..planner.fields.len() {
            let is_bound = bound.iter().any(|(other, _)| *other == field);
            let (Some(slot), Some(column)) = (planner.fields[field], planner.columns[field]) else { continue };
            if planner.asks[event][field] && !is_bound {
                self.load(&mut prelude, column, slot, THROWN_AWAY);
            }
        }
        Some(prelude)
    }

    fn load(&mut self, prelude: &mut Prelude<'a>, column: &'a FieldColumn, field: u8, attribute: u8) {
        match &column.values {
            FieldValues::Numbers(numbers) => prelude.numbers.push(Load { source: numbers, field, attribute }),
            FieldValues::Texts { words, codes } => {
                let known = words.iter().map(|word| self.word(word));
                let numbers: Vec<f64> = known.chain([f64::NAN]).collect();
                // Most events bring the same column.
                let same =
                    |other: &[f64]| other.iter().map(|one| one.to_bits()).eq(numbers.iter().map(|one| one.to_bits()));
                let start = self.numbers.windows(numbers.len()).position(same).unwrap_or(self.numbers.len());
                if start == self.numbers.len() {
                    self.numbers.extend_from_slice(&numbers);
                }
                let source = Texts { codes, start, unknown: start + words.len() };
                prelude.texts.push(Load { source, field, attribute });
            }
        }
    }

    /// A condition that is a single comparison with a constant.
    fn test(&mut self, planner: &mut Planner<'a, '_>, term: &Term) -> Option<Test> {
        let Term::Compare(comparison, left, right) = term else { return None };
        let Term::Constant(constant) = &**right else { return None };
        let (slot, is_text) = match **left {
            Term::Attribute(slot) => (u8::try_from(slot).ok()?, self.texts[slot]),
            Term::Count(event) => (planner.counter(event)?, false),
            Term::Field(field) => (planner.field(field)?, planner.is_number(field).is_none()),
            _ => return None,
        };
        let yes_no_or_time = matches!(**left, Term::Attribute(slot)
            if matches!(self.machine.attributes[slot].kind, AttributeKind::YesNo | AttributeKind::Time));
        let number = match constant {
            Value::Number(number) if !is_text && !yes_no_or_time => *number,
            Value::Text(text) if is_text && *comparison == Comparison::Equal => self.word(text),
            _ => return None,
        };
        let (low, high) = comparison.range(number)?;
        Some(Test { low, high, slot })
    }

    /// The number that stands for a text.
    pub(super) fn word(&mut self, word: &str) -> f64 {
        let place = self.words.iter().position(|known| known == word).unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        });
        f64::from(u32::try_from(place).unwrap_or(u32::MAX))
    }
}

/// What is done on the way: leaving, by the arrow, entering.
fn acts<'a>(
    machine: &'a Machine,
    planner: &Planner,
    rule: &mut Rule<'a>,
    [left, entered]: [&[usize]; 2],
    own: &'a [Act],
) -> Option<()> {
    let exits = left.iter().flat_map(|node| &machine.nodes[*node].on_exit);
    let entries = entered.iter().flat_map(|node| &machine.nodes[*node].on_entry);
    for act in exits.chain(own).chain(entries) {
        perform(planner, rule, act)?;
    }
    if let ([left], [entered]) = (left, entered) {
        rule.hop = Some((small(*left)?, small(*entered)?));
    } else {
        rule.left.extend_from_slice(left);
        rule.entered.extend_from_slice(entered);
    }
    if let Some(last) = entered.last() {
        rule.leaf = small(*last)?;
        rule.outcome = Outcome::Moved;
        rule.ends = is_end(&machine.nodes[*last]);
    }
    Some(())
}

fn perform<'a>(planner: &Planner, rule: &mut Rule<'a>, act: &'a Act) -> Option<()> {
    let change = match act {
        Act::Send { touchpoint, name, .. } => {
            rule.effects.push(Effect::Sent { touchpoint: *touchpoint, name });
            return Some(());
        }
        Act::Notify { team, text } => {
            rule.effects.push(Effect::Notified { team, text });
            return Some(());
        }
        Act::Convert { point, value: None } => {
            rule.effects.push(Effect::Converted { point, value: None });
            return Some(());
        }
        Act::Convert { point, value: Some(Term::Constant(Value::Number(value))) } => {
            rule.effects.push(Effect::Converted { point, value: Some(*value) });
            return Some(());
        }
        Act::Add { attribute, points: Some(points) } => Change::add(*attribute, constant(points)?)?,
        Act::Set { attribute, value: Some(Term::Extreme(extreme, parts)) } => match parts.as_slice() {
            [Term::Attribute(other), limit] if other == attribute => {
                Change::limit(*attribute, *extreme, constant(limit)?)?
            }
            _ => return None,
        },
        Act::Set { attribute, value: Some(value) } => Change::set(*attribute, constant(value)?)?,
        _ => return None,
    };
    planner.is_score(change.slot.into()).then(|| rule.changes.push(change))
}

struct Planner<'a, 'c> {
    machine: &'a Machine,
    columns: &'c [Option<&'a FieldColumn>],
    /// How many slots have an owner.
    taken: usize,
    counts: Vec<u8>,
    fields: Vec<Option<u8>>,
    /// Whose conditions are being read.
    readers: Readers,
    /// By event and field: whether somebody reads it then.
    asks: Vec<Vec<bool>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    Event(usize),
    Everybody,
    /// Timers see no event.
    Timer,
}

impl Planner<'_, '_> {
    fn room(&mut self) -> Option<u8> {
        self.taken += 1;
        u8::try_from(self.taken - 1).ok().filter(|slot| *slot < THROWN_AWAY)
    }

    fn counter(&mut self, event: usize) -> Option<u8> {
        if self.counts[event] == NOBODY {
            self.counts[event] = self.room()?;
        }
        Some(self.counts[event])
    }

    /// The slot of a field that somebody reads, if the dataset has it.
    fn field(&mut self, field: usize) -> Option<u8> {
        self.columns[field]?;
        if self.fields[field].is_none() {
            self.fields[field] = Some(self.room()?);
        }
        for (event, asks) in self.asks.iter_mut().enumerate() {
            asks[field] |= self.readers == Readers::Everybody || self.readers == Readers::Event(event);
        }
        self.fields[field]
    }

    /// Scores are numbers from the start, so that nothing can fail.
    fn is_score(&self, attribute: usize) -> bool {
        self.machine.attributes[attribute].kind == AttributeKind::Score
    }

    fn is_number(&self, field: usize) -> Option<()> {
        self.columns[field].filter(|column| matches!(column.values, FieldValues::Numbers(_))).map(drop)
    }
}

fn small(place: usize) -> Option<u32> {
    u32::try_from(place).ok()
}

/// Whether a journey is over here.
fn is_end(node: &Node) -> bool {
    node.kind == NodeKind::End && node.parent.is_none()
}

fn constant(term: &Term) -> Option<f64> {
    match term {
        Term::Constant(Value::Number(number)) => Some(*number),
        Term::Negative(inner) => constant(inner).map(|number| -number),
        _ => None,
    }
}

/// In milliseconds, where all days have 24 hours; so short that no sum of them leaves the calendar.
fn length(duration: Duration) -> Option<i64> {
    let months = duration.unit == crate::model::Unit::Month;
    (!months && duration.amount < 1_000_000).then(|| duration.nominal_milliseconds())
}
