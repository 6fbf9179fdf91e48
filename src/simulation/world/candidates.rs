//! When something happens by chance, so many times a day on average: a Poisson process, laid out from the start of the
//! journey whether or not anybody looks, and thinned by node and condition.
//!
//! The time since the start is cut into cells. A cell is as long as the power of two of hours that lies nearest to eight
//! times the mean time between two candidates, so that a rate that changes a little keeps its cells. Through each cell
//! candidates follow one another, from its beginning on, after exponential times; what would come after its end is left out.
//! Chance remembers nothing, so every cell may begin anew. The `i`-th candidate of cell `c` is drawn under `(c, i)`, and that
//! pair is its number. So a cell can be looked at without those before it, and a node that was entered late costs nothing
//! for the time before.

use super::wait::exponential;
use crate::model::Time;
use crate::simulation::luck::{Lane, Stream};

/// An hour is so many times 2^7 milliseconds.
const HOUR: u64 = 28_125;
const HOUR_BITS: i32 = 7;
/// Bits behind the point where the beginnings of cells are counted in fractions of a millisecond. The bits before it are
/// enough for all of the calendar.
const FRACTION: u32 = 14;
/// Bits of an ordinal for the place in a cell, which holds about eight candidates.
const PLACE_BITS: u32 = 16;

/// How time is cut for one rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cells {
    /// A cell is an hour times two to this power.
    exponent: i32,
    /// In fractions of a millisecond.
    length: u64,
    /// In milliseconds.
    span: f64,
    /// Milliseconds from one candidate to the next, on average.
    mean: f64,
}

impl Cells {
    /// `rate` is in a millisecond.
    pub(super) fn of(rate: f64) -> Self {
        let mean = 1.0 / rate;
        let hours = 8.0 * mean / 3_600_000.0;
        // 2^20 hours are more than a century, and 2^-21 hours less than two milliseconds.
        #[expect(clippy::cast_possible_truncation, reason = "a small number")]
        let exponent = if hours.is_finite() { libm::round(libm::log2(hours)).clamp(-21.0, 20.0) as i32 } else { 20 };
        let span = 3_600_000.0 * libm::exp2(f64::from(exponent));
        Self { exponent, length: HOUR << (exponent + HOUR_BITS + FRACTION.cast_signed()), span, mean }
    }

    /// The cell that holds the moment so many milliseconds after the start.
    #[inline]
    fn at(&self, milliseconds: u64) -> u64 {
        let bits = self.exponent + HOUR_BITS;
        (if bits < 0 { milliseconds.saturating_mul(1 << bits.unsigned_abs()) } else { milliseconds >> bits }) / HOUR
    }

    /// When a cell begins: whole milliseconds from the start, and the part of one.
    #[inline]
    fn beginning(&self, cell: u64) -> (i64, f64) {
        let fractions = cell.saturating_mul(self.length);
        #[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
        let part = fractions as u32 % (1 << FRACTION);
        ((fractions >> FRACTION).cast_signed(), f64::from(part) / f64::from(1 << FRACTION))
    }
}

/// What was drawn under an ordinal.
#[derive(Clone, Copy, Debug, Default)]
struct Drawn {
    /// Milliseconds since the one before it, or since the cell began.
    wait: f64,
    /// For what comes of it.
    outcome: u64,
}

/// The candidates of one behaviour of one contact, from the start of the journey on. Each is taken at most once.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// When the next one comes, if somebody has looked for it.
    time: Time,
    outcome: u64,
    /// Where it is, and where the cell ends, in milliseconds from its beginning.
    position: f64,
    end: f64,
    /// The one after it, if the cell holds it, and the first one of the cell after this one. Drawn beforehand, so that nobody
    /// has to wait for them.
    coming: Drawn,
    first: Drawn,
    stream: Stream,
    /// The cell of the next one, when it begins, and how many come in it up to the next one.
    cell: u64,
    beginning: i64,
    place: u64,
    start: Time,
    /// The end of the run; nobody looks for what comes later.
    until: Time,
    cells: Cells,
}

/// Before everything that may come, so that somebody has to look.
const UNKNOWN: Time = Time(i64::MIN);
/// There is none up to the end of the run.
const NEVER: Time = Time(i64::MAX);

/// What is drawn under a candidate's ordinal: for when it comes, and for what comes of it.
#[inline]
pub(super) fn draw(stream: Stream, ordinal: u64) -> (u64, u64) {
    stream.pair(ordinal, Lane::Candidates)
}

impl Candidates {
    /// Of nobody yet.
    pub(super) fn new(cells: Cells) -> Self {
        Self {
            time: NEVER,
            outcome: 0,
            position: 0.0,
            end: 0.0,
            coming: Drawn::default(),
            first: Drawn::default(),
            stream: Stream::default(),
            cell: 0,
            beginning: 0,
            place: 0,
            start: NEVER,
            until: NEVER,
            cells,
        }
    }

