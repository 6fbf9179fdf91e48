//! The world: invented contacts and what they do, each number an assumption. Behaviours produce events; the machine reacts
//! to them as it reacts to recorded ones.
//!
//! Every draw has a key of its own: the seed, the contact's id, the key of the behaviour (or the id of what is drawn), an
//! ordinal and a lane. Ordinals are: 0 for the start, the number of the visit, the number of the touchpoint, the number of
//! the period, the number of a candidate (see [`candidates`]). Nothing else goes into a draw, so contacts, states, arrows
//! and behaviours that are added change no draw of those that were there.

mod agenda;
mod alone;
mod candidates;
mod compile;
mod plain;
mod play;
mod population;
mod spread;
mod wait;
mod walk;

pub use agenda::Waits;
pub(super) use plain::{Number, Plain};
pub(super) use play::{Play, Room};

use super::condition::{LuckKey, Term};
use crate::model::{Dataset, Duration, Hours};
use alone::ByHand;
use population::Population;
use spread::Spread;

/// A world that can run beside a machine. Made by [`World::compile`] from the project that the machine was made from.
#[derive(Clone, Debug)]
pub struct World {
    population: Population,
    behaviours: Vec<Behaviour>,
    /// By node: the behaviours that its entry sets off or starts.
    on_entry: Vec<Vec<usize>>,
    /// By touchpoint.
    on_send: Vec<Vec<usize>>,
    /// How many of them come by chance, again and again.
    rates: usize,
    /// Those whom some behaviour needs; while there are none, contacts do not wait for each other.
    teams: Vec<Team>,
    plain: Option<Plain>,
    /// Of nothing is anything recorded.
    nothing: Dataset,
    /// Events that happen besides, because somebody sent them.
    by_hand: ByHand,
    /// If it is about one contact of the population, its place.
    alone: Option<usize>,
}

/// A behaviour with its names looked up. Its place in the list breaks ties between events of one instant.
#[derive(Clone, Debug)]
struct Behaviour {
    /// A hash of its key.
    name: u64,
    when: When,
    /// The node it belongs to.
    node: Option<usize>,
    guard: Option<Term>,
    luck: LuckKey,
    outcomes: Vec<Outcome>,
    delay: Option<Late>,
    cancel_on_leave: bool,
    /// Its place among the teams.
    team: Option<usize>,
}

/// People who do one thing after the other.
#[derive(Clone, Debug)]
struct Team {
    hours: Hours,
    /// How many milliseconds of working time one thing takes; `None` where nobody is there to do it.
    work: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
enum When {
    Start,
    Entered,
    Sent,
    Every(Duration),
    Rate {
        /// In a millisecond.
        rate: f64,
        shape: Option<f64>,
        /// Its place among the rates.
        place: usize,
    },
}

#[derive(Clone, Debug)]
struct Outcome {
    event: usize,
    fields: Vec<(usize, Option<Term>)>,
    chance: Chance,
}

#[derive(Clone, Copy, Debug)]
enum Chance {
    Share(f64),
    Attribute(usize),
}

#[derive(Clone, Copy, Debug)]
struct Late {
    spread: Spread,
    /// Milliseconds of its unit.
    unit: f64,
}

impl World {
    /// What is recorded of a world: nothing but, perhaps, what its events bring.
    pub(super) fn told(&self) -> &Dataset {
        self.plain.as_ref().map_or(&self.nothing, |plain| &plain.told)
    }

    /// If it is of the common kind.
    pub(super) fn plain(&self) -> Option<&Plain> {
        self.plain.as_ref()
    }
}
