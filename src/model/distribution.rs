//! How numbers are spread: delays, attributes of invented contacts, counts of what happened before.

use serde::{Deserialize, Serialize};

use super::assumption::Assumption;
use super::value::Value;

/// A distribution of numbers, by parameters that people can name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Always the same.
    Fixed(Assumption),
    /// Anything between the two, alike.
    Uniform { from: Assumption, to: Assumption },
    /// Waiting for what comes by chance.
    Exponential { mean: Assumption },
    /// Mostly soon, at times very late: half are below the median, nine of ten below `p90`.
    LogNormal { median: Assumption, p90: Assumption },
    /// Around the mean; about two of three are within one `deviation`.
    Normal { mean: Assumption, deviation: Assumption },
    /// Shares between 0 and 1 that differ from contact to contact. `alpha / (alpha + beta)` is the mean.
    Beta { alpha: Assumption, beta: Assumption },
    /// Amounts above 0; the smaller the shape, the more they differ.
    Gamma { shape: Assumption, mean: Assumption },
}

/// The parameters of a distribution with their names, borrowed as the distribution is.
macro_rules! parameters {
    ($distribution:expr) => {
        match $distribution {
            Distribution::Fixed(value) => vec![("value", value)],
            Distribution::Uniform { from, to } => vec![("from", from), ("to", to)],
            Distribution::Exponential { mean } => vec![("mean", mean)],
            Distribution::LogNormal { median, p90 } => vec![("median", median), ("90 % below", p90)],
            Distribution::Normal { mean, deviation } => vec![("mean", mean), ("deviation", deviation)],
            Distribution::Beta { alpha, beta } => vec![("alpha", alpha), ("beta", beta)],
            Distribution::Gamma { shape, mean } => vec![("shape", shape), ("mean", mean)],
        }
    };
}

impl Distribution {
    /// Its parameters with their names, in order.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, &Assumption)> {
        parameters!(self)
    }

    /// The same, to be changed.
    pub fn parameters_mut(&mut self) -> Vec<(&'static str, &mut Assumption)> {
        parameters!(self)
    }
}

/// How a value of an invented contact comes about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draw {
    /// Each value with its share; what is missing to 100 % stays unknown.
    Mix(Vec<(Value, Assumption)>),
    Spread(Distribution),
}
