//! Numbers that make no sense where they stand, as the ends of sentences.

use crate::model::assumption::percent;
use crate::model::{Assumption, Distribution};

/// Which numbers make sense in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// From 0 to 1, said in percent.
    Share,
    NotNegative,
    Positive,
    Any,
}

impl Bounds {
    /// What is wrong with a number in this place.
    #[must_use]
    pub fn problem(self, number: &Assumption) -> Option<String> {
        match self {
            Self::Share => {
                let percent = |share: f64| percent(share).parse().unwrap_or(share);
                let said = Assumption {
                    likely: percent(number.likely),
                    low: number.low.map(percent),
                    high: number.high.map(percent),
                    ..Assumption::default()
                };
                said.problem(0.0, 100.0).map(|problem| format!("{problem} %"))
            }
            Self::NotNegative => number.problem(0.0, f64::INFINITY),
            Self::Any => number.problem(f64::NEG_INFINITY, f64::INFINITY),
            Self::Positive => {
                let (low, _) = number.range();
                Self::Any.problem(number).or_else(|| (low <= 0.0).then(|| format!("{low} is not more than 0")))
            }
        }
    }

    /// Those of every parameter of a spread, in their order; a delay cannot be negative.
    #[must_use]
    pub fn of_parameters(spread: &Distribution, delay: bool) -> Vec<Self> {
        let any = if delay { Self::NotNegative } else { Self::Any };
        match spread {
            Distribution::Fixed(_) => vec![any],
            Distribution::Uniform { .. } => vec![any, any],
            Distribution::Normal { .. } => vec![any, Self::NotNegative],
            Distribution::Exponential { .. } => vec![Self::Positive],
            Distribution::LogNormal { .. } | Distribution::Beta { .. } | Distribution::Gamma { .. } => {
                vec![Self::Positive, Self::Positive]
            }
        }
    }
}

/// The sum of shares in percent, where it is more than all.
#[must_use]
pub fn more_than_all<'a>(shares: impl Iterator<Item = &'a Assumption>) -> Option<String> {
    // What adding loses in the last digits is nobody's mistake.
    const SLACK: f64 = 1e-9;
    let sum: f64 = shares.map(|share| share.likely).sum();
    (sum > 1.0 + SLACK).then(|| percent((sum * 1e8).round() / 1e8))
}

/// Why the parameters of a spread do not go together.
#[must_use]
pub fn spread_problem(spread: &Distribution, delay: bool) -> Option<String> {
    match spread {
        Distribution::Uniform { from, to } if from.likely > to.likely => {
            Some(format!("it goes from {} to {}", from.likely, to.likely))
        }
        Distribution::LogNormal { median, p90 } if median.likely > p90.likely => {
            Some(format!("90 % are below {}, but half are above {}", p90.likely, median.likely))
        }
        Distribution::Normal { .. } if delay => {
            Some(String::from("a normal spread can be negative, which no delay is; choose lognormal or gamma"))
        }
        _ => None,
    }
}

/// Everything that is wrong with a spread.
pub(super) fn distribution(spread: &Distribution, delay: bool) -> Vec<String> {
    let parameters = spread.parameters().into_iter().zip(Bounds::of_parameters(spread, delay));
    parameters
        .filter_map(|((name, number), bounds)| Some(format!("{name} {}", bounds.problem(number)?)))
        .chain(spread_problem(spread, delay))
        .collect()
}
