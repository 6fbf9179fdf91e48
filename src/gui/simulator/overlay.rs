//! What the canvas shows on top of the drawing: counts of everybody at the clock, who is on the way, where the followed
//! contact is.

use std::collections::{BTreeMap, BTreeSet};

use super::Simulator;
use super::withheld::withheld;
use crate::gui::canvas::{Dots, Flight, Overlay};
use crate::model::{NodeId, NodeKind, Project};
use crate::simulation::Timeline;
use crate::simulation::timeline::Counts;

/// More than this many on their way are shown as streams.
const MOST_FLIGHTS: usize = 300;

impl Simulator {
    #[must_use]
    pub fn overlay(&self, project: &Project) -> Option<Overlay> {
        let report = self.whole()?;
        let mut overlay = match (self.stage.timeline(), self.stage.counts()) {
            (Some(timeline), Some(counts)) => self.at_the_clock(project, timeline, &counts),
            // At the end of the run.
            _ => Overlay {
                resting: report.states.iter().map(|(id, tally)| (*id, tally.resting)).collect(),
                entered: report.states.iter().map(|(id, tally)| (*id, tally.entered)).collect(),
                fired: report.arrows.iter().map(|(id, tally)| (*id, tally.fired)).collect(),
                dots: report.states.iter().map(|(id, tally)| (*id, dots(tally.resting, report.contacts))).collect(),
                ..Overlay::default()
            },
        };
        if let Some(story) = &self.story
            && let Some(entry) = self.stage.clock().line().and_then(|line| story.entries.get(line))
        {
            overlay.active = entry.to.iter().copied().collect();
            let flying: BTreeSet<NodeId> = overlay
                .flights
                .iter()
                .filter(|flight| flight.followed)
                .filter_map(|flight| project.transitions.get(&flight.arrow)?.target)
                .collect();
            for node in entry.to.iter().filter(|node| !flying.contains(node)) {
                if let Some(dots) = overlay.dots.get_mut(node) {
                    dots.followed = true;
                }
            }
        }
        overlay.withheld = match self.stage.sends() {
            Some(sends) => withheld(project, &sends, "so far"),
            None => withheld(project, &report.sends.touchpoints, "in the whole run"),
        };
        overlay.stopped = self.stage.stopped().map(|(breakpoint, _)| breakpoint);
        Some(overlay)
    }

    fn at_the_clock(&self, project: &Project, timeline: &Timeline, counts: &Counts) -> Overlay {
        let (clock, Some(setup)) = (self.stage.clock(), self.stage.setup()) else { return Overlay::default() };
        let machine = &setup.machine;
        let mut overlay = Overlay { times: self.stage.times(), ..Overlay::default() };
        for slot in 0..machine.node_count() {
            let id = machine.node_id(slot);
            overlay.resting.insert(id, u64::from(counts.resting[slot]));
            overlay.entered.insert(id, u64::from(counts.entered[slot]));
            overlay.dots.insert(id, dots(u64::from(counts.resting[slot]), u64::from(counts.begun)));
            // In an end nobody spends time: it is over.
            let is_end = project.nodes.get(&id).is_none_or(|node| node.kind == NodeKind::End);
            if let Some(time) = counts.mean_time(slot, clock.time()).filter(|_| !is_end) {
                overlay.spent.insert(id, time);
            }
        }
        for slot in 0..machine.arrow_count() {
            overlay.fired.insert(machine.arrow_id(slot), u64::from(counts.fired[slot]));
        }
        let (places, progress) = clock.under_way(timeline);
        if places.len() > MOST_FLIGHTS {
            let before = timeline.counts(places.start);
            let flows = counts.fired.iter().zip(before.fired).map(|(now, before)| u64::from(now - before));
            overlay.flow = flows
                .enumerate()
                .filter(|(_, flow)| *flow > 0)
                .map(|(slot, flow)| (machine.arrow_id(slot), flow))
                .collect::<BTreeMap<_, _>>();
            return overlay;
        }
        for place in places {
            let one = &timeline.moves()[place];
            let Some(arrow) = self.stage.arrow(timeline, place) else { continue };
            let followed = self.contact == Some(one.contact as usize);
            overlay.flights.push(Flight { arrow, progress: progress.of(place), followed });
            for node in &timeline.way(one).entered {
                if let Some(dots) = overlay.dots.get_mut(&machine.node_id(*node as usize)) {
                    dots.arriving += 1;
                }
            }
        }
        overlay
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share")]
fn dots(count: u64, of: u64) -> Dots {
    Dots { count, share: (count as f64 / of.max(1) as f64) as f32, ..Dots::default() }
}
