//! The journeys that ship with the program.

use super::{Project, notation};

/// A journey that ships with the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What the command line calls it.
    pub key: &'static str,
    text: &'static str,
}

macro_rules! samples {
    ($($key:literal),* $(,)?) => {
        /// All of them, in the order they are shown.
        pub const SAMPLES: &[Sample] =
            &[$(Sample { key: $key, text: include_str!(concat!("../../assets/samples/", $key, ".journey")) }),*];
    };
}

samples![
    "white-paper",
    "abandoned-cart",
    "silent-week",
    "lead-definition",
    "full-lifecycle",
    "buying-group",
    "subscription",
    "application-form",
    "repeat-purchase",
];

impl Sample {
    #[must_use]
    pub fn by_key(key: &str) -> Option<&'static Self> {
        SAMPLES.iter().find(|sample| sample.key.eq_ignore_ascii_case(key))
    }

    /// The journey itself.
    ///
    /// # Panics
    /// Never for the samples that ship, which a test reads.
    #[must_use]
    pub fn project(&self) -> Project {
        notation::parse(self.text).expect("samples are read by a test")
    }

    /// The question it answers: the first line of its note.
    #[must_use]
    pub fn question(&self) -> String {
        self.project().info.note.lines().next().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Population, Scenario};

    #[test]
    fn every_sample_reads_and_has_what_a_newcomer_needs() {
        for sample in SAMPLES {
            let project = notation::parse(sample.text).unwrap_or_else(|error| panic!("{}: {error}", sample.key));
            assert!(project.contacts.len() >= 5, "{}", sample.key);
            let on_samples = |scenario: &&Scenario| scenario.population == Population::Samples;
            assert_eq!(project.scenarios.values().filter(on_samples).count(), 1, "{}", sample.key);
            assert!(sample.question().contains('?'), "{}", sample.key);
            assert_eq!(project.info.note.lines().count(), 2, "{}: the question, and what to look at", sample.key);
            assert!(project.contacts.values().all(|contact| !contact.note.is_empty()), "{}", sample.key);
            assert!(
                project.nodes.values().all(|node| node.stage.is_some() && !node.owner.is_empty()),
                "{}",
                sample.key
            );
        }
    }
}
