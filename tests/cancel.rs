//! Whatever takes long ends soon after somebody called it off. How soon is for `benches/whole_runs.rs` to measure; here it is
//! counted how much is still done.

use std::sync::atomic::{AtomicU32, Ordering};

use statecraft::analysis::experiment::{diverging, repeat};
use statecraft::model::{Project, Time, notation};
use statecraft::simulation::timeline::{Looks, MOST_MOVES, Missing};
use statecraft::simulation::{Machine, Progress, Run, Timeline, World};

/// So many contacts may be done once more by each thread: those that it has begun with.
const SHARE: usize = 1_024;
const THREADS: usize = 2;

const CHART: &str = "start A\nA --look [count(look) >= 9]--> B\nB --answer--> A";
const PEOPLE: &str = "population People: 1000000 contacts from 2026-01-01";

struct Journey {
    project: Project,
    machine: Machine,
    world: World,
    until: Time,
}

impl Journey {
    fn new(behaviours: &str) -> Self {
        let project = notation::parse(&format!("{CHART}\n{behaviours}\n{PEOPLE}")).expect("it reads");
        let (machine, problems) = Machine::compile(&project);
        assert_eq!(problems, []);
        let (world, problems) = World::compile(&project, &machine, *project.generators.keys().next().expect("one"));
        assert_eq!(problems, []);
        let until = Time::parse("2027-01-01", &project.zone()).expect("a time");
        Self { project, machine, world, until }
    }

    fn run(&self) -> Run<'_> {
        Run::of_world(&self.machine, &self.world, self.until, 1)
    }
}

/// Calls the work off in the middle; how many contacts were done after that, and what came of it.
fn called_off<T: Send>(work: impl FnOnce(&Progress) -> T + Send) -> (usize, T) {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        let work = scope.spawn(|| work(&progress));
        while progress.contacts() == 0 && !work.is_finished() {
            std::thread::yield_now();
        }
        progress.cancel();
        let done = progress.contacts();
        let result = work.join().expect("no panic");
        (progress.contacts() - done, result)
    })
}

const PLAIN: &str = "behaviour looks: 1 per 1 day -> look\nbehaviour answers: 1 per 3 days in B -> answer";
const RICH: &str =
    "behaviour looks: 1 per 1 day -> look\nbehaviour answers: on B, after exponential 3 days -> answer 80 %";
const TEAM: &str = "team Reps: 9000 people, 10 a week each, Mon–Fri 09:00–17:00
behaviour looks: 1 per 1 day -> look\nbehaviour answers: on B, by team Reps -> answer";

#[test]
fn a_run_ends_with_the_contacts_that_are_under_way() {
    for behaviours in [PLAIN, RICH, TEAM] {
        let journey = Journey::new(behaviours);
        let (after, report) = called_off(|progress| journey.run().report(THREADS, progress));
        assert_eq!(report, None);
        assert!(after <= THREADS * SHARE, "{after} contacts");
        let (after, played) = called_off(|progress| journey.run().played(THREADS, progress));
        assert!(played.is_none() && after <= THREADS * SHARE, "{after} contacts");
    }
}

#[test]
fn everybodys_moves_are_given_up_too() {
    for behaviours in [PLAIN, RICH, TEAM] {
        let journey = Journey::new(behaviours);
        let (after, made) = called_off(|progress| Timeline::new(&journey.run(), THREADS, progress, MOST_MOVES));
        assert_eq!(made.err(), Some(Missing::Cancelled));
        assert!(after <= THREADS * SHARE, "{after} contacts");
        let (after, made) = called_off(|progress| Looks::new(&journey.run(), &[0], THREADS, progress, MOST_MOVES));
        assert_eq!(made.err(), Some(Missing::Cancelled));
        assert!(after <= THREADS * SHARE, "{after} contacts");
    }
}

#[test]
fn of_several_runs_none_is_begun_any_more() {
    let journey = Journey::new(RICH);
    let runs = AtomicU32::new(0);
    let (after, reports) = called_off(|progress| {
        repeat(1, 1_000, |_| {
            runs.fetch_add(1, Ordering::Relaxed);
            journey.run().report(THREADS, progress)
        })
    });
    assert_eq!(reports, None);
    assert!(after <= THREADS * SHARE, "{after} contacts");
    assert_eq!(runs.into_inner(), 1, "the one that was under way");
}

#[test]
fn stories_are_compared_until_it_is_called_off() {
    let (one, other) = (Journey::new(PLAIN), Journey::new(RICH));
    let progress = Progress::default();
    let found = std::thread::scope(|scope| {
        let found = scope.spawn(|| diverging((&one.project, &one.run()), (&other.project, &other.run()), &progress));
        std::thread::yield_now();
        progress.cancel();
        found.join().expect("no panic")
    });
    assert_eq!(found, None);
}
