//! What came of the expectations of a project, for `statecraft check --expectations`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::output::{counted, line};
use crate::analysis::expectation::{Outcome, outcomes};
use crate::model::Project;

/// All expectations and what came of them.
pub(super) struct Checked<'a> {
    project: &'a Project,
    outcomes: Vec<Outcome>,
}

impl<'a> Checked<'a> {
    pub(super) fn of(project: &'a Project) -> Self {
        Self { project, outcomes: outcomes(project) }
    }

    /// Whether everything came out as expected.
    pub(super) fn hold(&self) -> bool {
        self.outcomes.iter().all(Outcome::holds)
    }

    fn label(&self, outcome: &Outcome) -> String {
        self.project.expectations.get(&outcome.id).map_or_else(String::new, |one| self.project.expectation_label(one))
    }

    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for outcome in &self.outcomes {
            let word = if outcome.holds() { "holds" } else { "broken" };
            line!(out, "{word}: {}", self.label(outcome));
            for broken in &outcome.broken {
                line!(out, "  {broken}");
            }
        }
        let broken = self.outcomes.iter().filter(|outcome| !outcome.holds()).count();
        line!(out, "{}, {broken} broken", counted(self.outcomes.len() as u64, "expectation"));
        out
    }

    /// A row of the table of problems for each that is broken.
    pub(super) fn rows(&self) -> Vec<[String; 6]> {
        let broken = self.outcomes.iter().filter(|outcome| !outcome.holds());
        let row = |outcome: &Outcome| {
            let [severity, kind] = ["error", "expectation"].map(String::from);
            [severity, kind, self.label(outcome), outcome.broken.join("; "), String::new(), String::new()]
        };
        broken.map(row).collect()
    }

    pub(super) fn json(&self) -> Value {
        let one = |outcome: &Outcome| json!({"expectation": self.label(outcome), "holds": outcome.holds(), "broken": outcome.broken});
        self.outcomes.iter().map(one).collect()
    }
}
