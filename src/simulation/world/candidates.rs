//! When something happens by chance, so many times a day on average: a Poisson process, laid out from the start of the
//! journey whether or not anybody looks, and thinned by node and condition.
//!
//! The time since the start is cut into cells. A cell is as long as the power of two of hours that lies nearest to the mean
//! time between two candidates, so that a rate that changes a little keeps its cells. Cell `c` holds a number of candidates
//! that is drawn under `c`; the `i`-th of them comes at a moment that is drawn under `c` and `i`. That pair, `(c, i)`, is
//! the number of the candidate. So a cell can be looked at without those before it, and a node that was entered late costs
//! nothing for the time before.

use super::spread::poisson;
use crate::model::Time;
use crate::simulation::luck::{Lane, Stream, unit};

/// An hour is so many times 2^7 milliseconds.
const HOUR: u64 = 28_125;
const HOUR_BITS: i32 = 7;
/// Bits behind the point where moments are counted in fractions of a millisecond.
const FRACTION: u32 = 20;
/// Bits of an ordinal for the place in a cell, which holds one or two candidates as a rule.
const PLACE_BITS: u32 = 16;

/// How time is cut for one rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cells {
    /// A cell is an hour times two to this power.
    exponent: i32,
    /// In fractions of a millisecond.
    length: u64,
    /// How many candidates a cell holds on average.
    mean: f64,
    /// The shares of cells that hold at most none, one, two …, of all 64 bits; few hold more than five.
    at_most: [u64; 6],
}

impl Cells {
    /// `rate` is in a millisecond.
    pub(super) fn of(rate: f64) -> Self {
        let hours = 1.0 / (rate * 3_600_000.0);
        // 2^20 hours are more than a century, and 2^-27 hours a few hundredths of a millisecond.
        #[expect(clippy::cast_possible_truncation, reason = "a small number")]
        let exponent = if hours.is_finite() { libm::round(libm::log2(hours)).clamp(-27.0, 20.0) as i32 } else { 20 };
        let mean = rate * 3_600_000.0 * libm::exp2(f64::from(exponent));
        let (mut share, mut below) = (libm::exp(-mean), 0.0);
        let at_most = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(|next| {
            below += share;
            share *= mean / next;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the conversion saturates")]
            let bits = (below * 18_446_744_073_709_551_616.0) as u64;
            bits
        });
        Self { exponent, length: HOUR << (exponent + HOUR_BITS + FRACTION.cast_signed()), mean, at_most }
    }

    /// How many candidates a cell holds for which these bits were drawn.
    #[inline]
    fn count(&self, bits: u64) -> u32 {
        // Without a branch that nobody could guess.
        let count = self.at_most.iter().map(|at_most| u32::from(bits > *at_most)).sum();
        if count < 6 { count } else { self.large_count(bits) }
    }

    #[cold]
    #[inline(never)]
    fn large_count(&self, bits: u64) -> u32 {
        poisson(self.mean, unit(bits))
    }

    /// The cell that holds the moment so many milliseconds after the start.
    #[inline]
    fn at(&self, milliseconds: u64) -> u64 {
        let bits = self.exponent + HOUR_BITS;
        (if bits < 0 { milliseconds.saturating_mul(1 << bits.unsigned_abs()) } else { milliseconds >> bits }) / HOUR
    }

    /// Milliseconds from the start until a cell begins, and for these bits until a moment in it.
    #[inline]
    fn moment(&self, cell: u64, bits: u64) -> i64 {
        let within = (u128::from(bits) * u128::from(self.length)) >> 64;
        let moment = (u128::from(cell) * u128::from(self.length) + within) >> FRACTION;
        i64::try_from(moment).unwrap_or(i64::MAX)
    }
}

/// A moment at which something may happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) time: Time,
    pub(super) ordinal: u64,
    /// What is drawn under its ordinal for what comes of it. Drawn beforehand, so that nobody has to wait for it.
    pub(super) outcome: u64,
}

/// The candidates of one behaviour of one contact, from the start of the journey on. Each is taken at most once.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    stream: Stream,
    start: Time,
    cells: Cells,
    /// The first cell that nobody has looked at.
    next: u64,
    /// How many it holds. Drawn beforehand, as the outcomes are.
    coming: u32,
    /// Of the last cell that was looked at, the earliest at the end; there is always room for two.
    ready: Vec<Candidate>,
    /// How many of them are left, from the first on.
    left: usize,
}

impl Candidates {
    pub(super) fn new(stream: Stream, start: Time, cells: Cells) -> Self {
        let ready = vec![Candidate::default(); 2];
        let mut candidates = Self { stream, start, cells, next: 0, coming: 0, ready, left: 0 };
        candidates.turn_to(0);
        candidates
    }

    /// Becomes those of another contact.
    pub(super) fn begin(&mut self, stream: Stream, start: Time) {
        (self.stream, self.start, self.left) = (stream, start, 0);
        self.turn_to(0);
    }

    /// Makes this the next cell.
    #[inline]
    fn turn_to(&mut self, cell: u64) {
        self.next = cell;
        self.coming = self.cells.count(self.stream.bits(cell << PLACE_BITS, Lane::Candidates));
    }

