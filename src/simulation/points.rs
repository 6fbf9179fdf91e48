//! Points that are capped, and scores that decay.

use std::collections::VecDeque;

use super::memory::Memory;
use crate::model::{Duration, Time, Unit, Value};

const DAY: i64 = 86_400_000;

/// How many milliseconds to keep what happened, so that all of a window is there; rather a day too many than a
/// millisecond too few.
pub(super) fn kept_for(window: Duration) -> i64 {
    let longest = match window.unit {
        Unit::Month => i64::from(window.amount) * 31 * DAY,
        _ => window.nominal_milliseconds(),
    };
    longest + DAY
}

/// The cap of a score rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cap {
    pub(super) points: f64,
    pub(super) within: Option<Duration>,
    /// Which of the capped rules it is.
    pub(super) place: usize,
}

/// By how much one capped rule changed the score of one contact.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    /// Each change that a window can still hold, with its time, oldest first.
    recent: VecDeque<(Time, f64)>,
    /// All that was given up and down, where the cap knows no window.
    up: f64,
    down: f64,
}

impl Given {
    pub(super) fn clear(&mut self) {
        self.recent.clear();
        (self.up, self.down) = (0.0, 0.0);
    }

    /// How much was given in the direction of `change`.
    fn towards(&self, change: f64, since: Option<Time>) -> f64 {
        let Some(since) = since else { return if change > 0.0 { self.up } else { self.down } };
        let inside = self.recent.iter().filter(|(time, given)| *time > since && (*given > 0.0) == (change > 0.0));
        inside.map(|(_, given)| given.abs()).sum()
    }
}

impl Cap {
    /// The part of `change` that may still be given now, noted as given.
    pub(super) fn grant(&self, change: f64, memory: &mut Memory) -> f64 {
        let Memory { given, now, zone, .. } = memory;
        let given = &mut given[self.place];
        let since = self.within.map(|within| now.minus(within, zone));
        let room = (self.points - given.towards(change, since)).max(0.0);
        let granted = change.clamp(-room, room);
        match self.within {
            _ if granted == 0.0 => {}
            Some(within) => {
                let longest = kept_for(within);
                while given.recent.front().is_some_and(|(time, _)| time.0 < now.0 - longest) {
                    given.recent.pop_front();
                }
                given.recent.push_back((*now, granted));
            }
            None => *if granted > 0.0 { &mut given.up } else { &mut given.down } += granted.abs(),
        }
        granted
    }
}

/// A score that decays, and what it held when it was last changed: it is worked out from there, so that nothing depends on
/// how often somebody looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decaying {
    slot: usize,
    /// In milliseconds.
    half_life: f64,
    value: f64,
    since: Time,
    /// What it has become by now; if it holds something else, it was changed at this instant.
    shown: f64,
}

impl Decaying {
    pub(super) fn new(slot: usize, half_life: Duration) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
        let half_life = half_life.nominal_milliseconds() as f64;
        Self { slot, half_life, value: f64::NAN, since: Time::MIN, shown: f64::NAN }
    }
}

impl Memory {
    /// Moves the contact's clock; scores that decay do so.
    pub(super) fn advance(&mut self, to: Time) {
        for score in &mut self.decaying {
            let Value::Number(held) = &mut self.values[score.slot] else {
                score.shown = f64::NAN;
                continue;
            };
            if held.to_bits() != score.shown.to_bits() {
                // What was known before the first instant begins to decay there.
                let since = if self.now == Time::MIN { to } else { self.now };
                (score.value, score.since) = (*held, since);
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
            let elapsed = (to.0 - score.since.0) as f64;
            score.shown = score.value * libm::exp2(-elapsed / score.half_life);
            *held = score.shown;
        }
        self.now = to;
    }
}
