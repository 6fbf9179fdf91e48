//! What must come out for a sample contact, whatever else is changed: a test of the journey in the user's words.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::id::{ContactId, ExpectationId, NodeId, TouchpointId};
use super::time::Time;
use super::{Project, print_list};

/// One thing that must be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The contact rests there, or somewhere inside.
    In(NodeId),
    /// So many times it was really sent.
    Sent { touchpoint: TouchpointId, times: u32 },
    /// So many times the conversion point was marked.
    Converted { point: String, times: u32 },
}

/// A line of the story as it was when the expectation was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub time: Time,
    /// Where the contact was afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<NodeId>,
    /// What happened and what it did, in the words of that day.
    pub words: String,
}

/// A sample contact, an instant, and what must be so then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    pub id: ExpectationId,
    pub contact: ContactId,
    /// The last instant of the run, itself included.
    pub at: Time,
    /// For journeys with `chance`.
    pub seed: u64,
    /// All of them must hold.
    pub claims: Vec<Claim>,
    /// The story that was right; empty where it was never recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<Told>,
}

impl Project {
    /// The conversion points that the chart marks, by name.
    #[must_use]
    pub fn conversion_points(&self) -> BTreeSet<String> {
        let of_nodes = self.nodes.values().flat_map(|node| node.on_entry.iter().chain(&node.on_exit));
        let of_arrows = self.transitions.values().flat_map(|arrow| &arrow.actions);
        let mut points = BTreeSet::new();
        for action in of_nodes.chain(of_arrows) {
            action.visit_points(&mut |point| {
                points.insert(point.to_owned());
            });
        }
        points
    }

    /// `in MQL`, `got guide 2 times`, `reached sale once`.
    #[must_use]
    pub fn claim_label(&self, claim: &Claim) -> String {
        match claim {
            Claim::In(node) => format!("in {}", self.node_label(*node)),
            Claim::Sent { touchpoint, times } => {
                format!("got {} {}", self.touchpoint_label(*touchpoint), print_times(*times))
            }
            Claim::Converted { point, times } => format!("reached {point} {}", print_times(*times)),
        }
    }

    /// `Anna on 2026-03-09 is in MQL and got guide 2 times`
    #[must_use]
    pub fn expectation_label(&self, expectation: &Expectation) -> String {
        let name = self.contacts.get(&expectation.contact).map_or("(deleted)", |contact| contact.name.as_str());
        let claims: Vec<String> = expectation.claims.iter().map(|claim| self.claim_label(claim)).collect();
        let is = if matches!(expectation.claims.first(), Some(Claim::In(_))) { " is" } else { "" };
        let at = expectation.at.display_in(&self.zone());
        format!("{name} on {}{is} {}", at.strip_suffix(" 00:00").unwrap_or(&at), print_list(&claims, "and"))
    }
}

/// `never`, `once`, `2 times`.
#[must_use]
pub fn print_times(times: u32) -> String {
    match times {
        0 => String::from("never"),
        1 => String::from("once"),
        _ => format!("{times} times"),
    }
}
