//! Distributions drawn by inversion, or by rejection where nothing else will do. `libm` computes the same bits on every
//! platform, so two machines draw the same world.

use crate::model::{Assumption, Distribution};
use crate::simulation::luck::Draws;

/// How many standard deviations of a normal distribution lie between its median and its 90 % quantile.
const NINETIETH: f64 = 1.281_551_565_544_600_4;

/// A distribution with its likely parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spread {
    Fixed(f64),
    Uniform { from: f64, to: f64 },
    Exponential { mean: f64 },
    LogNormal { median: f64, sigma: f64 },
    Normal { mean: f64, deviation: f64 },
    Beta { alpha: f64, beta: f64 },
    Gamma { shape: f64, mean: f64 },
}

impl Spread {
    /// # Errors
    /// The end of a sentence about the parameter that makes no sense.
    pub(super) fn of(distribution: &Distribution) -> Result<Self, String> {
        let any = |name: &str, number: &Assumption| check(name, number, f64::NEG_INFINITY);
        let positive = |name: &str, number: &Assumption| {
            let likely = check(name, number, 0.0)?;
            if likely > 0.0 { Ok(likely) } else { Err(format!("its {name} must be more than 0")) }
        };
        Ok(match distribution {
            Distribution::Fixed(value) => Self::Fixed(any("value", value)?),
            Distribution::Uniform { from, to } => {
                let (from, to) = (any("lower end", from)?, any("upper end", to)?);
                if from > to {
                    return Err(format!("its lower end {from} lies above its upper end {to}"));
                }
                Self::Uniform { from, to }
            }
            Distribution::Exponential { mean } => Self::Exponential { mean: check("mean", mean, 0.0)? },
            Distribution::LogNormal { median, p90 } => {
                let (median, p90) = (positive("median", median)?, positive("90 % below", p90)?);
                if p90 < median {
                    return Err(format!("nine of ten cannot be below {p90} where only half are below {median}"));
                }
                Self::LogNormal { median, sigma: libm::log(p90 / median) / NINETIETH }
            }
            Distribution::Normal { mean, deviation } => {
                Self::Normal { mean: any("mean", mean)?, deviation: check("deviation", deviation, 0.0)? }
            }
            Distribution::Beta { alpha, beta } => {
                Self::Beta { alpha: positive("alpha", alpha)?, beta: positive("beta", beta)? }
            }
            Distribution::Gamma { shape, mean } => {
                Self::Gamma { shape: positive("shape", shape)?, mean: check("mean", mean, 0.0)? }
            }
        })
    }

    pub(super) fn draw(self, draws: &mut Draws) -> f64 {
        match self {
            Self::Fixed(value) => value,
            Self::Uniform { from, to } => from + (to - from) * draws.uniform(),
            Self::Exponential { mean } => -mean * libm::log(draws.uniform()),
            Self::LogNormal { median, sigma } => median * libm::exp(sigma * normal(draws.uniform())),
            Self::Normal { mean, deviation } => mean + deviation * normal(draws.uniform()),
            Self::Beta { alpha, beta } => {
                let (one, other) = (gamma(alpha, draws), gamma(beta, draws));
                // Both can be too small for a number where alpha and beta are tiny; then all is or nothing.
                if one + other > 0.0 {
                    one / (one + other)
                } else {
                    f64::from(u8::from(draws.uniform() * (alpha + beta) < alpha))
                }
            }
            Self::Gamma { shape, mean } => mean / shape * gamma(shape, draws),
        }
    }
}

fn check(name: &str, number: &Assumption, least: f64) -> Result<f64, String> {
    match number.problem(least, f64::INFINITY) {
        Some(problem) => Err(format!("its {name} makes no sense: {problem}")),
        None if number.likely.is_finite() => Ok(number.likely),
        None => Err(format!("its {name} must be a number, not {}", number.likely)),
    }
}

