//! The whole window without a screen.

use egui::{Event, Key, Modifiers};
use statecraft::document::Document;
use statecraft::gui::App;
use statecraft::gui::settings::Settings;
use statecraft::model::{Dataset, DatasetInfo, Project};

use super::screen::Screen;

/// A window on a project of its own.
pub(crate) struct Window {
    pub(crate) app: App,
    screen: Screen,
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
        let screen = Screen::default();
        let mut app = App::with(&screen.ctx, Settings::in_memory(), folder.path().to_owned());
        app.open(&screen.ctx, &file);
        let mut window = Self { app, screen, _folder: folder };
        for _ in 0..10 {
            window.frame(Vec::new());
        }
        window
    }

    pub(crate) fn frame(&mut self, events: Vec<Event>) {
        self.screen.frame(events, |ui| self.app.frame_ui(ui));
    }

    pub(crate) fn press(&mut self, key: Key, modifiers: Modifiers) {
        let event = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
        self.frame(vec![Event::ModifiersChanged(modifiers), event(true)]);
        self.frame(vec![event(false), Event::ModifiersChanged(Modifiers::NONE)]);
    }
}
