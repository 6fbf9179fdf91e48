//! The check of a large journey, beside compiling it. Run it with `cargo bench --bench checks`.

use std::fmt::Write as _;
use std::time::Duration;

use cpu_time::ThreadTime;
use statecraft::analysis::findings;
use statecraft::model::{Project, notation};
use statecraft::simulation::Machine;

/// A thousand states with three arrows each: one by an event for whoever fits, one for the rest, one by time.
fn journey() -> Project {
    let mut text = String::from("start S0\nattribute fit: choice D < C < B < A\nscore points\ntouchpoint mail\n");
    for state in 0..1_000 {
        let (next, other) = ((state + 1) % 1_000, (state * 7 + 3) % 1_000);
        let event = state % 40;
        let _ = writeln!(text, "state S{state} at {}, {}", state % 40 * 200, state / 40 * 120);
        let _ = writeln!(text, "S{state} --e{event} [count(e{event}, 60 days) >= 3 and fit >= B]--> S{next}");
        let _ = writeln!(text, "S{state} --e{event} [points < 50 or fit < B]--> S{other}");
        let _ = writeln!(text, "S{state} --after 30 days / send(mail)--> S{next}");
    }
    notation::parse(&text).expect("it reads")
}

/// The best of several times, of the one core that works on it.
fn best(mut work: impl FnMut()) -> Duration {
    let times = (0..5).map(|_| {
        let start = ThreadTime::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

fn main() {
    let project = journey();
    let compile = best(|| drop(std::hint::black_box(Machine::compile(&project))));
    let check = best(|| drop(std::hint::black_box(findings(&project))));
    println!(
        "{} states, {} arrows: compiled in {:.1} ms, checked in {:.1} ms, {:.1} times as long",
        project.nodes.len(),
        project.transitions.len(),
        compile.as_secs_f64() * 1e3,
        check.as_secs_f64() * 1e3,
        check.as_secs_f64() / compile.as_secs_f64()
    );
    println!("{} findings", findings(&project).len());
}
