//! What can be worked out once for worlds of the common kind: everything comes at a rate, at once, to everybody alike. What
//! an event brings is then known beforehand, as if it were recorded, a row for each outcome.

use super::candidates::{Candidates, Cells};
use super::population::{Attribute, Draw, one_of};
use super::spread::Spread;
use super::{Chance, When, World};
use crate::model::dataset::{FieldColumn, FieldValues};
use crate::model::{Dataset, EventId, Time, Value};
use crate::simulation::condition::Term;
use crate::simulation::luck::{ContactKey, Fortune, Lane};
use crate::simulation::machine::Machine;

#[derive(Clone, Debug)]
pub(in crate::simulation) struct Plain {
    rates: Vec<Rate>,
    /// By node: what can happen to a contact that rests there.
    by_leaf: Vec<Vec<usize>>,
    /// By outcome.
    pub(in crate::simulation) events: Vec<EventId>,
    /// What outcomes bring, a row for each.
    pub(in crate::simulation) told: Dataset,
}

#[derive(Clone, Debug)]
struct Rate {
    name: u64,
    cells: Cells,
    /// Its first outcome.
    first: usize,
    /// Below which draw each of its outcomes happens, as [`threshold`] has it, and after them nothing.
    below: Vec<u64>,
    /// For each of so many parts of all draws, the first outcome that it can be.
    guide: [u8; GUIDE],
}

/// Parts into which draws are cut, so that most of them say at once what happens.
const GUIDE: usize = 256;

/// How many of the numbers that [`unit`] makes of bits lie below this one. So it is the same to compare the first of their
/// bits with it, and quicker.
///
/// [`unit`]: crate::simulation::luck::unit
fn threshold(below: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the conversion saturates")]
    let threshold = libm::ceil(below * 4_503_599_627_370_496.0 - 0.5) as u64;
    threshold
}

impl Rate {
    /// The outcome that bits fall to; `None` is nothing.
    #[inline]
    fn outcome(&self, bits: u64) -> Option<usize> {
        let mut outcome = usize::from(self.guide[(bits >> 56) as usize % GUIDE]);
        while bits >> 12 >= self.below[outcome] {
            outcome += 1;
        }
        (outcome + 1 < self.below.len()).then_some(self.first + outcome)
    }
}

/// The rates of one contact.
#[derive(Clone, Debug, Default)]
pub(in crate::simulation) struct Rates(Vec<Awaited>);

/// What a rate brings to one contact.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct Awaited {
    candidates: Candidates,
    /// What comes of the next one. Looked up beforehand, while other things happen.
    outcome: Option<usize>,
}

impl Awaited {
    /// When the next one comes that does not come before `from`.
    #[inline]
    fn next(&mut self, rate: &Rate, from: Time) -> Time {
        if self.candidates.time() < from {
            self.candidates.seek(from);
            self.outcome = rate.outcome(self.candidates.outcome());
        }
        self.candidates.time()
    }

    #[inline]
    fn take(&mut self, rate: &Rate) {
        self.candidates.take();
        self.outcome = rate.outcome(self.candidates.outcome());
    }
}

impl World {
    /// `None` where something asks for more.
    pub(super) fn to_plain(&self, machine: &Machine) -> Option<Plain> {
        let population = &self.population;
        if !population.zones.is_empty() || !population.prior.is_empty() {
            return None;
        }
        let mut plain = Plain { rates: Vec::new(), by_leaf: Vec::new(), events: Vec::new(), told: Dataset::default() };
        plain.told.first.push(0);
        let mut rows: Vec<Vec<(usize, Value)>> = Vec::new();
        for behaviour in &self.behaviours {
            let is_plain = behaviour.guard.is_none() && behaviour.delay.is_none() && behaviour.team.is_none();
            let When::Rate { rate, shape: None, .. } = behaviour.when else { return None };
            if !is_plain {
                return None;
            }
            let first = plain.events.len();
            let mut total = 0.0;
            let mut below = Vec::new();
            for outcome in &behaviour.outcomes {
                let Chance::Share(share) = outcome.chance else { return None };
                total += share;
                below.push(threshold(total));
                plain.events.push(machine.events[outcome.event].id);
                let constant = |(slot, term): &(usize, Option<Term>)| match term {
                    Some(Term::Constant(value @ (Value::Number(_) | Value::Text(_)))) => Some((*slot, value.clone())),
                    _ => None,
                };
                rows.push(outcome.fields.iter().map(constant).collect::<Option<_>>()?);
            }
            below.push(u64::MAX);
            u8::try_from(below.len()).ok()?;
            let guide = std::array::from_fn(|part| {
                let first = (part as u64) << 44;
                u8::try_from(below.iter().take_while(|below| first >= **below).count()).unwrap_or(0)
            });
            plain.rates.push(Rate { name: behaviour.name, cells: Cells::of(rate), first, below, guide });
        }
        u16::try_from(rows.len()).ok()?;
        plain.told.fields = columns(machine, &rows);
        let concerns = |leaf: usize, place: &usize| machine.is_within(leaf, self.behaviours[*place].node);
        plain.by_leaf = (0..machine.node_count())
            .map(|leaf| (0..self.behaviours.len()).filter(|place| concerns(leaf, place)).collect())
            .collect();
        Some(plain)
    }
}

