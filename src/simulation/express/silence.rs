//! What happens while no event comes. Timers are never armed: from the last event on, all that they do is known, but for
//! conditions and `always` arrows.

use super::table::{Link, SLOTS, Timer};
use super::{Express, Traveller};
use crate::model::Time;
use crate::simulation::observer::{By, Observer, Occasion};
use crate::simulation::react::Outcome;

/// Timers of one state.
pub(super) const TIMERS: usize = 8;
/// So many links of a chain are worked out.
const LINKS: usize = 64;

/// The timers of a state that was entered, and when each is due next.
struct Armed<'t> {
    timers: &'t [Timer],
    /// When, what was armed earlier, when it was due first, how often it has come.
    due: [(i64, u32, i64, i64); TIMERS],
    order: u32,
}

impl<'t> Armed<'t> {
    fn at(timers: &'t [Timer], now: i64, last: i64) -> Self {
        let mut due = [(i64::MAX, 0, 0, 0); TIMERS];
        for ((armed, timer), order) in due.iter_mut().zip(timers).zip(0..) {
            let from = if timer.since { last } else { now };
            let first = (from + timer.delay).max(now);
            *armed = (first, order, first, 0);
        }
        Self { timers, due, order: u32::try_from(TIMERS).unwrap_or(0) }
    }

    /// When the next one is due up to and including `until`, and its place.
    fn next(&self, until: i64) -> Option<(i64, usize)> {
        let due = self.due.iter().take(self.timers.len()).enumerate();
        let (place, armed) = due.min_by_key(|(_, armed)| (armed.0, armed.1))?;
        (armed.0 <= until && armed.0 < i64::MAX).then_some((armed.0, place))
    }

    /// It was due and waits for the next time, if there is one.
    fn spend(&mut self, place: usize, now: i64) -> usize {
        self.order += 1;
        let (timer, (_, _, first, count)) = (&self.timers[place], self.due[place]);
        let next = first + timer.every * (count + 1);
        self.due[place] = (if next > now { next } else { i64::MAX }, self.order, first, count + 1);
        timer.rule
    }
}

impl Express<'_> {
    /// Everything that is due up to and including `until` while no event comes. Nothing has happened since the last event,
    /// so all timers of the state are still armed.
    pub(super) fn silence(&self, on: &mut Traveller, last: i64, until: i64, observer: &mut impl Observer) {
        // Timers see no event.
        self.fields.iter().for_each(|slot| on.row[usize::from(*slot) % SLOTS] = f64::NAN);
        let silence = &self.silences[on.leaf];
        for link in &silence.chain {
            let time = last + link.after;
            if time > until {
                return;
            }
            let rule = &self.rules[link.rule];
            let by = By::Timer(rule.arrow as usize);
            if !on.advance(time) {
                observer.failed();
                observer.line(by, Time(on.now), Outcome::Halted);
                return;
            }
            if observer.wants_occasion() {
                observer.occasion(&Occasion::bare(by));
            }
            on.take(rule, observer);
            let is_elsewhere = self.settle(on, observer);
            observer.line(by, Time(on.now), if is_elsewhere { Outcome::Moved } else { rule.outcome });
            if on.ended {
                return;
            }
            if is_elsewhere {
                self.timers(on, last, until, observer);
                return;
            }
        }
        if !silence.is_whole {
            self.timers(on, last, until, observer);
        }
    }

    /// The same for a contact that has just entered its state.
    fn timers(&self, on: &mut Traveller, last: i64, until: i64, observer: &mut impl Observer) {
        while self.wait(on, (last, false), until, observer) && !on.ended && !on.halted {}
    }

    /// What is due up to and including `until`, but only until the contact is elsewhere or was stopped, and whether it is.
    /// It has just entered its state, or an event has just happened; before the first one, nothing counts from the last.
    #[inline]
    pub(super) fn wait(
        &self,
        on: &mut Traveller,
        (last, is_first): (i64, bool),
        until: i64,
        observer: &mut impl Observer,
    ) -> bool {
        let is_due = until - last >= self.leaves[on.leaf].shortest;
        is_due && self.wait_long(on, (last, is_first), until, observer)
    }

    #[inline(never)]
    fn wait_long(
        &self,
        on: &mut Traveller,
        (last, is_first): (i64, bool),
        until: i64,
        observer: &mut impl Observer,
    ) -> bool {
        // Timers see no event.
        self.fields.iter().for_each(|slot| on.row[usize::from(*slot) % SLOTS] = f64::NAN);
        let last = if is_first { i64::MAX / 2 } else { last };
        let mut armed = Armed::at(&self.silences[on.leaf].timers, on.now, last);
        while let Some((time, place)) = armed.next(until) {
            let rule = &self.rules[armed.timers[place].rule];
            let by = By::Timer(rule.arrow as usize);
            if !on.advance(time) {
                observer.failed();
                observer.line(by, Time(on.now), Outcome::Halted);
                return true;
            }
            armed.spend(place, on.now);
            let holds = rule.holds(&on.row);
            if observer.wants_occasion() {
                observer.occasion(&Occasion::bare(by));
            }
            if holds {
                on.take(rule, observer);
            }
            let is_elsewhere = self.settle(on, observer);
            let own = if holds { rule.outcome } else { Outcome::Refused };
            observer.line(by, Time(on.now), if is_elsewhere { Outcome::Moved } else { own });
            if is_elsewhere || (holds && rule.moves()) {
                return true;
            }
        }
        false
    }

    /// What silence does in a state, as far as that depends on nothing else; and whether nothing is due after it. What is
    /// left out begins where a state is entered.
    pub(super) fn chain(&self, start: usize) -> (Vec<Link>, bool) {
        let (mut links, mut leaf, mut now) = (Vec::new(), start, 0);
        loop {
            let entered_after = links.len();
            if self.leaves[leaf].is_end {
                return (links, true);
            }
            let mut armed = Armed::at(&self.silences[leaf].timers, now, 0);
            leaf = loop {
                let Some((time, place)) = armed.next(i64::MAX) else { return (links, true) };
                now = now.max(time);
                let rule = armed.spend(place, now);
                let known = &self.rules[rule];
                if links.len() == LINKS || !known.asks_nothing() {
                    links.truncate(entered_after);
                    return (links, false);
                }
                links.push(Link { after: time, rule });
                if known.moves() {
                    break known.leaf as usize;
                }
            };
        }
    }
}
