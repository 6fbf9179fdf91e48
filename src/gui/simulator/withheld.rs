//! What the send policy kept back, by the states and arrows that send it. It is counted by touchpoint, so every place that
//! sends the same shows the same.

use std::collections::{BTreeMap, BTreeSet};

use crate::gui::canvas::Withheld;
use crate::model::{Action, EntityId, Project, TouchpointId, grouped};
use crate::simulation::timeline::Tallies;

/// `when` says up to which moment, in words.
pub(super) fn withheld(project: &Project, touchpoints: &Tallies, when: &str) -> BTreeMap<EntityId, Withheld> {
    let kept = |touchpoint: &TouchpointId| touchpoints.get(touchpoint).is_some_and(|tally| tally.kept_back() > 0);
    if !touchpoints.keys().any(kept) {
        return BTreeMap::new();
    }
    let nodes = project.nodes.values().map(|node| (EntityId::from(node.id), sent([&node.on_entry, &node.on_exit])));
    let arrows = project.transitions.values().map(|arrow| (EntityId::from(arrow.id), sent([&arrow.actions])));
    let senders = nodes.chain(arrows).filter(|(_, sent)| sent.iter().any(kept));
    senders.map(|(id, sent)| (id, told(project, touchpoints, when, &sent))).collect()
}

/// All touchpoints that these actions may send.
fn sent<'a>(lists: impl IntoIterator<Item = &'a Vec<Action>>) -> BTreeSet<TouchpointId> {
    let mut sent = BTreeSet::new();
    for action in lists.into_iter().flatten() {
        action.visit_references(&mut |id| {
            if let EntityId::Touchpoint(touchpoint) = id {
                sent.insert(touchpoint);
            }
        });
    }
    sent
}

fn told(project: &Project, touchpoints: &Tallies, when: &str, sent: &BTreeSet<TouchpointId>) -> Withheld {
    let mut told = Withheld::default();
    for touchpoint in sent {
        let Some(tally) = touchpoints.get(touchpoint) else { continue };
        told.not_sent += tally.not_sent();
        told.held += tally.kept_back() - tally.not_sent();
        let name = project.touchpoint_label(*touchpoint);
        told.details.push(format!("{name}, {when} and wherever it is sent:"));
        told.details.extend(tally.outcomes().iter().map(|(what, count)| format!("{}  {what}", grouped(*count))));
    }
    told
}
