//! Chart and dataset → tables of the express, where it can carry them.

use super::{Change, Express, NOBODY, Rule, SLOTS, Source, TIMERS, Test, Timer, What};
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::formula::{Comparison, Extreme};
use crate::model::{AttributeKind, Dataset, Duration, NodeKind, ScoreChange, Value};
use crate::simulation::condition::Term;
use crate::simulation::machine::{Act, Machine, TimerKind, TimerStart, Way};
use crate::simulation::memory::Memory;
use crate::simulation::react::Effect;

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
            && machine.zone().is_utc()
            && dataset.zones.iter().all(String::is_empty)
            && dataset.starts.iter().all(Option::is_none)
            && dataset.attributes.is_empty()
            && !machine.nodes.iter().any(|node| matches!(node.kind, NodeKind::Parallel | NodeKind::Resume));
        if !plain {
            return None;
        }
        let known = events.iter().map(|event| event.unwrap_or(machine.event_count())).collect();
        let mut planner =
            Planner { machine, columns, taken: machine.attributes.len(), counts: Vec::new(), fields: Vec::new() };
        planner.counts = vec![NOBODY; machine.event_count()];
        planner.fields = vec![None; machine.fields.len()];
        let nothing = Rule {
            tests: [Test::NONE; 2],
            changes: (0, 0),
            arrow: usize::MAX,
            leaf: None,
            entered: Vec::new(),
            effects: (0, 0),
        };
        let mut express = Self {
            machine,
            dataset,
            fresh: [f64::NAN; SLOTS],
            sources: Vec::new(),
            words: Vec::new(),
            numbers: Vec::new(),
            texts: machine.attributes.iter().map(|attribute| attribute.kind == AttributeKind::Text).collect(),
            events: known,
            changes: Vec::new(),
            effects: Vec::new(),
            rules: Vec::new(),
            prelude: Vec::new(),
            cells: Vec::new(),
            stride: machine.event_count() + 2,
            shortest: Vec::new(),
            timers: Vec::new(),
            is_end: Vec::new(),
            start: nothing,
        };
        express.fill(&mut planner, fresh)?;
        (planner.taken < NOBODY).then_some(express)
    }

    fn fill(&mut self, planner: &mut Planner<'a, '_>, fresh: &Memory) -> Option<()> {
        let machine = self.machine;
        let slots: Vec<usize> = (0..machine.fields.len()).collect();
        for field in slots {
            let Some(column) = planner.columns[field] else { continue };
            let slot = planner.room()?;
            planner.fields[field] = Some(slot);
            let source = match &column.values {
                FieldValues::Numbers(numbers) => Source::Numbers(numbers),
                FieldValues::Texts { words, codes } => {
                    let numbers = words.iter().map(|word| self.word(word)).collect();
                    self.numbers.push(numbers);
                    Source::Words(codes, self.numbers.len() - 1)
                }
            };
            self.sources.push((slot, source));
        }
        self.leaves(planner)?;
        self.prelude(planner)?;
        self.start = {
            let start = machine.start?;
            let mut rule = Rule { entered: machine.hop_to(start)?, ..self.start.clone() };
            self.acts(planner, &mut rule, &[])?;
            rule
        };
        self.fresh[NOBODY] = 0.0;
        planner.counts.iter().for_each(|slot| self.fresh[*slot] = 0.0);
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
            self.is_end.push(node.kind == NodeKind::End && node.parent.is_none());
            let mut timers = Vec::new();
            for signal in (0..=machine.event_count()).chain([machine.signals]) {
                let (start, end) = machine.cells[leaf * (machine.signals + 1) + signal];
                let first = self.rules.len();
                for candidate in &machine.candidates[start..end] {
                    let rule = self.rule(planner, leaf, candidate.arrow, candidate.way)?;
                    self.rules.push(rule);
                }
                self.cells.push((first, self.rules.len()));
            }
            if !node.timers.is_empty() && (node.silence.is_none() || node.timers.len() > TIMERS) {
                return None;
            }
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
            self.shortest.push(timers.iter().map(|timer| timer.delay).min().unwrap_or(i64::MAX));
            self.timers.push(timers);
        }
        Some(())
    }

    fn rule(&mut self, planner: &mut Planner<'a, '_>, leaf: usize, arrow: usize, way: Way) -> Option<Rule> {
        let known = &self.machine.arrows[arrow];
        let tests = match &known.guard {
            None => [Test::NONE; 2],
            Some(Term::And(parts)) => match parts.as_slice() {
                [one, two] => [self.test(planner, one)?, self.test(planner, two)?],
                _ => return None,
            },
            Some(term) => [self.test(planner, term)?, Test::NONE],
        };
        let (left, entered, moves) = match way {
            Way::Stay => (Vec::new(), Vec::new(), false),
            Way::Hop(hop) => {
                let hop = &self.machine.hops[hop];
                (hop.left.clone(), hop.entered.clone(), true)
            }
            Way::Around => return None,
        };
        let mut rule = Rule { tests, arrow, entered, leaf: moves.then_some(leaf), changes: (0, 0), effects: (0, 0) };
        self.acts(planner, &mut rule, &left)?;
        Some(rule)
    }

    /// What is done on the way: leaving, by the arrow, entering.
    fn acts(&mut self, planner: &mut Planner<'a, '_>, rule: &mut Rule, left: &[usize]) -> Option<()> {
        let machine = self.machine;
        let (changes, effects) = (self.changes.len(), self.effects.len());
        let exits = left.iter().flat_map(|node| &machine.nodes[*node].on_exit);
        let own = machine.arrows.get(rule.arrow).map_or(&[][..], |arrow| &arrow.actions);
        let entries = rule.entered.iter().flat_map(|node| &machine.nodes[*node].on_entry);
        for act in exits.chain(own).chain(entries) {
            self.act(planner, act)?;
        }
        if let Some(last) = rule.entered.last() {
            rule.leaf = Some(*last);
        }
        rule.changes = (changes, self.changes.len());
        rule.effects = (effects, self.effects.len());
        Some(())
    }

    fn act(&mut self, planner: &Planner, act: &'a Act) -> Option<()> {
        let (slot, what) = match act {
            Act::Send { touchpoint, name } => {
                self.effects.push(Effect::Sent { touchpoint: *touchpoint, name });
                return Some(());
            }
            Act::Notify { team, text } => {
                self.effects.push(Effect::Notified { team, text });
                return Some(());
            }
            Act::Convert { point, value: None } => {
                self.effects.push(Effect::Converted { point, value: None });
                return Some(());
            }
            Act::Convert { point, value: Some(Term::Constant(Value::Number(value))) } => {
                self.effects.push(Effect::Converted { point, value: Some(*value) });
                return Some(());
            }
            Act::Add { attribute, points: Some(points) } => (*attribute, What::Add(constant(points)?)),
            Act::Set { attribute, value: Some(Term::Extreme(extreme, parts)) } => match parts.as_slice() {
                [Term::Attribute(other), limit] if other == attribute => {
                    let limit = constant(limit)?;
                    (*attribute, if *extreme == Extreme::Least { What::AtMost(limit) } else { What::AtLeast(limit) })
                }
                _ => return None,
            },
            Act::Set { attribute, value: Some(value) } => (*attribute, What::Set(constant(value)?)),
            _ => return None,
        };
        planner.is_score(slot).then(|| self.changes.push(Change { test: Test::NONE, slot, what }))
    }

    /// What each event changes: attributes that take over its fields, its counter, points.
    fn prelude(&mut self, planner: &mut Planner<'a, '_>) -> Option<()> {
        for (event, known) in self.machine.events.iter().enumerate() {
            let first = self.changes.len();
            for (field, attribute) in &known.bound {
                let Some(column) = planner.columns[*field] else { continue };
                let fits = match (&column.values, &self.machine.attributes[*attribute].kind) {
                    (FieldValues::Numbers(_), kind) => matches!(kind, AttributeKind::Number | AttributeKind::Score),
                    (FieldValues::Texts { .. }, kind) => *kind == AttributeKind::Text,
                };
                let what = What::Copy(planner.fields[*field]?);
                fits.then(|| self.changes.push(Change { test: Test::NONE, slot: *attribute, what }))?;
            }
            let counter = self.changes.len();
            self.changes.push(Change { test: Test::NONE, slot: NOBODY, what: What::Add(1.0) });
            for rule in &known.rules {
                let test = match &rule.guard {
                    None => Test::NONE,
                    Some(term) => self.test(planner, term)?,
                };
                let what = match (&rule.points, rule.change) {
                    (Term::Field(field), ScoreChange::Add) => {
                        planner.is_number(*field)?;
                        What::AddSlot(planner.fields[*field]?)
                    }
                    (points, ScoreChange::Add) => What::Add(constant(points)?),
                    (points, ScoreChange::Set) => What::Set(constant(points)?),
                };
                planner.is_score(rule.score).then(|| self.changes.push(Change { test, slot: rule.score, what }))?;
            }
            // Counters that nobody reads are not kept.
            match planner.counts[event] {
                NOBODY => drop(self.changes.remove(counter)),
                slot => self.changes[counter].slot = slot,
            }
            self.prelude.push((first, self.changes.len()));
        }
        self.prelude.push((0, 0));
        Some(())
    }

    /// A condition that is a single comparison with a constant.
    fn test(&mut self, planner: &mut Planner<'a, '_>, term: &Term) -> Option<Test> {
        let Term::Compare(comparison, left, right) = term else { return None };
        let Term::Constant(constant) = &**right else { return None };
        let (slot, is_text) = match **left {
            Term::Attribute(slot) => (slot, self.texts[slot]),
            Term::Count(event) => (planner.counter(event)?, false),
            Term::Field(field) => (planner.fields[field]?, planner.is_number(field).is_none()),
            _ => return None,
        };
        let yes_no_or_time = matches!(**left, Term::Attribute(slot)
            if matches!(self.machine.attributes[slot].kind, AttributeKind::YesNo | AttributeKind::Time));
        let number = match constant {
            Value::Number(number) if !is_text && !yes_no_or_time => *number,
            Value::Text(text) if is_text && *comparison == Comparison::Equal => self.word(text),
            _ => return None,
        };
        let (low, high) = match comparison {
            Comparison::Equal => (number, number),
            Comparison::AtLeast => (number, f64::INFINITY),
            Comparison::AtMost => (f64::NEG_INFINITY, number),
            Comparison::Greater => (number.next_up(), f64::INFINITY),
            Comparison::Less => (f64::NEG_INFINITY, number.next_down()),
            Comparison::NotEqual => return None,
        };
        Some(Test { slot, low, high })
    }

    /// The number that stands for a text.
    fn word(&mut self, word: &str) -> f64 {
        let place = self.words.iter().position(|known| known == word).unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        });
        f64::from(u32::try_from(place).unwrap_or(u32::MAX))
    }
}

struct Planner<'a, 'c> {
    machine: &'a Machine,
    columns: &'c [Option<&'a FieldColumn>],
    /// How many slots have an owner.
    taken: usize,
    counts: Vec<usize>,
    fields: Vec<Option<usize>>,
}

impl Planner<'_, '_> {
    fn room(&mut self) -> Option<usize> {
        self.taken += 1;
        (self.taken < NOBODY).then_some(self.taken - 1)
    }

    fn counter(&mut self, event: usize) -> Option<usize> {
        if self.counts[event] == NOBODY {
            self.counts[event] = self.room()?;
        }
        Some(self.counts[event])
    }

    /// Scores are numbers from the start, so that nothing can fail.
    fn is_score(&self, attribute: usize) -> bool {
        self.machine.attributes[attribute].kind == AttributeKind::Score
    }

    fn is_number(&self, field: usize) -> Option<()> {
        self.columns[field].filter(|column| matches!(column.values, FieldValues::Numbers(_))).map(drop)
    }
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
