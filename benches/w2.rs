//! The world that other engines simulate too, by the ordinary engine: `cargo bench --bench w2`.
//!
//! Prints events and years of contacts per second of processor time, medians of alternating runs. To run beside the other
//! engines, `cargo bench --bench w2 -- CONTACTS THREADS TIMES` prints a line of JSON for each time, as they do.

#[path = "../tests/world/w2.rs"]
mod w2;

use std::time::Instant;

use cpu_time::ProcessTime;
use statecraft::simulation::Progress;
use w2::{WHAT, Workload};

const CONTACTS: u32 = 100_000;
const ROUNDS: u64 = 7;

/// Seconds on the clock and of the processor, and how many events there were.
fn timed(workload: &Workload, threads: usize, seed: u64) -> (f64, f64, u64) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let report = workload.run(seed).report(threads, &Progress::default()).expect("nobody cancelled");
    (wall.elapsed().as_secs_f64(), cpu.elapsed().as_secs_f64(), report.events)
}

#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark")]
fn main() {
    // Cargo adds `--bench`.
    let arguments: Vec<u32> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .map(|argument| argument.parse().expect("write CONTACTS THREADS TIMES, or nothing"))
        .collect();
    if let [contacts, threads, times] = arguments[..] {
        let workload = Workload::new(contacts);
        for seed in 1..=u64::from(times) {
            let (secs, cpu, events) = timed(&workload, threads as usize, seed);
            let means: Vec<String> = workload
                .sums(seed, 0..contacts as usize)
                .means()
                .iter()
                .zip(WHAT)
                .map(|((mean, error), what)| format!("\"{what}\":[{mean:.4},{error:.4}]"))
                .collect();
            let means = means.join(",");
            println!(
                "{{\"impl\":\"statecraft-w2-{threads}t\",\"contacts\":{contacts},\"events\":{events},\"secs\":{secs:.6},\"cpu\":{cpu:.6},\"mean_se\":{{{means}}}}}"
            );
        }
        return;
    }
    let workload = Workload::new(CONTACTS);
    for threads in [1, 2] {
        let mut runs: Vec<(f64, f64, u64)> = (0..ROUNDS).map(|seed| timed(&workload, threads, seed)).collect();
        runs.sort_by(|one, other| one.1.total_cmp(&other.1));
        let (wall, cpu, events) = runs[runs.len() / 2];
        println!(
            "{threads} threads: {:.1} M events and {:.0} years of contacts per CPU second, {wall:.3} s on the clock",
            events as f64 / cpu / 1e6,
            f64::from(CONTACTS) / cpu,
        );
    }
}