/// A column for each field that some outcome brings.
fn columns(machine: &Machine, rows: &[Vec<(usize, Value)>]) -> Vec<FieldColumn> {
    let value =
        |row: &[(usize, Value)], slot: usize| row.iter().find(|(own, _)| *own == slot).map(|(_, value)| value.clone());
    let mut columns = Vec::new();
    for (slot, name) in machine.fields.iter().enumerate() {
        let values: Vec<Option<Value>> = rows.iter().map(|row| value(row, slot)).collect();
        let values = if values.iter().all(Option::is_none) {
            continue;
        } else if values.iter().all(|value| matches!(value, None | Some(Value::Number(_)))) {
            let number = |value| match value {
                Some(Value::Number(number)) => number,
                _ => f64::NAN,
            };
            FieldValues::Numbers(values.into_iter().map(number).collect())
        } else {
            let mut words: Vec<String> = Vec::new();
            let mut code = |value: Option<Value>| {
                let word = value.map(|value| value.to_string())?;
                let place = words.iter().position(|known| *known == word).unwrap_or(words.len());
                if place == words.len() {
                    words.push(word);
                }
                u32::try_from(place).ok()
            };
            let codes = values.into_iter().map(|value| code(value).unwrap_or(u32::MAX)).collect();
            FieldValues::Texts { words, codes }
        };
        columns.push(FieldColumn { name: name.clone(), values });
    }
    columns
}

impl Plain {
    pub(super) fn rates(&self) -> Rates {
        let awaited = |rate: &Rate| Awaited { candidates: Candidates::new(rate.cells), outcome: None };
        Rates(self.rates.iter().map(awaited).collect())
    }

    pub(in crate::simulation) fn begin(&self, rates: &mut Rates, fortune: Fortune, start: Time, until: Time) {
        for (awaited, rate) in rates.0.iter_mut().zip(&self.rates) {
            awaited.candidates.begin(fortune.named(rate.name), start, until);
        }
    }

    /// The next outcome for a contact that rests in `leaf` since `from` or longer, when that is, and by which rate.
    #[inline]
    pub(in crate::simulation) fn next(
        &self,
        rates: &mut Rates,
        leaf: usize,
        from: Time,
        until: Time,
    ) -> Option<(Time, usize, usize)> {
        if let [place] = self.by_leaf[leaf][..] {
            let awaited = &mut rates.0[place];
            let time = awaited.next(&self.rates[place], from);
            if time > until {
                return None;
            }
            if let Some(outcome) = awaited.outcome {
                return Some((time, place, outcome));
            }
        }
        self.first(rates, leaf, from, until)
    }

    /// The same where several rates meet, or where nothing may come of a candidate.
    #[inline(never)]
    fn first(&self, rates: &mut Rates, leaf: usize, from: Time, until: Time) -> Option<(Time, usize, usize)> {
        loop {
            let times =
                self.by_leaf[leaf].iter().map(|place| (rates.0[*place].next(&self.rates[*place], from), *place));
            // Of those that come at the same time, the first one.
            let (time, place) = times.min_by_key(|(time, _)| *time).filter(|(time, _)| *time <= until)?;
            if let Some(outcome) = rates.0[place].outcome {
                return Some((time, place, outcome));
            }
            self.take(rates, place);
        }
    }

    /// What [`Self::next`] told of has happened.
    #[inline]
    pub(in crate::simulation) fn take(&self, rates: &mut Rates, place: usize) {
        rates.0[place].take(&self.rates[place]);
    }
}

/// An attribute that is drawn as a number, by its slot.
#[derive(Clone, Debug)]
pub(in crate::simulation) struct Number {
    pub(in crate::simulation) slot: usize,
    name: u64,
    draw: NumberDraw,
}

#[derive(Clone, Debug)]
enum NumberDraw {
    Mix(Vec<(f64, f64)>),
    Spread(Spread),
}

impl World {
    /// How attributes are drawn, if `number` knows a number for each of their values.
    pub(in crate::simulation) fn numbers(&self, mut number: impl FnMut(&Value) -> Option<f64>) -> Option<Vec<Number>> {
        let mut drawn = |attribute: &Attribute| {
            let draw = match &attribute.draw {
                Draw::Spread(spread) => NumberDraw::Spread(*spread),
                Draw::Mix(shares) => {
                    let share = |(value, share): &(Value, f64)| Some((number(value)?, *share));
                    NumberDraw::Mix(shares.iter().map(share).collect::<Option<_>>()?)
                }
            };
            Some(Number { slot: attribute.slot, name: attribute.stream_name(), draw })
        };
        self.population.attributes.iter().map(&mut drawn).collect()
    }

    /// Id and start of a contact.
    pub(in crate::simulation) fn starts(&self, contact: usize, seed: u64) -> (ContactKey, Time) {
        let person = self.population.person(contact, seed);
        (person.key, person.start)
    }
}

impl Number {
    /// What is unknown is no number.
    pub(in crate::simulation) fn draw(&self, fortune: Fortune) -> f64 {
        let stream = fortune.named(self.name);
        match &self.draw {
            NumberDraw::Mix(shares) => one_of(shares, stream.uniform(0, Lane::Outcome)).copied().unwrap_or(f64::NAN),
            NumberDraw::Spread(spread) => spread.draw(&mut stream.draws(0, Lane::Amount)),
        }
    }
}
