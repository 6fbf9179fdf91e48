//! Values of attributes and event fields.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::time::{Time, Zone};

/// What is known of an attribute or a field. *Unknown* is a value of its own: a comparison with it does not hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    #[default]
    Unknown,
    Number(f64),
    /// A text, or the name of a choice.
    Text(String),
    YesNo(bool),
    Time(Time),
}

impl Value {
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Time(time) => f.write_str(&time.display_in(&Zone::default())),
        }
    }
}
