//! Chart and dataset → tables of the express, where it can carry them.

use super::{Change, Changes, Express, NOBODY, Rule, SLOTS, Source, TIMERS, Test, Timer, What};
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
        let known = events.iter().map(|event| event.unwrap_or(machine.event_count())).collect();
        let mut planner =
            Planner { machine, columns, taken: machine.attributes.len(), counts: Vec::new(), fields: Vec::new() };
        planner.counts = vec![NOBODY; machine.event_count()];
        planner.fields = vec![None; machine.fields.len()];
        let nothing = Rule {
            tests: [Test::NONE; 2],
            changes: Changes::NONE,
            arrow: None,
            leaf: None,
            entered: (0, 0),
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
            entered: Vec::new(),
            effects: Vec::new(),
            rules: Vec::new(),
            prelude: Vec::new(),
            bound: Vec::new(),
            cells: Vec::new(),
            stride: machine.event_count() + 2,
            shortest: Vec::new(),
            timers: Vec::new(),
            is_end: Vec::new(),
            start: nothing,
        };
        express.fill(&mut planner, fresh)?;
        (planner.taken < usize::from(NOBODY)).then_some(express)
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
            self.sources.push((slot.into(), source));
        }
        self.leaves(planner)?;
        self.prelude(planner)?;
        self.start = {
            let start = machine.start?;
            let mut rule = self.start;
            self.acts(planner, &mut rule, &[], &machine.hop_to(start)?)?;
            rule
        };
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
            self.is_end.push(node.kind == NodeKind::End && node.parent.is_none());
            let mut timers = Vec::new();
            for signal in (0..=machine.event_count()).chain([machine.signals]) {
                let (start, end) = machine.cells[leaf * (machine.signals + 1) + signal];
                let first = self.rules.len();
                for candidate in &machine.candidates[start..end] {
                    let rule = self.rule(planner, leaf, candidate.arrow, candidate.way)?;
                    self.rules.push(rule);
                }
                self.cells.push((small(first)?, small(self.rules.len())?));
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
        let (left, entered) = match way {
            Way::Stay => (&[][..], &[][..]),
            Way::Hop(hop) => (&self.machine.hops[hop].left[..], &self.machine.hops[hop].entered[..]),
            Way::Around => return None,
        };
        // An arrow that leaves something and enters nothing leads back to where it came from.
        let leaf = if left.is_empty() { None } else { Some(small(leaf)?) };
        let arrow = Some(small(arrow)?);
        let mut rule = Rule { tests, arrow, leaf, entered: (0, 0), changes: Changes::NONE, effects: (0, 0) };
        self.acts(planner, &mut rule, left, entered)?;
        Some(rule)
    }

    /// What is done on the way: leaving, by the arrow, entering.
    fn acts(
        &mut self,
        planner: &mut Planner<'a, '_>,
        rule: &mut Rule,
        left: &[usize],
        entered: &[usize],
    ) -> Option<()> {
        let machine = self.machine;
        let (mut changes, effects, nodes) = (self.open()?, self.effects.len(), self.entered.len());
        let exits = left.iter().flat_map(|node| &machine.nodes[*node].on_exit);
        let own = rule.arrow.map_or(&[][..], |arrow| &machine.arrows[arrow as usize].actions);
        let entries = entered.iter().flat_map(|node| &machine.nodes[*node].on_entry);
        for act in exits.chain(own).chain(entries) {
            self.act(planner, &mut changes, act)?;
        }
        self.entered.extend_from_slice(entered);
        if let Some(last) = entered.last() {
            rule.leaf = Some(small(*last)?);
        }
        rule.changes = changes;
        rule.effects = (small(effects)?, small(self.effects.len())?);
        rule.entered = (small(nodes)?, small(self.entered.len())?);
        Some(())
    }

    fn act(&mut self, planner: &Planner, together: &mut Changes, act: &'a Act) -> Option<()> {
        let (slot, what, number) = match act {
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
            Act::Add { attribute, points: Some(points) } => (*attribute, What::Add, constant(points)?),
            Act::Set { attribute, value: Some(Term::Extreme(extreme, parts)) } => match parts.as_slice() {
                [Term::Attribute(other), limit] if other == attribute => {
                    let what = if *extreme == Extreme::Least { What::AtMost } else { What::AtLeast };
                    (*attribute, what, constant(limit)?)
                }
                _ => return None,
            },
            Act::Set { attribute, value: Some(value) } => (*attribute, What::Set, constant(value)?),
            _ => return None,
        };
        planner.is_score(slot).then_some(())?;
        self.push(together, Change::by(number, what, slot)?);
        Some(())
    }

    /// No changes yet that are made together.
    fn open(&self) -> Option<Changes> {
        let here = small(self.changes.len())?;
        Some(Changes { others: (here, here), ..Changes::NONE })
    }

    /// Sums may come first only as long as nothing else has come.
    fn push(&mut self, together: &mut Changes, change: Change) {
        let is_sum = change.what == What::Add && !change.is_other && change.test.slot == NOBODY;
        let free = together.sums.iter_mut().find(|(slot, _)| *slot == NOBODY);
        if let Some(sum) = free.filter(|_| is_sum && together.others.0 == together.others.1) {
            *sum = (change.slot, change.number);
        } else {
            self.changes.push(change);
            together.others.1 += 1;
        }
    }

    /// What each event changes: attributes that take over its fields, its counter, points.
    fn prelude(&mut self, planner: &mut Planner<'a, '_>) -> Option<()> {
        let machine = self.machine;
        // Every condition is read before the first counter is kept, or left out because nobody reads it.
        let guards = machine.events.iter().flat_map(|event| &event.rules).filter_map(|rule| rule.guard.as_ref());
        guards.map(|guard| self.test(planner, guard)).collect::<Option<Vec<_>>>()?;
        for (event, known) in machine.events.iter().enumerate() {
            let mut bound = Vec::new();
            for (field, attribute) in &known.bound {
                let Some(column) = planner.columns[*field] else { continue };
                let fits = match (&column.values, &machine.attributes[*attribute].kind) {
                    (FieldValues::Numbers(_), kind) => matches!(kind, AttributeKind::Number | AttributeKind::Score),
                    (FieldValues::Texts { .. }, kind) => *kind == AttributeKind::Text,
                };
                fits.then_some(())?;
                bound.push((planner.fields[*field]?, u8::try_from(*attribute).ok()?));
            }
            self.bound.push(bound);
            let mut together = self.open()?;
            if planner.counts[event] != NOBODY {
                self.push(&mut together, Change::by(1.0, What::Add, planner.counts[event].into())?);
            }
            for rule in &known.rules {
                let test = match &rule.guard {
                    None => Test::NONE,
                    Some(term) => self.test(planner, term)?,
                };
                let what = if rule.change == ScoreChange::Add { What::Add } else { What::Set };
                let change = match &rule.points {
                    Term::Field(field) => {
                        planner.is_number(*field)?;
                        Change::by_slot(planner.fields[*field]?, what, rule.score)?
                    }
                    points => Change::by(constant(points)?, what, rule.score)?,
                };
                planner.is_score(rule.score).then(|| self.push(&mut together, Change { test, ..change }))?;
            }
            self.prelude.push(together);
        }
        // For events that the catalogue does not know.
        self.prelude.push(Changes::NONE);
        self.bound.push(Vec::new());
        Some(())
    }

    /// A condition that is a single comparison with a constant.
    fn test(&mut self, planner: &mut Planner<'a, '_>, term: &Term) -> Option<Test> {
        let Term::Compare(comparison, left, right) = term else { return None };
        let Term::Constant(constant) = &**right else { return None };
        let (slot, is_text) = match **left {
            Term::Attribute(slot) => (u8::try_from(slot).ok()?, self.texts[slot]),
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
        let (low, high) = comparison.range(number)?;
        Some(Test { low, high, slot })
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

impl Change {
    fn by(number: f64, what: What, slot: usize) -> Option<Self> {
        let slot = u8::try_from(slot).ok()?;
        Some(Self { test: Test::NONE, number, slot, other: NOBODY, is_other: false, what })
    }

    fn by_slot(other: u8, what: What, slot: usize) -> Option<Self> {
        Some(Self { other, is_other: true, ..Self::by(0.0, what, slot)? })
    }
}

struct Planner<'a, 'c> {
    machine: &'a Machine,
    columns: &'c [Option<&'a FieldColumn>],
    /// How many slots have an owner.
    taken: usize,
    counts: Vec<u8>,
    fields: Vec<Option<u8>>,
}

impl Planner<'_, '_> {
    fn room(&mut self) -> Option<u8> {
        self.taken += 1;
        u8::try_from(self.taken - 1).ok().filter(|slot| *slot < NOBODY)
    }

    fn counter(&mut self, event: usize) -> Option<u8> {
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

fn small(place: usize) -> Option<u32> {
    u32::try_from(place).ok()
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