    /// Becomes those of a contact.
    #[inline]
    pub(super) fn begin(&mut self, stream: Stream, start: Time, until: Time) {
        (self.stream, self.start, self.until) = (stream, start, until);
        (self.cell, self.time) = (0, UNKNOWN);
    }

    /// When the next one comes that does not come before `from`; after the end of the run if there is none up to it. `from`
    /// never goes back.
    #[inline]
    pub(super) fn next(&mut self, from: Time) -> Time {
        if self.time < from {
            self.seek(from);
        }
        self.time
    }

    /// When the one comes that was looked for last.
    #[inline]
    pub(super) fn time(&self) -> Time {
        self.time
    }

    /// The ordinal of the one that [`Self::next`] told of, if there is one.
    pub(super) fn ordinal(&self) -> u64 {
        self.cell << PLACE_BITS | self.place.wrapping_sub(1)
    }

    /// What was drawn under its ordinal for what comes of it.
    #[inline]
    pub(super) fn outcome(&self) -> u64 {
        self.outcome
    }

    /// Makes the one that [`Self::next`] tells of the next.
    #[inline(never)]
    pub(super) fn seek(&mut self, from: Time) {
        let cell = self.cells.at(from.0.saturating_sub(self.start.0).max(0).cast_unsigned());
        if cell > self.cell || self.time == UNKNOWN {
            self.first = self.drawn(cell, 0);
            self.turn_to(cell);
        }
        #[expect(clippy::cast_precision_loss, reason = "within a cell, or the beginning of its last millisecond")]
        let from = ((from.0 - self.beginning) as f64).min(self.end);
        let (mut place, mut coming) = (self.place, self.coming);
        let mut position = self.position + coming.wait;
        while position < from {
            place += 1;
            coming = self.drawn(self.cell, place);
            position += coming.wait;
        }
        (self.place, self.coming) = (place, coming);
        self.come_to(position);
    }

    /// Takes the one that [`Self::next`] told of: its time has come.
    #[inline]
    pub(super) fn take(&mut self) {
        self.come_to(self.position + self.coming.wait);
    }

    /// The next one is there, unless the cell ends before.
    #[inline]
    fn come_to(&mut self, position: f64) {
        if position < self.end {
            self.stop_at(position);
        } else {
            self.leave();
        }
    }

    #[inline]
    fn stop_at(&mut self, position: f64) {
        self.position = position;
        #[expect(clippy::cast_possible_truncation, reason = "less than the length of a cell")]
        let within = position as i64;
        (self.time, self.outcome) = (Time(self.beginning + within), self.coming.outcome);
        self.place += 1;
        self.coming = self.drawn(self.cell, self.place);
    }

    /// The next one is the first one after this cell.
    #[inline(never)]
    fn leave(&mut self) {
        while self.beginning <= self.until.0 {
            self.turn_to(self.cell + 1);
            let position = self.position + self.coming.wait;
            if position < self.end {
                return self.stop_at(position);
            }
        }
        self.time = NEVER;
    }

    /// To the beginning of a cell whose first one has been drawn.
    #[inline]
    fn turn_to(&mut self, cell: u64) {
        let (beginning, part) = self.cells.beginning(cell);
        (self.cell, self.beginning, self.place) = (cell, self.start.0 + beginning, 0);
        (self.position, self.end) = (part, part + self.cells.span);
        self.coming = self.first;
        self.first = self.drawn(cell + 1, 0);
    }

