//! Numbers that make no sense where they stand, as the ends of sentences.

use crate::model::assumption::percent;
use crate::model::{Assumption, Distribution};

/// What is wrong with a share, said in percent.
pub(super) fn share(number: &Assumption) -> Option<String> {
    let percent = |share: f64| percent(share).parse().unwrap_or(share);
    let said = Assumption {
        likely: percent(number.likely),
        low: number.low.map(percent),
        high: number.high.map(percent),
        ..Assumption::default()
    };
    said.problem(0.0, 100.0).map(|problem| format!("{problem} %"))
}

/// The sum of shares in percent, where it is more than all.
pub(super) fn add_up_to<'a>(shares: impl Iterator<Item = &'a Assumption>) -> Option<String> {
    // What adding loses in the last digits is nobody's mistake.
    const SLACK: f64 = 1e-9;
    let sum: f64 = shares.map(|share| share.likely).sum();
    (sum > 1.0 + SLACK).then(|| percent((sum * 1e8).round() / 1e8))
}

/// What is wrong with a number that must not be 0.
pub(super) fn more_than_nothing(number: &Assumption) -> Option<String> {
    let (low, _) = number.range();
    number
        .problem(f64::NEG_INFINITY, f64::INFINITY)
        .or_else(|| (low <= 0.0).then(|| format!("{low} is not more than 0")))
}

/// Everything that is wrong with a spread; a delay cannot be negative.
pub(super) fn distribution(spread: &Distribution, delay: bool) -> Vec<String> {
    let least = if delay { 0.0 } else { f64::NEG_INFINITY };
    let any = |name: &str, number: &Assumption| {
        number.problem(least, f64::INFINITY).map(|problem| format!("{name} {problem}"))
    };
    let positive =
        |name: &str, number: &Assumption| more_than_nothing(number).map(|problem| format!("{name} {problem}"));
    let found = match spread {
        Distribution::Fixed(value) => [any("the value", value), None, None],
        Distribution::Uniform { from, to } => {
            let turned = from.likely > to.likely;
            let turned = turned.then(|| format!("it goes from {} to {}", from.likely, to.likely));
            [any("from", from), any("to", to), turned]
        }
        Distribution::Exponential { mean } => [positive("mean", mean), None, None],
        Distribution::LogNormal { median, p90 } => {
            let turned = median.likely > p90.likely;
            let turned = turned.then(|| format!("90 % are below {}, but half are above {}", p90.likely, median.likely));
            [positive("median", median), positive("90 % below", p90), turned]
        }
        Distribution::Normal { mean, deviation } => {
            let deviation = deviation.problem(0.0, f64::INFINITY).map(|problem| format!("deviation {problem}"));
            let negative =
                || String::from("a normal spread can be negative, which no delay is; choose lognormal or gamma");
            [any("mean", mean), deviation, delay.then(negative)]
        }
        Distribution::Beta { alpha, beta } => [positive("alpha", alpha), positive("beta", beta), None],
        Distribution::Gamma { shape, mean } => [positive("shape", shape), positive("mean", mean), None],
    };
    found.into_iter().flatten().collect()
}
