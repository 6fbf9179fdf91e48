//! Whole frames of the window, without a screen: input, panels, canvas, tessellation. Run them with `cargo bench`.

use std::time::{Duration, Instant};

use divan::{Bencher, black_box};
use egui::{Context, Event, Key, Modifiers, RawInput, Rect, pos2, vec2};
use statecraft::document::Document;
use statecraft::gui::App;
use statecraft::gui::settings::Settings;
use statecraft::model::sample::Sample;
use statecraft::model::{
    Dataset, DatasetId, DatasetInfo, Node, NodeId, Point, Project, Time, Transition, TransitionId,
};

fn main() {
    divan::main();
}

/// A window of 1280 by 800 points on a project of its own.
struct Window {
    ctx: Context,
    app: App,
    time: f64,
    _folder: tempfile::TempDir,
}

impl Window {
    fn on(project: &Project, history: Option<Dataset>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bench.statecraft");
        let mut document = Document::create(&file, project).expect("a project file");
        if let Some(history) = history {
            let info = DatasetInfo {
                id: DatasetId(0),
                name: String::from("history"),
                source: String::from("generated"),
                contacts: 0,
                occurrences: 0,
                first: Time(0),
                last: Time(0),
                events: Vec::new(),
                fields: Vec::new(),
            };
            let events = history.event_names.clone();
            document.import(info, history, events).expect("the columns fit together");
        }
        drop(document);
        let ctx = Context::default();
        let mut app = App::with(&ctx, Settings::in_memory(), folder.path().to_owned());
        app.open(&ctx, &file);
        let mut window = Self { ctx, app, time: 0.0, _folder: folder };
        for _ in 0..10 {
            window.frame(Vec::new());
        }
        window
    }

    /// One frame, down to the triangles that a graphics card would get.
    fn frame(&mut self, events: Vec<Event>) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1280.0, 800.0))),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let mut output = self.ctx.run_ui(input, |ui| self.app.frame_ui(ui));
        // Nobody uploads them here.
        output.textures_delta.clear();
        black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
    }

    fn press(&mut self, key: Key, modifiers: Modifiers) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![Event::ModifiersChanged(modifiers), event(true)]);
        self.frame(vec![event(false), Event::ModifiersChanged(Modifiers::NONE)]);
    }

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
}

impl Window {
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

/// A thousand states in a grid, and fifteen hundred arrows.
fn large() -> Project {
    let mut project = repeat_purchase();
    let (node, arrow) = (project.nodes[&NodeId(1)].clone(), project.transitions[&TransitionId(1)].clone());
    project.nodes.clear();
    project.transitions.clear();
    for index in 0..1000_u16 {
        let position = Point::new(f32::from(index % 40) * 280.0, f32::from(index / 40) * 160.0);
        let id = NodeId(u32::from(index) + 1);
        project.nodes.insert(id, Node { id, name: format!("S{index}"), order: id.0, position, ..node.clone() });
    }
    for index in 1..=1500_u32 {
        let (source, target) = (NodeId(1 + index % 1000), NodeId(1 + (index * 7 + index / 1000) % 1000));
        let id = TransitionId(index);
        project.transitions.insert(id, Transition { id, source, target: Some(target), ..arrow.clone() });
    }
    project.info.start = Some(NodeId(1));
    project
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
    let mut window = Window::on(&large(), None);
    bencher.bench_local(|| window.frame(Vec::new()));
}

#[divan::bench]
fn design_1_000_states_at_100_percent(bencher: Bencher) {
    let mut window = Window::on(&large(), None);
    window.press(Key::Num0, Modifiers::COMMAND);
    bencher.bench_local(|| window.frame(Vec::new()));
}

/// From a key press that changes the drawing to the frame that shows it.
#[divan::bench(sample_count = 20)]
fn edit_1_000_states(bencher: Bencher) {
    let mut window = Window::on(&large(), None);
    window.press(Key::A, Modifiers::COMMAND);
    let mut right = true;
    bencher.bench_local(|| {
        let key = if right { Key::ArrowRight } else { Key::ArrowLeft };
        right = !right;
        window.press(key, Modifiers::NONE);
        window.frame(Vec::new());
    });
}
