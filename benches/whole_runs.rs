//! Whole pieces of work, as a user waits for them: an import, a replay. Run them with `cargo bench`.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use divan::Bencher;
use divan::counter::ItemsCount;
use statecraft::analysis::experiment::{diverging, repeat};
use statecraft::exchange::{Mapping, Overrides, Preview, read_events};
use statecraft::model::sample::Sample;
use statecraft::model::{Dataset, EventId, Population, Project, Time, Zone};
use statecraft::simulation::timeline::MOST_MOVES;
use statecraft::simulation::{Cast, Machine, Progress, Run, Timeline};

fn main() {
    divan::main();
}

/// Numbers without a pattern, the same in every run (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

const DAY: i64 = 86_400_000;
const CONTACTS: u32 = 100_000;

/// A hundred thousand customers with one to nine purchases each, five on average, over a year and a half.
fn purchases() -> Dataset {
    let mut dice = Dice(0x5EED);
    let mut dataset = Dataset { first: vec![0], event_names: vec![String::from("purchase")], ..Dataset::default() };
    for contact in 0..CONTACTS {
        dataset.contacts.push(format!("{contact:06}"));
        let mut day = dice.below(90).cast_signed();
        for _ in 0..=dice.below(9) {
            dataset.times.push(Time(day * DAY));
            dataset.codes.push(0);
            day += dice.below(120).cast_signed();
        }
        dataset.first.push(u32::try_from(dataset.times.len()).expect("half a million"));
    }
    dataset
}

fn repeat_purchase() -> (Project, Vec<EventId>) {
    let project = Sample::by_key("repeat-purchase").expect("it is built in").project();
    let purchase = project.event_by_name("purchase").expect("it is in the journey").id;
    (project, vec![purchase])
}

#[divan::bench(args = [1, 2])]
fn replay_100_000_contacts(bencher: Bencher, threads: usize) {
    let (project, events) = repeat_purchase();
    let dataset = purchases();
    let machine = Machine::of(&project);
    let until = Some(Time(600 * DAY));
    bencher.counter(ItemsCount::new(dataset.times.len())).bench(|| {
        Run::new(&machine, &dataset, &events, until, 1).report(threads, &Progress::default()).expect("not cancelled")
    });
}

const ROWS: usize = 500_000;

/// A table of half a million rows, in no order.
fn table(folder: &tempfile::TempDir) -> PathBuf {
    let mut dice = Dice(0xC5);
    let mut content = String::from("customer,date,event,amount\n");
    for _ in 0..ROWS {
        let (customer, month, day) = (dice.below(100_000), dice.below(12) + 1, dice.below(28) + 1);
        let (hour, event, amount) = (dice.below(24), dice.below(5), dice.below(10_000));
        writeln!(content, "c{customer:06},2026-{month:02}-{day:02} {hour:02}:30,event {event},{amount}.50")
            .expect("memory takes it");
    }
    let path = folder.path().join("events.csv");
    std::fs::write(&path, content).expect("the temporary folder takes it");
    path
}

#[divan::bench(sample_count = 10, args = ["UTC", "Europe/Berlin"])]
fn import_500_000_rows(bencher: Bencher, zone: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = table(&folder);
    let zone = Zone::named(zone).expect("a zone");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut go_on = |_| ControlFlow::Continue(());
        let preview = Preview::read(&path, Overrides::default(), &mut go_on).expect("it reads");
        let mapping = Mapping::guess(&preview).expect("its columns are plain");
        read_events(&path, &mapping, &zone, &mut go_on).expect("it reads")
    });
}

/// A sample with a million invented contacts.
struct Crowd {
    project: Project,
    machine: Machine,
    cast: Cast,
}

impl Crowd {
    fn of(sample: &str) -> Self {
        let mut project = Sample::by_key(sample).expect("it is built in").project();
        project.generators.values_mut().for_each(|generator| generator.contacts = 1_000_000);
        let machine = Machine::of(&project);
        let mut scenarios = project.scenarios.values();
        let scenario = scenarios.find(|known| matches!(known.population, Population::Generated(_)));
        let scenario = scenario.expect("one on invented contacts");
        let (cast, _) = Cast::of(&project, &machine, scenario.population, scenario.until, |_| unreachable!("invented"))
            .expect("somebody");
        Self { project, machine, cast }
    }

    fn run(&self, seed: u64) -> Run<'_> {
        self.cast.run(&self.machine, None, seed)
    }

    /// What a user may call off.
    fn work(&self, what: &str, progress: &Progress) {
        match what {
            "everybody's moves" => drop(Timeline::new(&self.run(1), 2, progress, MOST_MOVES)),
            "twenty repeats" => drop(repeat(1, 20, |seed| self.run(seed).report(2, progress))),
            "a comparison of stories" => {
                drop(diverging((&self.project, &self.run(1)), (&self.project, &self.run(2)), progress));
            }
            _ => drop(self.run(1).report(2, progress)),
        }
    }
}

/// Work under way that was begun long enough ago to be in the middle of something.
struct UnderWay {
    progress: Arc<Progress>,
    work: JoinHandle<()>,
}

/// From calling it off until it is over.
#[divan::bench(sample_count = 20, sample_size = 1, args = [
    ("white-paper", "a run"), ("lead-definition", "a run"), ("full-lifecycle", "a run"),
    ("white-paper", "everybody's moves"), ("lead-definition", "everybody's moves"),
    ("white-paper", "twenty repeats"), ("white-paper", "a comparison of stories"),
])]
fn called_off(bencher: Bencher, (sample, what): (&'static str, &'static str)) {
    let crowd = Arc::new(Crowd::of(sample));
    let mut wait = 0;
    let begin = || {
        // Each time at another place.
        wait = (wait + 370) % 2_000;
        let progress = Arc::new(Progress::default());
        let (crowd, told) = (Arc::clone(&crowd), Arc::clone(&progress));
        let work = std::thread::spawn(move || crowd.work(what, &told));
        std::thread::sleep(Duration::from_millis(100 + wait));
        UnderWay { progress, work }
    };
    bencher.with_inputs(begin).bench_local_values(|under_way| {
        under_way.progress.cancel();
        under_way.work.join().expect("no panic");
    });
}
