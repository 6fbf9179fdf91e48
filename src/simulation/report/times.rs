//! Lengths of time, counted in fixed bins, so that parts add up to the whole whatever the order.

use std::collections::BTreeMap;

/// Bins from each power of two of milliseconds to the next: a bin is at most 1/64 (1.6 %) as wide as what is in it.
const BINS_PER_DOUBLING: usize = 64;

/// The relative width of the widest bin.
pub const RELATIVE_WIDTH: f64 = 1.0 / 64.0;

/// How often times of each length were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    bins: BTreeMap<u16, u64>,
}

impl Times {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.bins.values().sum()
    }

    pub fn is_empty(&self) -> bool {
        self.bins.is_empty()
    }

    /// The number of each bin that is not empty, shortest times first, with how many are in it.
    pub fn bins(&self) -> impl Iterator<Item = (u16, u64)> + Clone {
        self.bins.iter().map(|(bin, count)| (*bin, *count))
    }

    /// Counts a time.
    pub fn add(&mut self, milliseconds: i64) {
        *self.bins.entry(number(bin(milliseconds))).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (bin, count) in other.bins {
            *self.bins.entry(bin).or_default() += count;
        }
    }

    /// Milliseconds in the middle of a bin.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    pub fn middle(bin: u16) -> f64 {
        let bin = usize::from(bin);
        if bin < 2 * BINS_PER_DOUBLING {
            return bin as f64;
        }
        let exponent = bin / BINS_PER_DOUBLING - 1;
        let low = ((bin - exponent * BINS_PER_DOUBLING) as u64) << exponent;
        low as f64 + ((1_u64 << exponent) - 1) as f64 / 2.0
    }
}

/// The bin of a time; below 128 ms each millisecond has its own.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "at most 63 doublings of 64 bins")]
fn bin(milliseconds: i64) -> usize {
    let length = milliseconds.max(0).unsigned_abs();
    let exponent = length.max(BINS_PER_DOUBLING as u64).ilog2() - BINS_PER_DOUBLING.ilog2();
    exponent as usize * BINS_PER_DOUBLING + (length >> exponent) as usize
}

fn number(bin: usize) -> u16 {
    u16::try_from(bin).unwrap_or(u16::MAX)
}

/// The same while counting: a step for each.
#[derive(Clone, Default)]
pub(super) struct Counter {
    bins: Vec<u64>,
}

impl Counter {
    #[inline]
    pub(super) fn add(&mut self, milliseconds: i64) {
        let bin = bin(milliseconds);
        match self.bins.get_mut(bin) {
            Some(count) => *count += 1,
            None => self.grow(bin),
        }
    }

    /// Counts the first time of a length that is longer than all before.
    #[cold]
    fn grow(&mut self, bin: usize) {
        self.bins.resize(bin + 1, 0);
        self.bins[bin] = 1;
    }

    pub(super) fn times(&self) -> Times {
        let counted = self.bins.iter().enumerate().filter(|(_, count)| **count > 0);
        Times { bins: counted.map(|(bin, count)| (number(bin), *count)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_follow_one_another_and_none_is_wider_than_said() {
        let mut last = 0;
        for milliseconds in (0..300).chain((0..44).flat_map(|doubling| [(1 << doubling) - 1, 1 << doubling])) {
            let bin = number(bin(milliseconds));
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            let milliseconds = milliseconds as f64;
            let off = (Times::middle(bin) - milliseconds).abs();
            assert!(off <= milliseconds * RELATIVE_WIDTH / 2.0, "{milliseconds} ms: {}", Times::middle(bin));
        }
        for milliseconds in 0..100_000 {
            let next = bin(milliseconds);
            assert!(next == last || next == last + 1, "{milliseconds}");
            last = next;
        }
    }

    #[test]
    fn counting_fast_and_counting_plainly_is_the_same() {
        let (mut fast, mut plain) = (Counter::default(), Times::default());
        for milliseconds in [0, 5, 5, 127, 128, 129, 86_400_000, 86_400_001, 1 << 50, -3] {
            fast.add(milliseconds);
            plain.add(milliseconds);
        }
        assert_eq!(fast.times(), plain);
        assert_eq!(plain.count(), 10);
    }
}
