//! The whole window without a screen, and journeys of any size to open in it.

use std::hint::black_box;

use egui::{Context, Event, Key, Modifiers, RawInput, Rect, pos2, vec2};
use statecraft::document::Document;
use statecraft::gui::App;
use statecraft::gui::settings::Settings;
use statecraft::model::sample::Sample;
use statecraft::model::{Dataset, DatasetInfo, Node, NodeId, Point, Project, Transition, TransitionId};

/// A window of 1280 by 800 points on a project of its own.
pub(crate) struct Window {
    pub(crate) ctx: Context,
    pub(crate) app: App,
    time: f64,
    _folder: tempfile::TempDir,
}

impl Window {
    pub(crate) fn on(project: &Project, history: Option<Dataset>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("bench.statecraft");
        let mut document = Document::create(&file, project).expect("a project file");
        if let Some(history) = history {
            let info = DatasetInfo::named("history", "generated");
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
    pub(crate) fn frame(&mut self, events: Vec<Event>) {
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

    pub(crate) fn press(&mut self, key: Key, modifiers: Modifiers) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![Event::ModifiersChanged(modifiers), event(true)]);
        self.frame(vec![event(false), Event::ModifiersChanged(Modifiers::NONE)]);
    }
}

/// States in a grid, and arrows between them, most of them short.
pub(crate) fn grid(states: u32, arrows: u32) -> Project {
    let mut project = Sample::by_key("repeat-purchase").expect("it is built in").project();
    let (node, arrow) = (project.nodes[&NodeId(1)].clone(), project.transitions[&TransitionId(1)].clone());
    project.nodes.clear();
    project.transitions.clear();
    let wide = states.isqrt() * 4 / 3;
    for index in 0..states {
        let place = |number: u32, step: f32| f32::from(u16::try_from(number).expect("a small grid")) * step;
        let position = Point::new(place(index % wide, 280.0), place(index / wide, 160.0));
        let id = NodeId(index + 1);
        project.nodes.insert(id, Node { id, name: format!("S{index}"), order: id.0, position, ..node.clone() });
    }
    for index in 1..=arrows {
        let from = index % states;
        // To the right, down, and now and then far away.
        let to = match index % 10 {
            0 => (index * 7) % states,
            1..5 => (from + wide) % states,
            _ => (from + 1) % states,
        };
        let (source, target) = (NodeId(1 + from), NodeId(1 + to));
        let id = TransitionId(index);
        project.transitions.insert(id, Transition { id, source, target: Some(target), ..arrow.clone() });
    }
    project.info.start = Some(NodeId(1));
    project
}
