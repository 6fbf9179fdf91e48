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
use crate::simulation::luck::{Lane, Stream};

const HOUR: f64 = 3_600_000.0;
/// Bits of an ordinal for the place in a cell, which holds one or two candidates as a rule.
const PLACE_BITS: u32 = 16;

/// How time is cut for one rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cells {
    /// Milliseconds of a cell, and how many candidates it holds on average.
    length: f64,
    mean: f64,
    /// The share of cells that hold none.
    empty: f64,
}

impl Cells {
    /// `rate` is in a millisecond.
    pub(super) fn of(rate: f64) -> Self {
        let hours = 1.0 / (rate * HOUR);
        // 2^20 hours are more than a century, and 2^-30 hours a few nanoseconds.
        let exponent = if hours.is_finite() { libm::round(libm::log2(hours)).clamp(-30.0, 20.0) } else { 20.0 };
        let length = HOUR * libm::exp2(exponent);
        let mean = rate * length;
        Self { length, mean, empty: libm::exp(-mean) }
    }
}

/// The candidates of one behaviour of one contact, from the start of the journey on. Each is taken at most once.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    stream: Stream,
    start: Time,
    cells: Cells,
    /// The first cell that nobody has looked at.
    next: u64,
    /// What is left of the last cell that was looked at, the earliest at the end.
    ready: Vec<(Time, u64)>,
}

impl Candidates {
    pub(super) fn new(stream: Stream, start: Time, cells: Cells) -> Self {
        Self { stream, start, cells, next: 0, ready: Vec::new() }
    }

    /// Becomes those of another contact.
    pub(super) fn begin(&mut self, stream: Stream, start: Time) {
        (self.stream, self.start, self.next) = (stream, start, 0);
        self.ready.clear();
    }

    /// Under which the contact draws for this behaviour.
    pub(super) fn stream(&self) -> Stream {
        self.stream
    }

    /// Takes the candidate that [`Self::next`] told of: its time has come.
    pub(super) fn take(&mut self) {
        self.ready.pop();
    }

    /// The next candidate that does not come before `from`, with its number; `None` if there is none up to `until`. `from`
    /// never goes back.
    pub(super) fn next(&mut self, from: Time, until: Time) -> Option<(Time, u64)> {
        if self.cells.mean <= 0.0 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a number of cells since the start"
        )]
        let first = ((from.0 - self.start.0).max(0) as f64 / self.cells.length) as u64;
        loop {
            while let Some(candidate) = self.ready.last() {
                if candidate.0 >= from {
                    return Some(*candidate);
                }
                self.ready.pop();
            }
            self.next = self.next.max(first);
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53 as long as it matters")]
            let begin = self.next as f64 * self.cells.length;
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of human lifetimes are exact in a double")]
            if begin > (until.0 - self.start.0) as f64 {
                return None;
            }
            self.look(begin);
            self.next += 1;
        }
    }

    /// Draws the candidates of the next cell.
    fn look(&mut self, begin: f64) {
        let cell = self.next << PLACE_BITS;
        let count = poisson(self.cells.mean, self.cells.empty, self.stream.uniform(cell, Lane::Candidates));
        for place in 0..u64::from(count) {
            let ordinal = cell | place;
            let offset = begin + self.cells.length * self.stream.uniform(ordinal, Lane::Moment);
            #[expect(clippy::cast_possible_truncation, reason = "a time of a run")]
            self.ready.push((Time(self.start.0 + offset as i64), ordinal));
        }
        if count > 1 {
            self.ready.sort_unstable_by(|one, other| other.cmp(one));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::luck::ContactKey;

    const DAY: i64 = 86_400_000;

    fn candidates(rate_per_day: f64) -> Candidates {
        #[expect(clippy::cast_precision_loss, reason = "a day")]
        let rate = rate_per_day / DAY as f64;
        Candidates::new(Stream::of(1, ContactKey::of("Anna"), 2), Time(1_000), Cells::of(rate))
    }

    fn all(mut candidates: Candidates, from: Time, until: Time) -> Vec<(Time, u64)> {
        let next = || {
            let next = candidates.next(from, until).filter(|(time, _)| *time <= until);
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
            let late: Vec<_> = whole.iter().copied().filter(|(time, _)| *time >= from).collect();
            assert_eq!(all(candidates(1.3), from, until), late);
        }
        assert_eq!(all(candidates(0.0), Time(0), until), []);
    }

    #[test]
    fn a_candidate_that_nobody_took_is_still_there() {
        let mut candidates = candidates(1.0);
        let until = Time(1_000 + 400 * DAY);
        let told = candidates.next(Time(0), until);
        assert_eq!(candidates.next(Time(1_001), until), told);
        candidates.take();
        assert!(candidates.next(Time(1_001), until) > told);
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
