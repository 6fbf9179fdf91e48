//! A workload that other engines run too: a customer journey of ten states, its seeded event log, and a checksum that
//! covers every arrow taken, its time and its order. Shared by the test and the benchmark.

use std::io::Read;
use std::path::Path;

use statecraft::model::dataset::{FieldColumn, FieldValues};
use statecraft::model::{AttributeId, Dataset, EventId, Project, Time, Value, notation};
use statecraft::simulation::{Machine, Memory, Observer, Run};

const JOURNEY: &str = include_str!("w1.journey");
const START: i64 = 1_700_000_000;
const DAY: i64 = 86_400;
const HORIZON: i64 = START + 540 * DAY;
const EVENTS: [(&str, u64); 12] = [
    ("page_view", 387),
    ("email_open", 170),
    ("email_click", 120),
    ("form_submit", 30),
    ("white_paper_download", 60),
    ("webinar_attend", 25),
    ("cart_add", 70),
    ("cart_abandoned", 45),
    ("purchase", 40),
    ("demo_request", 20),
    ("support_ticket", 30),
    ("unsubscribe", 3),
];
const SEGMENTS: [&str; 5] = ["b2b", "b2c", "smb", "edu", "gov"];
const STATES: [&str; 10] =
    ["Anonymous", "Aware", "Engaged", "Lead", "Qualified", "Cart", "Customer", "Loyal", "Dormant", "Churned"];

pub(crate) struct Workload {
    pub(crate) project: Project,
    pub(crate) machine: Machine,
    pub(crate) dataset: Dataset,
    pub(crate) events: Vec<EventId>,
}

impl Workload {
    fn over(dataset: Dataset) -> Self {
        let project = notation::parse(JOURNEY).expect("the journey reads");
        let (machine, problems) = Machine::compile(&project);
        assert_eq!(problems, [], "the journey has problems");
        let events = EVENTS.iter().map(|(name, _)| project.event_by_name(name).expect("it is there").id).collect();
        Self { project, machine, dataset, events }
    }

    /// The log of `contacts` with about `mean` events each.
    pub(crate) fn generated(contacts: u32, mean: u64, seed: u64) -> Self {
        let mut log = Log::default();
        for contact in 0..contacts {
            log.contact(&mut Dice::stream(seed, u64::from(contact)), mean);
        }
        Self::over(log.dataset())
    }

    /// A log that was written by the generator of the other engines, sorted by contact.
    #[allow(dead_code, reason = "the benchmark generates its own")]
    pub(crate) fn read(path: &Path) -> std::io::Result<Self> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.read_to_end(&mut bytes)?;
        let (head, mut rest) = bytes.split_at(24);
        assert_eq!(&head[..8], b"JBEVLOG1", "another format");
        let number = |bytes: &[u8]| usize::try_from(u64::from_le_bytes(bytes.try_into().unwrap())).unwrap();
        let (contacts, events) = (number(&head[8..16]), number(&head[16..24]));
        let mut column = |width: usize| {
            let (column, after) = rest.split_at(events * width);
            rest = after;
            column.chunks_exact(width)
        };
        let (owners, times, codes, segments, values) = (column(4), column(8), column(1), column(1), column(4));
        let mut log = Log::default();
        let owners: Vec<u32> = owners.map(|bytes| u32::from_le_bytes(bytes.try_into().unwrap())).collect();
        log.counts = vec![0; contacts];
        for owner in owners {
            log.counts[owner as usize] += 1;
        }
        log.times = times.map(|bytes| i64::from_le_bytes(bytes.try_into().unwrap())).collect();
        log.codes = codes.map(|byte| byte[0].into()).collect();
        log.segments = segments.map(|byte| u32::from(byte[0]).wrapping_sub(1)).collect();
        log.values = values.map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()).into()).collect();
        Ok(Self::over(log.dataset()))
    }

    pub(crate) fn run(&self) -> Run<'_> {
        Run::new(&self.machine, &self.dataset, &self.events, Some(Time(HORIZON * 1000)), 1)
    }

    #[allow(dead_code, reason = "the benchmark has threads of its own")]
    pub(crate) fn checksum(&self, threads: usize) -> u32 {
        let run = self.run();
        let contacts = self.dataset.contacts.len();
        let share = contacts.div_ceil(threads);
        std::thread::scope(|scope| {
            let part = |start: usize| {
                let run = &run;
                scope.spawn(move || self.checksum_of(run, start..(start + share).min(contacts)))
            };
            let parts: Vec<_> = (0..contacts).step_by(share).map(part).collect();
            parts.into_iter().fold(0, |sum: u32, part| sum.wrapping_add(part.join().expect("no panic")))
        })
    }
}

impl Workload {
    pub(crate) fn checksum_of(&self, run: &Run, contacts: std::ops::Range<usize>) -> u32 {
        let mut sum = Checksum::new(self);
        run.follow(contacts, &mut sum);
        sum.total
    }
}

/// Adds up what every contact did.
struct Checksum {
    /// By node: its number in the workload.
    states: Vec<u32>,
    /// Score, messages, clicks, segment, revenue.
    slots: [usize; 5],
    /// By arrow: its number in the workload.
    rules: Vec<u32>,
    transitions: u32,
    trace: u32,
    total: u32,
}

impl Checksum {
    fn new(workload: &Workload) -> Self {
        let machine = &workload.machine;
        let slot = |name: &str| {
            let id: AttributeId = workload.project.attribute_by_name(name).expect("it is there").id;
            machine.attribute_slot(id).expect("it is there")
        };
        let state = |node: usize| STATES.iter().position(|state| *state == machine.node_name(node));
        let number = |place: Option<usize>| place.map_or(u32::MAX, |place| u32::try_from(place).expect("few states"));
        Self {
            states: (0..machine.node_count()).map(|node| number(state(node))).collect(),
            slots: ["score", "messages", "clicks", "segment", "revenue"].map(slot),
            rules: (0..machine.arrow_count()).map(|arrow| machine.arrow_id(arrow).0).collect(),
            transitions: 0,
            trace: 1,
            total: 0,
        }
    }
}

