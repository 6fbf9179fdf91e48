//! The workload that other engines run too, by the ordinary engine: `cargo bench --bench w1`.
//!
//! Prints events per second of processor time, medians of alternating runs, and what each job costs against a report. To
//! run beside the other engines, `cargo bench --bench w1 -- LOG JOB TIMES` runs one job over a log that their generator
//! wrote, and prints a line of JSON for each time, as they do. The jobs:
//!
//! * `report`: what the window and `statecraft replay` show;
//! * `report2`: the same on two threads;
//! * `resting`: the same with the state of every contact at the end;
//! * `checksum`: every arrow, its time and order, and what is known of every contact at the end, as the other engines add
//!   it up. The other jobs are checked against it by their totals.

#[path = "../tests/w1/workload.rs"]
mod workload;

use std::path::Path;
use std::time::Instant;

use cpu_time::ProcessTime;
use statecraft::simulation::{Progress, Report};
use workload::Workload;

/// A hundred thousand contacts, twenty events each on average.
const CONTACTS: u32 = 100_000;
const CHECKSUM: u32 = 0xe4fe_ee1a;
/// Every job that often, in turn.
const ROUNDS: usize = 7;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    Report,
    Report2,
    Resting,
    Checksum,
}

const JOBS: [(Job, &str); 4] =
    [(Job::Report, "report"), (Job::Report2, "report2"), (Job::Resting, "resting"), (Job::Checksum, "checksum")];

/// Seconds of one run, on the clock and of the processor, and what it found.
struct Timed {
    wall: f64,
    cpu: f64,
    checksum: Option<u32>,
    report: Option<Report>,
}

fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match &arguments[..] {
        [] => side_by_side(),
        [log, job, times] => {
            let job = JOBS.iter().find(|(_, name)| name == job).unwrap_or_else(|| panic!("there is no job {job}"));
            let times = times.parse().unwrap_or_else(|_| panic!("{times} is not how often"));
            beside_others(Path::new(log), *job, times);
        }
        _ => panic!("write LOG JOB TIMES, or nothing"),
    }
}

fn timed(workload: &Workload, job: Job) -> Timed {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let (mut checksum, mut report) = (None, None);
    let progress = Progress::default();
    match job {
        Job::Report => report = workload.run().report(1, &progress),
        Job::Report2 => report = workload.run().report(2, &progress),
        Job::Resting => report = workload.run().played(1, &progress).map(|(report, _)| report),
        Job::Checksum => checksum = Some(workload.checksum_of(&workload.run(), 0..workload.dataset.contacts.len())),
    }
    Timed { wall: wall.elapsed().as_secs_f64(), cpu: cpu.elapsed().as_secs_f64(), checksum, report }
}

fn side_by_side() {
    let workload = Workload::generated(CONTACTS, 20, 1);
    let mut runs: Vec<Vec<Timed>> = JOBS.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for ((job, _), runs) in JOBS.iter().zip(&mut runs) {
            runs.push(timed(&workload, *job));
        }
    }
    let report = runs[0][0].report.clone();
    for run in runs.iter().flatten() {
        assert!(run.checksum.is_none_or(|checksum| checksum == CHECKSUM), "a wrong checksum");
        assert!(run.report.is_none() || run.report == report, "two reports differ");
    }
    let median = |runs: &[Timed], seconds: fn(&Timed) -> f64| {
        let mut seconds: Vec<f64> = runs.iter().map(seconds).collect();
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    };
    let (wall, cpu) = (median(&runs[0], |run| run.wall), median(&runs[0], |run| run.cpu));
    #[expect(clippy::cast_precision_loss, reason = "millions")]
    let events = workload.dataset.times.len() as f64;
    println!("{:<10} {:>12} {:>12} {:>12} {:>12}", "", "M/s of CPU", "M/s", "CPU/report", "time/report");
    for ((_, name), runs) in JOBS.iter().zip(&runs) {
        let (own_wall, own_cpu) = (median(runs, |run| run.wall), median(runs, |run| run.cpu));
        println!(
            "{name:<10} {:>12.1} {:>12.1} {:>12.2} {:>12.2}",
            events / own_cpu / 1e6,
            events / own_wall / 1e6,
            own_cpu / cpu,
            own_wall / wall,
        );
    }
}

fn beside_others(log: &Path, (job, name): (Job, &str), times: usize) {
    let workload = Workload::read(log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
    let events = workload.dataset.times.len();
    for _ in 0..times {
        let before = megabytes("VmRSS");
        let Timed { wall, cpu, checksum, report } = timed(&workload, job);
        let checksum = checksum.map_or_else(String::new, |checksum| format!("{checksum:08x}"));
        let transitions: u64 = report.iter().flat_map(|report| report.arrows.values()).map(|arrow| arrow.fired).sum();
        println!(
            "{{\"impl\":\"statecraft-{name}\",\"events\":{events},\"secs\":{wall:.6},\"cpu\":{cpu:.6},\"checksum\":\"{checksum}\",\"transitions\":{transitions},\"rss_mb\":{:.1},\"rss_before_mb\":{before:.1}}}",
            megabytes("VmHWM"),
        );
    }
}

/// What Linux says of this process, 0 elsewhere.
fn megabytes(what: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
