//! How far contacts come along the conversion points, in the order of the drawing, and what became of those who got no
//! further.

use super::add;
use crate::simulation::machine::{Act, Machine};

/// Those whose last conversion point this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StepTally {
    /// At rest in an end, or moved last by an interrupt.
    pub lost: u64,
    /// Time ran out: a timer moved them last.
    pub expired: u64,
    /// At rest where something may still happen.
    pub stuck: u64,
    /// What they were worth, in hundredths of the currency.
    pub cents: i128,
}

impl StepTally {
    #[must_use]
    pub fn contacts(&self) -> u64 {
        self.lost + self.expired + self.stuck
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.lost += other.lost;
        self.expired += other.expired;
        self.stuck += other.stuck;
        self.cents += other.cents;
    }
}

/// Where somebody ended who got no further.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    Lost,
    Expired,
    Stuck,
}

/// The way along the points of one contact after the other.
pub(super) struct Leakage {
    pub(super) points: Vec<Point>,
    /// By number of points passed; nobody passes a point without those before it being counted as passed.
    steps: Vec<StepTally>,
    /// Of this contact.
    passed: usize,
    cents: i128,
}

pub(super) struct Point {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) contacts: u64,
    pub(super) cents: i128,
    /// The last contact that was counted.
    seen: u64,
}

impl Leakage {
    pub(super) fn new(machine: &Machine) -> Self {
        let names = machine.conversion_points();
        let steps = vec![StepTally::default(); names.len() + 1];
        let point = |name| Point { name, count: 0, contacts: 0, cents: 0, seen: 0 };
        Self { points: names.into_iter().map(point).collect(), steps, passed: 0, cents: 0 }
    }

    pub(super) fn converted(&mut self, point: &str, cents: i64, contact: u64) {
        // Every point that a chart can mark was found in it.
        let Some(place) = self.points.iter().position(|known| known.name == point) else { return };
        let known = &mut self.points[place];
        known.count += 1;
        known.cents += i128::from(cents);
        known.contacts += u64::from(std::mem::replace(&mut known.seen, contact) != contact);
        self.passed = self.passed.max(place + 1);
        self.cents += i128::from(cents);
    }

    /// What the contact was worth. Without a fate it is counted for no step.
    #[inline]
    pub(super) fn finish_contact(&mut self, fate: Option<Fate>) -> i128 {
        let (passed, cents) = (std::mem::take(&mut self.passed), std::mem::take(&mut self.cents));
        let step = &mut self.steps[passed];
        match fate {
            Some(Fate::Lost) => step.lost += 1,
            Some(Fate::Expired) => step.expired += 1,
            Some(Fate::Stuck) => step.stuck += 1,
            None => return cents,
        }
        step.cents += cents;
        cents
    }

    /// Those who passed no point first, then by the last point that was passed.
    pub(super) fn steps(&self) -> super::Steps {
        let names = std::iter::once(None).chain(self.points.iter().map(|point| Some(point.name.clone())));
        let mut steps = super::Steps::new();
        add(&mut steps, names.zip(self.steps.iter().copied()).collect(), StepTally::merge);
        steps
    }
}

impl Machine {
    /// Every conversion point once, in the order of the drawing: node by node, what is done on entry, on the way to where it
    /// begins, by the arrows that leave it, on exit.
    #[must_use]
    pub fn conversion_points(&self) -> Vec<String> {
        fn find(acts: &[Act], points: &mut Vec<String>) {
            for act in acts {
                match act {
                    Act::Convert { point, .. } if !points.contains(point) => points.push(point.clone()),
                    Act::Block(acts) => find(acts, points),
                    Act::If(branches) => branches.iter().for_each(|(_, acts)| find(acts, points)),
                    _ => {}
                }
            }
        }
        let mut points = Vec::new();
        // Arrows come in the order of their sources, by rank.
        let mut arrows = self.arrows.iter().peekable();
        for (slot, node) in self.nodes.iter().enumerate() {
            find(&node.on_entry, &mut points);
            find(&node.on_begin, &mut points);
            while let Some(arrow) = arrows.next_if(|arrow| arrow.source == slot) {
                find(&arrow.actions, &mut points);
            }
            find(&node.on_exit, &mut points);
        }
        points
    }
}