    /// Takes the candidate that [`Self::next`] told of: its time has come.
    #[inline]
    pub(super) fn take(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// The next candidate that does not come before `from`; `None` if there is none up to `until`. `from` never goes back.
    #[inline]
    pub(super) fn next(&mut self, from: Time, until: Time) -> Option<&Candidate> {
        let is_known = self.ready[..self.left].last().is_some_and(|candidate| candidate.time >= from);
        if is_known || self.seek(from, until) { self.ready[..self.left].last() } else { None }
    }

    /// Whether there is a next one.
    #[inline(never)]
    fn seek(&mut self, from: Time, until: Time) -> bool {
        if self.cells.mean <= 0.0 {
            return false;
        }
        let after = |time: Time| time.0.saturating_sub(self.start.0).max(0).cast_unsigned();
        let first = self.cells.at(after(from));
        // What begins within the last millisecond counts as beginning with it.
        let last = self.cells.at(after(until) + 1);
        if first > self.next {
            self.turn_to(first);
        }
        loop {
            while let Some(candidate) = self.ready[..self.left].last() {
                if candidate.time >= from {
                    return true;
                }
                self.left -= 1;
            }
            if !self.look(last) {
                return false;
            }
        }
    }

    /// Draws the candidates of the next cell that has some, if there is one up to the last.
    #[inline]
    fn look(&mut self, last: u64) -> bool {
        let (cell, count) = loop {
            let (cell, count) = (self.next, self.coming);
            if cell > last {
                return false;
            }
            self.turn_to(cell + 1);
            if count > 0 {
                break (cell, count);
            }
        };
        self.left = count as usize;
        if count > 2 {
            self.crowd(cell, count);
            return true;
        }
        // Two at once, whether or not there is a second: how many there are and which comes first, nobody could guess.
        let (one, other) = (self.candidate(cell, 0), self.candidate(cell, 1));
        let place = usize::from(count == 2) & usize::from(one.time <= other.time);
        self.ready[place] = one;
        self.ready[1 - place] = other;
        true
    }

    #[inline(never)]
    fn crowd(&mut self, cell: u64, count: u32) {
        self.ready.clear();
        for place in 0..count {
            self.ready.push(self.candidate(cell, u64::from(place)));
        }
        self.ready.sort_unstable_by(|one, other| other.cmp(one));
    }

    #[inline]
    fn candidate(&self, cell: u64, place: u64) -> Candidate {
        let ordinal = cell << PLACE_BITS | place;
        let moment = self.cells.moment(cell, self.stream.bits(ordinal, Lane::Moment));
        let outcome = self.stream.bits(ordinal, Lane::Outcome);
        Candidate { time: Time(self.start.0 + moment), ordinal, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::luck::{ContactKey, Fortune};

    const DAY: i64 = 86_400_000;

    fn candidates(rate_per_day: f64) -> Candidates {
        #[expect(clippy::cast_precision_loss, reason = "a day")]
        let rate = rate_per_day / DAY as f64;
        Candidates::new(Fortune::of(1, ContactKey::of("Anna")).named(2), Time(1_000), Cells::of(rate))
    }

    fn all(mut candidates: Candidates, from: Time, until: Time) -> Vec<Candidate> {
        let next = || {
            let next = candidates.next(from, until).copied().filter(|next| next.time <= until);
            candidates.take();
            next
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn candidates_come_in_order_as_often_as_the_rate_says() {
        for rate in [0.01_f64, 0.7, 3.0, 2_000.0] {
            let days = 40_000.0 / rate;
            #[expect(clippy::cast_possible_truncation, reason = "a test")]
            let found = all(candidates(rate), Time(0), Time(1_000 + (days * 86_400_000.0) as i64));
            assert!(found.is_sorted());
            let count = f64::from(u32::try_from(found.len()).unwrap());
            // Five standard errors of a Poisson count of 40,000.
            assert!((count - 40_000.0).abs() < 5.0 * 200.0, "{count} at {rate} a day");
        }
    }

    #[test]
    fn who_looks_later_sees_the_same_candidates() {
        let until = Time(1_000 + 400 * DAY);
        let whole = all(candidates(1.3), Time(0), until);
        for from in [0, 17 * DAY + 5, 250 * DAY] {
            let from = Time(1_000 + from);
            let late: Vec<_> = whole.iter().copied().filter(|next| next.time >= from).collect();
            assert_eq!(all(candidates(1.3), from, until), late);
        }
        assert_eq!(all(candidates(0.0), Time(0), until), []);
    }

    #[test]
    fn every_moment_lies_in_its_cell() {
        for rate in [1e-12, 3e-7, 1e-4, 0.05, 1.0] {
            let cells = Cells::of(rate);
            for cell in [0, 1, 7, 1_000] {
                let (first, last) = (cells.moment(cell, 0), cells.moment(cell, u64::MAX));
                assert!(cells.at(last.cast_unsigned()) <= cell, "{rate} {cell}");
                assert!(cells.at(first.cast_unsigned() + 1) >= cell, "{rate} {cell}");
                assert!(last <= cells.moment(cell + 1, 0));
            }
        }
    }

    #[test]
    fn a_candidate_that_nobody_took_is_still_there() {
        let mut candidates = candidates(1.0);
        let until = Time(1_000 + 400 * DAY);
        let told = candidates.next(Time(0), until).copied();
        assert_eq!(candidates.next(Time(1_001), until).copied(), told);
        candidates.take();
        assert!(candidates.next(Time(1_001), until).copied() > told);
    }

    #[test]
    fn a_rate_that_grows_a_little_keeps_most_candidates_where_they_were() {
        let until = Time(1_000 + 4_000 * DAY);
        let (before, after) = (all(candidates(1.0), Time(0), until), all(candidates(1.02), Time(0), until));
        let kept = before.iter().filter(|candidate| after.contains(candidate)).count();
        assert!(kept * 100 >= before.len() * 99, "{kept} of {}", before.len());
        assert!(after.len() > before.len());
    }
}