/// A gamma variate with scale 1, after Marsaglia and Tsang: A simple method for generating gamma variables (2000).
pub(super) fn gamma(shape: f64, draws: &mut Draws) -> f64 {
    if shape < 1.0 {
        let larger = gamma(shape + 1.0, draws);
        return larger * libm::pow(draws.uniform(), 1.0 / shape);
    }
    let centre = shape - 1.0 / 3.0;
    let width = 1.0 / libm::sqrt(9.0 * centre);
    loop {
        let x = normal(draws.uniform());
        let root = 1.0 + width * x;
        let uniform = draws.uniform();
        let cube = root * root * root;
        if cube > 0.0 && libm::log(uniform) < 0.5 * x * x + centre - centre * cube + centre * libm::log(cube) {
            return centre * cube;
        }
    }
}

/// The quantile of the standard normal distribution, after Wichura: Algorithm AS 241 (1988), to about 16 digits.
#[expect(clippy::excessive_precision, clippy::unreadable_literal, reason = "the constants as they were published")]
pub(super) fn normal(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        let top = [
            2.5090809287301226727e3,
            3.3430575583588128105e4,
            6.7265770927008700853e4,
            4.5921953931549871457e4,
            1.3731693765509461125e4,
            1.9715909503065514427e3,
            1.3314166789178437745e2,
            3.3871328727963666080,
        ];
        let bottom = [
            5.2264952788528545610e3,
            2.8729085735721942674e4,
            3.9307895800092710610e4,
            2.1213794301586595867e4,
            5.3941960214247511077e3,
            6.8718700749205790830e2,
            4.2313330701600911252e1,
            1.0,
        ];
        return q * polynomial(&top, r) / polynomial(&bottom, r);
    }
    let r = libm::sqrt(-libm::log(if q < 0.0 { p } else { 1.0 - p }));
    let value = if r <= 5.0 {
        let top = [
            7.74545014278341407640e-4,
            2.27238449892691845833e-2,
            2.41780725177450611770e-1,
            1.27045825245236838258,
            3.64784832476320460504,
            5.76949722146069140550,
            4.63033784615654529590,
            1.42343711074968357734,
        ];
        let bottom = [
            1.05075007164441684324e-9,
            5.47593808499534494600e-4,
            1.51986665636164571966e-2,
            1.48103976427480074590e-1,
            6.89767334985100004550e-1,
            1.67638483018380384940,
            2.05319162663775882187,
            1.0,
        ];
        polynomial(&top, r - 1.6) / polynomial(&bottom, r - 1.6)
    } else {
        let top = [
            2.01033439929228813265e-7,
            2.71155556874348757815e-5,
            1.24266094738807843860e-3,
            2.65321895265761230930e-2,
            2.96560571828504891230e-1,
            1.78482653991729133580,
            5.46378491116411436990,
            6.65790464350110377720,
        ];
        let bottom = [
            2.04426310338993978564e-15,
            1.42151175831644588870e-7,
            1.84631831751005468180e-5,
            7.86869131145613259100e-4,
            1.48753612908506148525e-2,
            1.36929880922735805310e-1,
            5.99832206555887937690e-1,
            1.0,
        ];
        polynomial(&top, r - 5.0) / polynomial(&bottom, r - 5.0)
    };
    if q < 0.0 { -value } else { value }
}

