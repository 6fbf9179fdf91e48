//! The workload W2 that other engines run too: the journey of W1 in a world in which each state has a rate.

use statecraft::model::{Project, Time, notation};
use statecraft::simulation::{Machine, Memory, Observer, Outcome, Run, World};

const JOURNEY: &str = include_str!("../w1/w1.journey");
const WORLD: &str = include_str!("../w1/w2.world");

pub(crate) struct Workload {
    pub(crate) project: Project,
    pub(crate) machine: Machine,
    pub(crate) world: World,
}

impl Workload {
    pub(crate) fn new(contacts: u32) -> Self {
        let text = format!("{JOURNEY}\n{WORLD}").replace("10000 contacts", &format!("{contacts} contacts"));
        let project = notation::parse(&text).expect("the journey reads");
        let (machine, problems) = Machine::compile(&project);
        assert_eq!(problems, [], "the journey has problems");
        let generator = *project.generators.keys().next().expect("a population");
        let (world, problems) = World::compile(&project, &machine, generator);
        assert_eq!(problems, [], "the world has problems");
        Self { project, machine, world }
    }

    /// A year of everybody.
    pub(crate) fn run(&self, seed: u64) -> Run<'_> {
        let start = self.project.generators.values().next().expect("a population").from;
        Run::of_world(&self.machine, &self.world, Time(start.0 + 365 * 86_400_000), seed)
    }

    /// Sums over some contacts of what the other engines report.
    pub(crate) fn sums(&self, seed: u64, contacts: std::ops::Range<usize>) -> Sums<'_> {
        let mut sums = Sums { workload: self, contacts: 0, own: [0.0; 5], sum: [0.0; 5], square: [0.0; 5] };
        self.run(seed).follow(contacts, &mut sums);
        sums
    }
}

/// Events, transitions, messages, score and revenue of each contact, added up.
pub(crate) struct Sums<'w> {
    workload: &'w Workload,
    contacts: u32,
    own: [f64; 5],
    sum: [f64; 5],
    square: [f64; 5],
}

pub(crate) const WHAT: [&str; 5] = ["events", "transitions", "messages", "score", "revenue"];

impl Sums<'_> {
    /// Mean and standard error of each.
    pub(crate) fn means(&self) -> [(f64, f64); 5] {
        let n = f64::from(self.contacts);
        std::array::from_fn(|place| {
            let mean = self.sum[place] / n;
            (mean, ((self.square[place] / n - mean * mean) / n).sqrt())
        })
    }
}

impl Observer for Sums<'_> {
    fn took(&mut self, _: usize, _: Time) {
        self.own[1] += 1.0;
    }

    fn processed(&mut self, _: Outcome) {
        self.own[0] += 1.0;
    }

    fn finished(&mut self, _: usize, memory: &Memory) {
        for (place, name) in WHAT.iter().enumerate().skip(2) {
            let attribute = self.workload.project.attribute_by_name(name).expect("it is there");
            let slot = self.workload.machine.attribute_slot(attribute.id).expect("it has a slot");
            if let statecraft::model::Value::Number(number) = memory.value(slot) {
                self.own[place] = *number;
            }
        }
        for (place, own) in std::mem::take(&mut self.own).into_iter().enumerate() {
            self.sum[place] += own;
            self.square[place] += own * own;
        }
        self.contacts += 1;
    }
}
