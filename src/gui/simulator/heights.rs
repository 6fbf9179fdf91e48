//! How high the lines of a list are, so that only those in sight are drawn. A line that was never drawn is taken to be as
//! high as most; the list settles while it is scrolled.

/// The height of a line with nothing to explain.
const USUAL: f32 = 68.0;

/// Heights by line, and their sums.
#[derive(Debug, Default)]
pub(super) struct Heights {
    known: Vec<Option<f32>>,
    /// A Fenwick tree over the heights: sums and changes in a few steps, however long the list is.
    sums: Vec<f64>,
    width: f32,
}

impl Heights {
    /// Forgets everything where the list is another one or has another width.
    pub(super) fn begin(&mut self, lines: usize, width: f32) {
        if self.known.len() == lines && (self.width - width).abs() < 0.5 {
            return;
        }
        *self = Self { known: vec![None; lines], sums: vec![0.0; lines + 1], width };
        for line in 0..lines {
            self.add(line, f64::from(USUAL));
        }
    }

    pub(super) fn is_known(&self, line: usize) -> bool {
        self.known.get(line).is_some_and(Option::is_some)
    }

    pub(super) fn of(&self, line: usize) -> f32 {
        self.known.get(line).copied().flatten().unwrap_or(USUAL)
    }

    pub(super) fn set(&mut self, line: usize, height: f32) {
        let change = f64::from(height) - f64::from(self.of(line));
        self.known[line] = Some(height);
        self.add(line, change);
    }

    /// The height of all lines before this one.
    #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
    pub(super) fn above(&self, line: usize) -> f32 {
        let (mut sum, mut place) = (0.0, line.min(self.known.len()));
        while place > 0 {
            sum += self.sums[place];
            place &= place - 1;
        }
        sum as f32
    }

    /// The lines that reach into this part of the list, the first and the last but one.
    pub(super) fn between(&self, top: f32, bottom: f32) -> (usize, usize) {
        let lines = self.known.len();
        let before = |edge: f32| {
            let (mut low, mut high) = (0, lines);
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.above(middle + 1) <= edge {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low
        };
        (before(top), (before(bottom) + 1).min(lines))
    }

    fn add(&mut self, line: usize, change: f64) {
        let mut place = line + 1;
        while place < self.sums.len() {
            self.sums[place] += change;
            place += place & place.wrapping_neg();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_sight_are_found_by_their_heights() {
        let mut heights = Heights::default();
        heights.begin(1_000, 300.0);
        assert_eq!(heights.between(-10.0, USUAL), (0, 2));
        assert_eq!(heights.between(USUAL * 10.0 + 1.0, USUAL * 12.0 + 1.0), (10, 13));
        heights.set(3, USUAL + 100.0);
        assert!(heights.is_known(3));
        assert!((heights.above(4) - (USUAL * 4.0 + 100.0)).abs() < 0.01);
        assert!((heights.above(1_000) - (USUAL * 1_000.0 + 100.0)).abs() < 0.1);
        assert_eq!(heights.between(USUAL * 10.0 + 101.0, USUAL * 12.0 + 101.0), (10, 13));
        assert_eq!(heights.between(1e9, 2e9), (1_000, 1_000));
        heights.begin(1_000, 400.0);
        assert!(!heights.is_known(3), "another width");
    }
}
