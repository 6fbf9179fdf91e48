//! Numbers that somebody believes: a likely value, how far off it may be, and where it comes from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a number comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Counted in recorded data or in a study.
    Measured,
    /// Settled by the people who work with it.
    Agreed,
    /// Nobody knows yet.
    #[default]
    Guessed,
}

impl Provenance {
    pub const ALL: [Self; 3] = [Self::Measured, Self::Agreed, Self::Guessed];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Agreed => "agreed",
            Self::Guessed => "guessed",
        }
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

/// A number of the world. Its unit is that of the place where it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assumption {
    /// What runs use.
    pub likely: f64,
    /// The least that is still believed; without it, the likely value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The most that is still believed; without it, the likely value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    #[serde(default)]
    pub provenance: Provenance,
    /// Who says so: a study, a report, a meeting.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Assumption {
    /// A guess without a range.
    #[must_use]
    pub fn guessed(likely: f64) -> Self {
        Self { likely, ..Self::default() }
    }

    /// From the least to the most that is believed.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        (self.low.unwrap_or(self.likely), self.high.unwrap_or(self.likely))
    }

    /// Whether it is believed to be one number alone.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        let (low, high) = self.range();
        low.total_cmp(&high).is_eq()
    }

    /// What is wrong with it where only numbers from `least` to `most` make sense, as the end of a sentence.
    #[must_use]
    pub fn problem(&self, least: f64, most: f64) -> Option<String> {
        let (low, high) = self.range();
        if low > self.likely || self.likely > high {
            return Some(format!("the likely value {} does not lie between {low} and {high}", self.likely));
        }
        let wrong = [low, self.likely, high].into_iter().find(|number| !(least..=most).contains(number))?;
        Some(if most.is_finite() {
            format!("{wrong} is not between {least} and {most}")
        } else {
            format!("{wrong} is less than {least}")
        })
    }

    /// Its numbers, for those who ask whether a file can keep them.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        std::iter::once(self.likely).chain(self.low).chain(self.high)
    }
}

/// `12.5` percent as a share, exactly the number that `0.125` is.
#[must_use]
pub fn share(percent: &str) -> Option<f64> {
    let text = percent.trim();
    // Moving the point in the text keeps the number as typed; dividing would round it a second time.
    let moved = if text.contains(['e', 'E']) {
        text.parse::<f64>().ok()? / 100.0
    } else {
        format!("{text}e-2").parse().ok()?
    };
    moved.is_finite().then_some(moved)
}

/// A share in percent, without its sign: what [`share`] reads.
#[must_use]
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    // Ten digits are more than anybody types; beyond them is only what multiplying adds.
    let rounded = format!("{percent:.9e}").parse().unwrap_or(percent);
    f64::to_string(&rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_shares_to_the_last_digit() {
        for (text, number) in [("60", 0.6), ("0.3", 0.003), ("28", 0.28), ("-5", -0.05), ("100", 1.0), ("0.1", 0.001)] {
            assert_eq!(share(text), Some(number), "{text}");
            assert_eq!(percent(number), text);
        }
        for text in ["", "half", "1e400", "%", "inf"] {
            assert_eq!(share(text), None, "{text}");
        }
    }

    #[test]
    fn a_range_must_hold_its_likely_value_and_lie_where_it_makes_sense() {
        let share = |low, likely, high| Assumption { low, high, ..Assumption::guessed(likely) };
        assert_eq!(share(None, 0.5, None).problem(0.0, 1.0), None);
        assert_eq!(share(Some(0.2), 0.5, Some(1.0)).problem(0.0, 1.0), None);
        for (assumption, words) in [
            (share(Some(0.6), 0.5, None), "does not lie between"),
            (share(None, 0.5, Some(0.4)), "does not lie between"),
            (share(None, 0.5, Some(1.5)), "1.5 is not between 0 and 1"),
            (share(Some(-1.0), 0.5, None), "-1 is not between"),
            (Assumption::guessed(f64::NAN), "NaN"),
        ] {
            let problem = assumption.problem(0.0, 1.0).unwrap();
            assert!(problem.contains(words), "{problem}");
        }
        assert!(Assumption::guessed(-1.0).problem(0.0, f64::INFINITY).unwrap().contains("-1 is less than 0"));
    }
}
