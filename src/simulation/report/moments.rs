//! Sums of whole numbers and of their squares, exact whatever their number and order, for means and their intervals.

use std::cmp::Ordering;

/// Of how many numbers, with their sum and the sum of their squares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    pub count: u64,
    pub sum: i128,
    squares: Wide,
}

impl Moments {
    /// Of so many times the same number.
    #[must_use]
    pub fn of(number: i128, count: u64) -> Self {
        Self { count, sum: number * i128::from(count), squares: Wide::square(number.unsigned_abs()).times(count) }
    }

    pub fn add(&mut self, number: i128) {
        self.count += 1;
        if number != 0 {
            self.sum += number;
            self.squares = self.squares.plus(Wide::square(number.unsigned_abs()));
        }
    }

    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        Self { count: self.count + other.count, sum: self.sum + other.sum, squares: self.squares.plus(other.squares) }
    }

    /// `None` of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums are exact; only the result is rounded")]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// Around the mean, as estimated from a sample; `None` of fewer than two.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums are exact; only the result is rounded")]
    pub fn variance(&self) -> Option<f64> {
        if self.count < 2 {
            return None;
        }
        // n Σx² − (Σx)² in whole numbers: in fractions, large means would swallow small differences.
        let spread = self.squares.times(self.count).minus(Wide::square(self.sum.unsigned_abs()));
        Some(spread.to_f64() / self.count as f64 / (self.count - 1) as f64)
    }
}

/// A whole number from 0 to 2^256 − 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Wide {
    high: u128,
    low: u128,
}

impl Wide {
    fn square(number: u128) -> Self {
        let half = |number: u128| (number >> 64, number & u128::from(u64::MAX));
        let (high, low) = half(number);
        // (h·2⁶⁴ + l)² = h²·2¹²⁸ + 2hl·2⁶⁴ + l²
        let middle = high * low;
        let (middle_high, middle_low) = half(middle);
        let twice = Self { high: middle_high, low: middle_low << 64 };
        Self { high: high * high, low: low * low }.plus(twice).plus(twice)
    }

    fn plus(self, other: Self) -> Self {
        let (low, carry) = self.low.overflowing_add(other.low);
        Self { high: self.high + other.high + u128::from(carry), low }
    }

    /// Never less than nothing.
    fn minus(self, other: Self) -> Self {
        if (self.high, self.low).cmp(&(other.high, other.low)) == Ordering::Less {
            return Self::default();
        }
        let (low, borrow) = self.low.overflowing_sub(other.low);
        Self { high: self.high - other.high - u128::from(borrow), low }
    }

    fn times(self, factor: u64) -> Self {
        let factor = u128::from(factor);
        let low = (self.low & u128::from(u64::MAX)) * factor;
        let middle = (self.low >> 64) * factor + (low >> 64);
        let low = (middle << 64) | (low & u128::from(u64::MAX));
        Self { high: self.high * factor + (middle >> 64), low }
    }

    #[expect(clippy::cast_precision_loss, reason = "to be rounded is what this is for")]
    fn to_f64(self) -> f64 {
        self.high as f64 * 2_f64.powi(128) + self.low as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[i128]) -> Moments {
        let mut moments = Moments::default();
        for number in numbers {
            moments.add(*number);
        }
        moments
    }

    #[test]
    fn small_numbers_have_the_variance_of_the_textbook() {
        let moments = of(&[2, 4, 4, 4, 5, 5, 7, 9]);
        assert_eq!(moments.mean(), Some(5.0));
        assert_eq!(moments.variance(), Some(32.0 / 7.0));
        assert_eq!(Moments::of(4, 3).merged(Moments::of(-5, 2)), of(&[4, 4, 4, -5, -5]));
        assert_eq!(of(&[]).mean(), None);
        assert_eq!(of(&[3]).variance(), None);
    }

    #[test]
    fn a_large_mean_does_not_swallow_a_small_difference() {
        let far = 10_i128.pow(17);
        assert_eq!(of(&[far + 1, far - 1, far]).variance(), Some(1.0));
        assert_eq!(of(&[-far - 1, 1 - far, -far]).variance(), Some(1.0));
        assert_eq!(of(&[far; 7]).variance(), Some(0.0));
    }

    #[test]
    fn what_is_wider_than_a_machine_word_is_multiplied_right() {
        let number = (1_u128 << 100) + 12_345;
        let square = Wide::square(number);
        // (2¹⁰⁰ + a)² = 2²⁰⁰ + a·2¹⁰¹ + a²
        let a = 12_345_u128;
        assert_eq!(square, Wide { high: 1 << 72, low: (a << 101) + a * a });
        let sum = (0..9).fold(Wide::default(), |sum, _| sum.plus(square));
        assert_eq!(square.times(9), sum);
        assert_eq!(sum.minus(square), square.times(8));
    }
}
