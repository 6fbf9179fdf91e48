//! Who runs, for how long, on which seed.

use serde::{Deserialize, Serialize};

use super::id::{DatasetId, GeneratorId, ScenarioId};
use super::time::Time;

/// Whom a scenario runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// The sample contacts of the project.
    #[default]
    Samples,
    /// An imported history.
    Dataset(DatasetId),
    /// Invented contacts in the world of the behaviours.
    Generated(GeneratorId),
}

/// One way to run the journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    pub id: ScenarioId,
    /// Unique among scenarios.
    pub name: String,
    #[serde(default)]
    pub population: Population,
    /// The last instant of the run, itself included; `None` means the last recorded event, and
    /// is an error for invented contacts, of whom nothing is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    pub seed: u64,
}
