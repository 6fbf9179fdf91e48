//! How sure a number is: intervals of shares and means, times that are not over yet, quantiles of what was counted.

use crate::simulation::report::{Moments, Stays, Times};

/// From the least to the most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    fn around(middle: f64, reach: f64) -> Self {
        Self { low: middle - reach, high: middle + reach }
    }

    #[must_use]
    pub fn holds(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

/// The standard normal distribution has 95 % of its weight within this on both sides of its middle.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The same for Student's t distribution, by degrees of freedom from 1 (Student 1908).
const STUDENT: [f64; 30] = [
    12.706_205, 4.302_653, 3.182_446, 2.776_445, 2.570_582, 2.446_912, 2.364_624, 2.306_004, 2.262_157, 2.228_139,
    2.200_985, 2.178_813, 2.160_369, 2.144_787, 2.131_450, 2.119_905, 2.109_816, 2.100_922, 2.093_024, 2.085_963,
    2.079_614, 2.073_873, 2.068_658, 2.063_899, 2.059_539, 2.055_529, 2.051_831, 2.048_407, 2.045_230, 2.042_272,
];

/// The 95 % score interval of a share: `some` of `all` (Wilson 1927). `None` of nobody.
#[must_use]
pub fn wilson(some: u64, all: u64) -> Option<Interval> {
    if all == 0 {
        return None;
    }
    let (some, all) = (real(some), real(all));
    let (share, z) = (some / all, NORMAL * NORMAL);
    let middle = (share + z / (2.0 * all)) / (1.0 + z / all);
    let reach = NORMAL / (1.0 + z / all) * (share * (1.0 - share) / all + z / (4.0 * all * all)).sqrt();
    let interval = Interval::around(middle, reach);
    // Nobody and everybody are bounds themselves; rounding must not pass them.
    Some(Interval {
        low: if some > 0.0 { interval.low.max(0.0) } else { 0.0 },
        high: if some < all { interval.high.min(1.0) } else { 1.0 },
    })
}

/// Fewer numbers than this say too little of their spread for the normal distribution.
const MANY: u64 = 30;

/// The mean of many contacts with its 95 % interval, by the normal distribution. The interval is `None` of fewer than
/// thirty.
#[must_use]
pub fn mean(moments: &Moments) -> Option<(f64, Option<Interval>)> {
    let mean = moments.mean()?;
    let variance = moments.variance().filter(|_| moments.count >= MANY);
    let reach = variance.map(|variance| NORMAL * (variance / real(moments.count)).sqrt());
    Some((mean, reach.map(|reach| Interval::around(mean, reach))))
}

/// The mean of a few numbers with its 95 % interval, by Student's t distribution (Student 1908). The interval is `None`
/// of fewer than two.
#[must_use]
pub fn mean_of_few(numbers: &[f64]) -> Option<(f64, Option<Interval>)> {
    let count = real(numbers.len() as u64);
    let mean = (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / count)?;
    let reach = (numbers.len() > 1).then(|| {
        let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
        let quantile = STUDENT.get(numbers.len() - 2).copied().unwrap_or(NORMAL);
        quantile * (squares / (count - 1.0) / count).sqrt()
    });
    Some((mean, reach.map(|reach| Interval::around(mean, reach))))
}

/// The share of visits that are still going on after each time at which some ended, in milliseconds, from the first such
/// time to the last (Kaplan and Meier 1958); before the first it is all of them. Visits that go on at the end of the run
/// count for as long as they were seen. As exact as the bins of [`Times`].
pub fn survival_curve(stays: &Stays) -> impl Iterator<Item = (f64, f64)> {
    let mut at_risk = stays.finished.count() + stays.inside.count();
    let mut share = 1.0;
    let mut inside = stays.inside.bins().peekable();
    stays.finished.bins().map(move |(bin, finished)| {
        // Who was seen for as long as somebody stayed was still there when that one left.
        while let Some((_, gone)) = inside.next_if(|(other, _)| *other < bin) {
            at_risk -= gone;
        }
        share *= 1.0 - real(finished) / real(at_risk);
        at_risk -= finished;
        (Times::middle(bin), share)
    })
}

/// When the share `left` of visits is still going on, by [`survival_curve`]: a half for the median, a tenth for the time
/// by which nine of ten have left. `None` where the curve does not fall that far.
#[must_use]
pub fn survival_time(stays: &Stays, left: f64) -> Option<f64> {
    // Products of fractions may miss a round share by a hair.
    survival_curve(stays).find(|(_, share)| *share <= left + 1e-12).map(|(time, _)| time)
}

/// The least value below or at which the share lies, of `(value, how often)` in rising order. `None` of nothing.
#[must_use]
pub fn quantile<V: Copy>(counted: impl Iterator<Item = (V, u64)> + Clone, share: f64) -> Option<V> {
    let all: u64 = counted.clone().map(|(_, count)| count).sum();
    let mut below = 0;
    counted.into_iter().find_map(|(value, count)| {
        below += count;
        (count > 0 && real(below) >= share * real(all)).then_some(value)
    })
}

/// The value of a share in rising order, of a few numbers.
#[must_use]
pub fn quantile_of_few(numbers: &[f64], share: f64) -> Option<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile(sorted.into_iter().map(|number| (number, 1)), share)
}

