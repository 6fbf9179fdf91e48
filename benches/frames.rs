//! Whole frames of the window, without a screen: input, panels, canvas, tessellation. Run them with `cargo bench`. The
//! canvas and the matrix beside ones that are painted by hand: `cargo bench --bench canvas` and `--bench matrix`.

#[path = "common/grid.rs"]
mod grid;
#[path = "common/screen.rs"]
mod screen;
#[path = "common/window.rs"]
mod window;

use std::time::{Duration, Instant};

use divan::Bencher;
use egui::{Key, Modifiers};
use grid::grid;
use statecraft::model::sample::Sample;
use statecraft::model::{Dataset, Project, Time};
use window::Window;

fn main() {
    divan::main();
}

impl Window {
    fn simulate(mut self) -> Self {
        self.press(Key::Num3, Modifiers::COMMAND);
        let deadline = Instant::now() + Duration::from_mins(1);
        while self.app.workbench().is_none_or(|workbench| workbench.simulator().played().is_none()) {
            assert!(Instant::now() < deadline, "the run never ended");
            self.frame(Vec::new());
        }
        for _ in 0..10 {
            self.frame(Vec::new());
        }
        self
    }

    /// With everybody's moves in order.
    fn on_stage(self) -> Self {
        let mut window = self.simulate();
        let deadline = Instant::now() + Duration::from_mins(1);
        while window.app.workbench().is_none_or(|workbench| workbench.simulator().time().is_none()) {
            assert!(Instant::now() < deadline, "the moves were never put in order");
            window.frame(Vec::new());
        }
        window
    }

    fn is_playing(&self) -> bool {
        self.app.workbench().is_some_and(|workbench| workbench.simulator().is_playing())
    }
}

fn repeat_purchase() -> Project {
    Sample::by_key("repeat-purchase").expect("it is built in").project()
}

/// As many customers and purchases as the CDNOW data set has, about.
fn history() -> Dataset {
    some(23_570)
}

fn some(contacts: u32) -> Dataset {
    let mut dataset = Dataset { first: vec![0], event_names: vec![String::from("purchase")], ..Dataset::default() };
    for contact in 0..contacts {
        dataset.contacts.push(format!("{contact:05}"));
        for purchase in 0..=i64::from(contact % 5) {
            dataset
                .times
                .push(Time(i64::from(contact % 90) * 86_400_000 + purchase * i64::from(contact % 131) * 86_400_000));
            dataset.codes.push(0);
        }
        dataset.first.push(u32::try_from(dataset.times.len()).expect("seventy thousand"));
    }
    dataset
}

#[divan::bench]
fn design_a_sample(bencher: Bencher) {
    let mut window = Window::on(&repeat_purchase(), None);
    bencher.bench_local(|| window.frame(Vec::new()));
}

#[divan::bench]
fn simulate_23_570_contacts_on_screen(bencher: Bencher) {
    let mut window = Window::on(&repeat_purchase(), Some(history())).simulate();
    bencher.bench_local(|| window.frame(Vec::new()));
}

/// Ten thousand contacts while time passes: counts, streams and dots change in every frame.
#[divan::bench]
fn play_10_000_contacts(bencher: Bencher) {
    let mut window = Window::on(&repeat_purchase(), Some(some(10_000))).on_stage();
    bencher.bench_local(|| {
        if !window.is_playing() {
            window.press(Key::Space, Modifiers::NONE);
        }
        window.frame(Vec::new());
    });
}

/// The same at rest, drawn anew because the pointer moves.
#[divan::bench]
fn paused_with_10_000_contacts(bencher: Bencher) {
    let mut window = Window::on(&repeat_purchase(), Some(some(10_000))).on_stage();
    bencher.bench_local(|| window.frame(Vec::new()));
}

#[divan::bench]
fn design_1_000_states(bencher: Bencher) {
    let mut window = Window::on(&grid(1_000, 1_500), None);
    bencher.bench_local(|| window.frame(Vec::new()));
}

#[divan::bench]
fn design_1_000_states_at_100_percent(bencher: Bencher) {
    let mut window = Window::on(&grid(1_000, 1_500), None);
    window.press(Key::Num0, Modifiers::COMMAND);
    bencher.bench_local(|| window.frame(Vec::new()));
}

/// From a key press that changes the drawing to the frame that shows it.
#[divan::bench(sample_count = 20)]
fn edit_1_000_states(bencher: Bencher) {
    let mut window = Window::on(&grid(1_000, 1_500), None);
    window.press(Key::A, Modifiers::COMMAND);
    let mut right = true;
    bencher.bench_local(|| {
        let key = if right { Key::ArrowRight } else { Key::ArrowLeft };
        right = !right;
        window.press(key, Modifiers::NONE);
        window.frame(Vec::new());
    });
}
