//! Invented contacts: how many, when they start, who they are, what happened to them before.

use serde::{Deserialize, Serialize};

use super::assumption::Assumption;
use super::distribution::{Distribution, Draw};
use super::id::{AttributeId, EventId, GeneratorId};
use super::time::{Duration, Time};

/// A population that is made up, contact by contact, from shares and distributions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    pub id: GeneratorId,
    /// Unique among generated populations.
    pub name: String,
    pub contacts: u32,
    /// When the first can start.
    pub from: Time,
    /// The starts are spread evenly over this time; without it all start at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Duration>,
    /// IANA names with their shares; the rest is in the zone of the project.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<(String, Assumption)>,
    /// How each attribute is drawn; what is not listed is as the catalogue says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(AttributeId, Draw)>,
    /// What happened before the start. It fills the memory of the contact and runs no chart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prior: Vec<Prior>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Events before the start, spread evenly over the time `within` which they happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    pub event: EventId,
    /// How many: whole numbers, anything else is rounded down.
    pub count: Draw,
    pub within: Duration,
}

impl Generator {
    /// Every number in it, with what to call it.
    pub fn visit_assumptions(&mut self, visit: &mut dyn FnMut(String, &mut Assumption)) {
        fn spread(what: &str, spread: &mut Distribution, visit: &mut dyn FnMut(String, &mut Assumption)) {
            spread.parameters_mut().into_iter().for_each(|(name, number)| visit(format!("{what} {name}"), number));
        }
        fn draw(what: &str, drawn: &mut Draw, visit: &mut dyn FnMut(String, &mut Assumption)) {
            match drawn {
                Draw::Mix(shares) => {
                    for (index, (_, share)) in shares.iter_mut().enumerate() {
                        visit(format!("{what} share {}", index + 1), share);
                    }
                }
                Draw::Spread(distribution) => spread(what, distribution, visit),
            }
        }
        for (zone, share) in &mut self.zones {
            visit(format!("zone {zone}"), share);
        }
        for (index, (_, drawn)) in self.attributes.iter_mut().enumerate() {
            draw(&format!("attribute {}", index + 1), drawn, visit);
        }
        for (index, prior) in self.prior.iter_mut().enumerate() {
            draw(&format!("earlier events {}", index + 1), &mut prior.count, visit);
        }
    }
}