impl Observer for Checksum {
    fn took(&mut self, arrow: usize, time: Time) {
        let now = u32::try_from(time.0 / 1000 - START).expect("a run of some years");
        self.transitions += 1;
        self.trace = fold(fold(self.trace, self.rules[arrow]), now);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the checksum is made of such bits")]
    fn finished(&mut self, contact: usize, memory: &Memory) {
        let [score, messages, clicks, segment, revenue] = self.slots.map(|slot| memory.value(slot));
        let number = |value: &Value| match value {
            Value::Number(number) => *number as i64,
            _ => 0,
        };
        let segment = match segment {
            Value::Text(text) => SEGMENTS.iter().position(|known| known == text).map_or(0, |place| place + 1),
            _ => 0,
        };
        let revenue = match revenue {
            Value::Number(revenue) => (revenue * 4.0) as i64,
            _ => 0,
        };
        let words = [
            contact as u32,
            // Nobody is nowhere, and one without events is where the journey begins.
            memory.leaves().first().map_or(0, |leaf| self.states[*leaf]),
            number(score) as u32,
            number(messages) as u32,
            self.transitions,
            self.trace,
            number(clicks) as u32,
            segment as u32,
            revenue as u32,
        ];
        self.total = self.total.wrapping_add(words.into_iter().fold(2_166_136_261, fold));
        (self.transitions, self.trace) = (0, 1);
    }
}

fn fold(hash: u32, word: u32) -> u32 {
    let mixed = (hash ^ word).wrapping_mul(0x9E37_79B1);
    mixed ^ (mixed >> 15)
}

/// `SplitMix64`, a stream per contact.
struct Dice(u64);

impl Dice {
    fn stream(seed: u64, contact: u64) -> Self {
        let mut dice = Self(seed ^ contact.wrapping_mul(0xD1B5_4A32_D192_ED03));
        dice.next();
        Self(dice.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((self.next() >> 32) * limit) >> 32
    }

    fn signed_below(&mut self, limit: i64) -> i64 {
        self.below(limit.cast_unsigned()).cast_signed()
    }
}

/// The log in columns; times in seconds, no value as 0, no segment as `u32::MAX`.
#[derive(Default)]
struct Log {
    counts: Vec<u32>,
    times: Vec<i64>,
    codes: Vec<u16>,
    segments: Vec<u32>,
    values: Vec<f64>,
}

impl Log {
    fn contact(&mut self, dice: &mut Dice, mean: u64) {
        let events = 1 + dice.below(2 * mean - 1);
        let home = match dice.below(100) {
            0..30 => 0,
            30..70 => 1,
            70..85 => 2,
            85..95 => 3,
            _ => 4,
        };
        let mut time = START + dice.signed_below(480 * DAY);
        self.counts.push(0);
        for event in 0..events {
            if event > 0 {
                time += gap(dice);
            }
            if time >= HORIZON {
                break;
            }
            let code = event_code(dice.below(1000));
            let segment = match dice.below(100) {
                0..30 if dice.below(100) < 3 => u32::try_from(dice.below(5)).expect("below five"),
                share if share < 30 => home,
                _ => u32::MAX,
            };
            self.times.push(time);
            self.codes.push(code);
            self.segments.push(segment);
            let has_value = (6..=8).contains(&code);
            let quarters = if has_value { u32::try_from(dice.below(1200)).expect("below 1200") + 20 } else { 0 };
            self.values.push(f64::from(quarters) * 0.25);
            *self.counts.last_mut().expect("it was just pushed") += 1;
        }
    }

    fn dataset(self) -> Dataset {
        let mut first = vec![0];
        for count in &self.counts {
            first.push(first.last().copied().unwrap_or(0) + count);
        }
        let values = self.values.iter().map(|value| if *value == 0.0 { f64::NAN } else { *value }).collect();
        let words = SEGMENTS.map(String::from).to_vec();
        Dataset {
            contacts: (0..self.counts.len()).map(|contact| contact.to_string()).collect(),
            first,
            times: self.times.iter().map(|seconds| Time(seconds * 1000)).collect(),
            codes: self.codes,
            event_names: EVENTS.iter().map(|(name, _)| String::from(*name)).collect(),
            fields: vec![
                FieldColumn {
                    name: String::from("segment"),
                    values: FieldValues::Texts { words, codes: self.segments },
                },
                FieldColumn { name: String::from("value"), values: FieldValues::Numbers(values) },
            ],
            ..Dataset::default()
        }
    }
}

fn gap(dice: &mut Dice) -> i64 {
    match dice.below(100) {
        0..60 => dice.signed_below(1801),
        60..85 => 3600 + dice.signed_below(2 * DAY - 3600),
        85..94 => 2 * DAY + dice.signed_below(8 * DAY),
        94..98 => 10 * DAY + dice.signed_below(50 * DAY),
        98 => [1, 7, 14, 30, 60, 90, 120, 180][usize::try_from(dice.below(8)).expect("below eight")] * DAY,
        _ => 60 * DAY + dice.signed_below(140 * DAY),
    }
}

fn event_code(mut draw: u64) -> u16 {
    let mut code = 0;
    for (_, weight) in EVENTS {
        if draw < weight {
            break;
        }
        draw -= weight;
        code += 1;
    }
    code
}
