//! A table of results: the same numbers to look at, to copy and to write to a file.

use super::measure::{decimals, percent};
use crate::model::grouped;

/// One table.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it is about, in a word or two.
    pub name: String,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Count(u64),
    /// From 0 to 1.
    Share(f64),
    /// Money in the currency of the project, or any other number.
    Number(f64),
    /// In days.
    Days(f64),
    /// There is no such number, and why in a word or two.
    Missing(&'static str),
}

impl Cell {
    pub(super) fn or_missing<T>(value: Option<T>, cell: impl FnOnce(T) -> Self, why: &'static str) -> Self {
        value.map_or(Self::Missing(why), cell)
    }

    /// For people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => grouped(*count),
            Self::Share(share) => percent(*share),
            Self::Number(number) => decimals(*number),
            Self::Days(days) => duration(*days),
            Self::Missing(why) => (*why).to_owned(),
        }
    }

    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }
}

/// As long as somebody would say it: `36 h`, `2.5 days`.
#[must_use]
pub fn duration(days: f64) -> String {
    let (number, unit) = match days {
        days if days < 1.0 / 24.0 / 60.0 => (days * 86_400.0, "s"),
        days if days < 2.0 / 24.0 => (days * 1440.0, "min"),
        days if days < 2.0 => (days * 24.0, "h"),
        days => (days, "days"),
    };
    // Bins are 1.6 % wide: a third digit would mean nothing.
    let digits = usize::from(number < 9.95);
    format!("{number:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_fits() {
        for (days, text) in [
            (0.0, "0.0 s"),
            (30.0 / 86_400.0, "30 s"),
            (1.0 / 24.0, "60 min"),
            (0.5, "12 h"),
            (1.5, "36 h"),
            (2.04, "2.0 days"),
            (30.2, "30 days"),
        ] {
            assert_eq!(duration(days), text);
        }
    }
}