/// `None` of nobody.
#[must_use]
pub fn share(some: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| real(some) / real(all))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, off: f64) {
        assert!((found - expected).abs() <= off, "{found} is not {expected}");
    }

    #[test]
    fn shares_have_the_intervals_that_newcombe_printed() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        for (some, all, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let interval = wilson(some, all).unwrap();
            near(interval.low, low, 5e-5);
            near(interval.high, high, 5e-5);
            let rest = wilson(all - some, all).unwrap();
            near(rest.low, 1.0 - high, 5e-5);
            near(rest.high, 1.0 - low, 5e-5);
        }
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(7, 7).map(|interval| interval.high.to_bits()), Some(1.0_f64.to_bits()));
    }

    #[test]
    fn the_hours_of_sleep_that_student_printed_differ_as_he_says() {
        // Student, Biometrika 6 (1908): additional hours of sleep by the two forms of hyoscyamine.
        let gained = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let (mean, interval) = mean_of_few(&gained).unwrap();
        let interval = interval.unwrap();
        near(mean, 1.58, 1e-9);
        near(interval.low, 0.700_114, 1e-5);
        near(interval.high, 2.459_886, 1e-5);
        assert_eq!(mean_of_few(&[]), None);
        assert_eq!(mean_of_few(&[4.0]), Some((4.0, None)));
    }

    #[test]
    fn a_mean_of_many_is_worked_out_from_sums() {
        let mut moments = Moments::default();
        (0..100).for_each(|number| moments.add(i128::from(number % 2) * 10));
        let (found, interval) = mean(&moments).unwrap();
        near(found, 5.0, 1e-12);
        // 1.96 · √(25·100/99 / 100)
        near(interval.unwrap().high - 5.0, 0.984_913, 1e-5);
        assert_eq!(mean(&Moments::default()), None);
        assert_eq!(mean(&Moments::of(5, 29)), Some((5.0, None)));
    }

    #[test]
    fn the_patients_of_freireich_stay_in_remission_as_published() {
        // 6-mercaptopurine, weeks (Freireich et al. 1963; the example of Cox 1972 and of most textbooks).
        let mut stays = Stays::default();
        for weeks in [6, 6, 6, 7, 10, 13, 16, 22, 23] {
            stays.finished.add(weeks);
        }
        for weeks in [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35] {
            stays.inside.add(weeks);
        }
        for (left, weeks) in [(0.857_2, 6.0), (0.807, 7.0), (0.753, 10.0), (0.69, 16.0), (0.54, 22.0), (0.5, 23.0)] {
            assert_eq!(survival_time(&stays, left), Some(weeks), "{left}");
        }
        assert_eq!(survival_time(&stays, 0.448_2), Some(23.0));
        assert_eq!(survival_time(&stays, 0.448_1), None);
        assert_eq!(survival_time(&stays, 0.1), None);
        assert_eq!(survival_time(&Stays::default(), 0.5), None);
    }

    #[test]
    fn a_survival_curve_falls_as_worked_out_by_hand() {
        // Five visits: one ends after 1, one after 3 and one after 4; one is seen for 2, one for 4.
        let mut stays = Stays::default();
        for time in [1, 3, 4] {
            stays.finished.add(time);
        }
        for time in [2, 4] {
            stays.inside.add(time);
        }
        let curve: Vec<_> = survival_curve(&stays).collect();
        // 4/5; three are left to be seen: 4/5 · 2/3; the one that is seen for 4 was there when the other left: · 1/2.
        let by_hand = [(1.0, 0.8), (3.0, 8.0 / 15.0), (4.0, 4.0 / 15.0)];
        assert_eq!(curve.len(), by_hand.len());
        for ((time, share), (at, expected)) in curve.into_iter().zip(by_hand) {
            near(time, at, 0.0);
            near(share, expected, 1e-12);
        }
        assert_eq!(survival_curve(&Stays::default()).count(), 0);
    }

    #[test]
    fn without_anybody_inside_survival_is_the_plain_quantile() {
        let mut stays = Stays::default();
        (1..=10).for_each(|day| stays.finished.add(day));
        assert_eq!((survival_time(&stays, 0.5), survival_time(&stays, 0.1)), (Some(5.0), Some(9.0)));
        let counted = stays.finished.bins();
        assert_eq!(quantile(counted, 0.5), Some(5));
        assert_eq!(quantile([(3, 1), (4, 0), (5, 1)].into_iter(), 0.5), Some(3));
        assert_eq!(quantile([(3, 0)].into_iter(), 0.5), None);
        assert_eq!(quantile_of_few(&[9.0, 1.0, 5.0], 0.05), Some(1.0));
    }
}