    #[inline]
    fn drawn(&self, cell: u64, place: u64) -> Drawn {
        let (wait, outcome) = draw(self.stream, cell << PLACE_BITS | place);
        Drawn { wait: self.cells.mean * exponential(wait), outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::luck::{ContactKey, Fortune};

    const DAY: i64 = 86_400_000;

    /// Time, ordinal and what is drawn for what comes of it.
    type Candidate = (Time, u64, u64);

    fn candidates(rate_per_day: f64, until: Time) -> Candidates {
        #[expect(clippy::cast_precision_loss, reason = "a day")]
        let mut candidates = Candidates::new(Cells::of(rate_per_day / DAY as f64));
        candidates.begin(Fortune::of(1, ContactKey::of("Anna")).named(2), Time(1_000), until);
        candidates
    }

    fn all(rate_per_day: f64, from: Time, until: Time) -> Vec<Candidate> {
        let mut candidates = candidates(rate_per_day, until);
        let next = || {
            let next = (candidates.next(from), candidates.ordinal(), candidates.outcome());
            candidates.take();
            Some(next).filter(|(time, ..)| *time <= until)
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn candidates_come_in_order_as_often_as_the_rate_says() {
        for rate in [0.01_f64, 0.7, 3.0, 2_000.0, 60_000_000.0] {
            let days = 40_000.0 / rate;
            #[expect(clippy::cast_possible_truncation, reason = "a test")]
            let found = all(rate, Time(0), Time(1_000 + (days * 86_400_000.0) as i64));
            assert!(found.is_sorted_by_key(|(time, ..)| *time) && found.is_sorted_by(|one, other| one.1 < other.1));
            let count = f64::from(u32::try_from(found.len()).unwrap());
            // Five standard errors of a Poisson count of 40,000.
            assert!((count - 40_000.0).abs() < 5.0 * 200.0, "{count} at {rate} a day");
        }
    }

    #[test]
    fn the_time_between_two_candidates_is_exponential_across_cells_too() {
        let until = Time(1_000 + 40_000 * DAY);
        let found = all(1.0, Time(0), until);
        let mut before = 1_000;
        let days: Vec<f64> = found
            .iter()
            .map(|(time, ..)| {
                #[expect(clippy::cast_precision_loss, reason = "few days")]
                let days = (time.0 - std::mem::replace(&mut before, time.0)) as f64 / DAY as f64;
                days
            })
            .collect();
        let count = f64::from(u32::try_from(days.len()).unwrap());
        for longer in [0.1, 0.5, 1.0, 2.0, 4.0, 6.0] {
            let share = f64::from(u32::try_from(days.iter().filter(|days| **days > longer).count()).unwrap()) / count;
            let exact = libm::exp(-longer);
            // Five standard errors.
            assert!((share - exact).abs() < 5.0 * libm::sqrt(exact * (1.0 - exact) / count), "{share} > {longer}");
        }
        // Nor does one know of the next.
        let products = days.windows(2).map(|pair| (pair[0] - 1.0) * (pair[1] - 1.0));
        assert!((products.sum::<f64>() / count).abs() < 5.0 / libm::sqrt(count));
    }

    #[test]
    fn who_looks_later_sees_the_same_candidates() {
        let until = Time(1_000 + 400 * DAY);
        for rate in [0.004, 1.3, 40.0] {
            let whole = all(rate, Time(0), until);
            for from in [0, 17 * DAY + 5, 250 * DAY] {
                let from = Time(1_000 + from);
                let late: Vec<_> = whole.iter().copied().filter(|(time, ..)| *time >= from).collect();
                assert_eq!(all(rate, from, until), late);
            }
        }
        assert_eq!(all(0.0, Time(0), until), []);
    }

    #[test]
    fn every_moment_lies_in_the_cell_that_is_found_for_it() {
        for rate in [1e-12, 3e-7, 1e-4, 0.05, 1.0] {
            let cells = Cells::of(rate);
            for cell in [0, 1, 7, 100] {
                let (first, part) = cells.beginning(cell);
                let (next, next_part) = cells.beginning(cell + 1);
                #[expect(clippy::cast_possible_truncation, reason = "a test")]
                let last = first + (part + cells.span).next_down() as i64;
                assert!(cells.at(first.cast_unsigned()) <= cell, "{rate} {cell}");
                assert!(cells.at(first.cast_unsigned() + 1) >= cell, "{rate} {cell}");
                assert!(cells.at(last.cast_unsigned()) <= cell, "{rate} {cell}");
                #[expect(clippy::cast_precision_loss, reason = "exact")]
                let length = (next - first) as f64 + next_part - part;
                assert!((length - cells.span).abs() <= f64::EPSILON * length, "{rate} {cell}");
            }
        }
    }

    #[test]
    fn a_candidate_that_nobody_took_is_still_there() {
        let mut candidates = candidates(1.0, Time(1_000 + 400 * DAY));
        let told = candidates.next(Time(0));
        assert_eq!(candidates.next(Time(1_001)), told);
        candidates.take();
        assert!(candidates.next(Time(1_001)) > told);
    }

    #[test]
    fn a_rate_that_grows_a_little_keeps_every_candidate_almost_where_it_was() {
        let until = Time(1_000 + 4_000 * DAY);
        let (before, after) = (all(1.0, Time(0), until), all(1.02, Time(0), until));
        #[expect(clippy::cast_possible_truncation, reason = "days")]
        let nearby = (Cells::of(1.0 / 86_400_000.0).span * 0.02) as i64;
        for (time, ordinal, outcome) in &before {
            let place = after.binary_search_by_key(ordinal, |(_, ordinal, _)| *ordinal).expect("it is still there");
            let (now, _, same) = after[place];
            assert_eq!(*outcome, same);
            assert!(now <= *time && time.0 - now.0 <= nearby, "{time:?}, then {now:?}");
        }
        assert!(after.len() > before.len());
    }
}