/// From the highest power down.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::luck::{ContactKey, Fortune, Lane};

    const DRAWS: u32 = 100_000;

    fn drawn(spread: Spread) -> Vec<f64> {
        let stream = Fortune::of(11, ContactKey::of("x")).named(5);
        (0..u64::from(DRAWS)).map(|ordinal| spread.draw(&mut stream.draws(ordinal, Lane::Amount))).collect()
    }

    /// Mean and variance against what they should be, each within five of its standard errors.
    #[track_caller]
    fn check_moments(spread: Spread, mean: f64, variance: f64, kurtosis: f64) {
        let numbers = drawn(spread);
        let n = f64::from(DRAWS);
        let found = numbers.iter().sum::<f64>() / n;
        assert!((found - mean).abs() < 5.0 * (variance / n).sqrt(), "mean {found}, not {mean}");
        let found = numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / n;
        let error = variance * ((kurtosis - 1.0) / n).sqrt();
        assert!((found - variance).abs() < 5.0 * error, "variance {found}, not {variance}");
    }

    /// The share below `quantile` against `share`, within five standard errors.
    #[track_caller]
    fn check_share(spread: Spread, quantile: f64, share: f64) {
        let below = drawn(spread).into_iter().filter(|number| *number < quantile).count();
        let found = f64::from(u32::try_from(below).unwrap()) / f64::from(DRAWS);
        let error = (share * (1.0 - share) / f64::from(DRAWS)).sqrt();
        assert!((found - share).abs() < 5.0 * error, "{found} below {quantile}, not {share}");
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        check_moments(Spread::Uniform { from: -1.0, to: 3.0 }, 1.0, 16.0 / 12.0, 1.8);
        check_moments(Spread::Exponential { mean: 2.0 }, 2.0, 4.0, 9.0);
        check_moments(Spread::Normal { mean: 5.0, deviation: 2.0 }, 5.0, 4.0, 3.0);
        // Of gamma: mean, mean²/shape, 3 + 6/shape.
        for shape in [0.3, 0.8, 1.0, 2.5, 40.0] {
            check_moments(Spread::Gamma { shape, mean: 3.0 }, 3.0, 9.0 / shape, 3.0 + 6.0 / shape);
        }
        // Of beta: a/(a+b), ab/((a+b)²(a+b+1)); a kurtosis of 3 is more than that of each of these.
        for (alpha, beta) in [(2.0, 6.0), (0.5, 0.5), (5.0, 1.0)] {
            let sum: f64 = alpha + beta;
            let variance = alpha * beta / (sum * sum * (sum + 1.0));
            check_moments(Spread::Beta { alpha, beta }, alpha / sum, variance, 4.2);
        }
    }

    #[test]
    fn shares_are_those_of_the_distribution() {
        let late = Distribution::LogNormal { median: Assumption::guessed(2.0), p90: Assumption::guessed(9.0) };
        let late = Spread::of(&late).unwrap();
        check_share(late, 2.0, 0.5);
        check_share(late, 9.0, 0.9);
        check_share(Spread::Exponential { mean: 2.0 }, 2.0 * std::f64::consts::LN_2, 0.5);
        check_share(Spread::Normal { mean: 0.0, deviation: 1.0 }, -1.0, 0.158_655_253_931_457);
        // A beta of 2 and 1 has the distribution function x².
        check_share(Spread::Beta { alpha: 2.0, beta: 1.0 }, 0.5, 0.25);
        // A gamma of shape 1/2 and mean 1/2 is half the square of a normal number.
        check_share(Spread::Gamma { shape: 0.5, mean: 0.5 }, 0.5, 0.682_689_492_137_086);
    }

    #[test]
    fn the_normal_quantile_is_right_to_fifteen_digits() {
        // From the tables in AS 241 and of high-precision software.
        for (p, quantile) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054),
            (0.9, NINETIETH),
        ] {
            assert!((normal(p) - quantile).abs() < 1e-14 * f64::abs(quantile).max(1.0), "{p}: {}", normal(p));
        }
        assert!(normal(0.5).abs() < f64::EPSILON);
    }

    #[test]
    fn parameters_that_make_no_sense_are_told() {
        let number = Assumption::guessed;
        for (distribution, words) in [
            (Distribution::Exponential { mean: number(-1.0) }, "mean makes no sense: -1 is less than 0"),
            (Distribution::Fixed(number(f64::NAN)), "value"),
            (Distribution::Fixed(number(f64::INFINITY)), "value must be a number"),
            (Distribution::LogNormal { median: number(2.0), p90: number(1.0) }, "nine of ten"),
            (Distribution::LogNormal { median: number(0.0), p90: number(1.0) }, "more than 0"),
            (Distribution::Uniform { from: number(2.0), to: number(1.0) }, "lies above"),
            (Distribution::Beta { alpha: number(0.0), beta: number(1.0) }, "alpha must be more than 0"),
        ] {
            let problem = Spread::of(&distribution).unwrap_err();
            assert!(problem.contains(words), "{problem}");
        }
    }
}
