//! Keys, pointer, and what the system sends a window.

use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Pos2};
use egui_kittest::kittest::Queryable as _;

use super::driver::Window;

impl Window {
    pub(crate) fn event(&mut self, event: Event) {
        self.harness.event(event);
        self.step();
    }

    pub(crate) fn key(&mut self, key: Key) {
        self.key_with(key, Modifiers::NONE);
    }

    pub(crate) fn key_with(&mut self, key: Key, modifiers: Modifiers) {
        self.event(Event::ModifiersChanged(modifiers));
        for pressed in [true, false] {
            self.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers });
        }
        self.event(Event::ModifiersChanged(Modifiers::NONE));
        self.rest();
    }

    pub(crate) fn ctrl(&mut self, key: Key) {
        self.key_with(key, Modifiers::COMMAND);
    }

    pub(crate) fn typed(&mut self, text: &str) {
        self.event(Event::Text(text.to_owned()));
        self.rest();
    }

    pub(crate) fn click_at(&mut self, pos: Pos2) {
        self.event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
            self.event(Event::PointerButton { pos, button, pressed, modifiers });
        }
        // So that the next one is no double click.
        for _ in 0..30 {
            self.step();
        }
    }

    pub(crate) fn right_click_at(&mut self, pos: Pos2) {
        self.event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            let (button, modifiers) = (egui::PointerButton::Secondary, Modifiers::NONE);
            self.event(Event::PointerButton { pos, button, pressed, modifiers });
        }
        self.rest();
    }

    pub(crate) fn place(&self, label: &str) -> Pos2 {
        self.harness.get_all_by_label(label).next().unwrap().rect().center()
    }

    /// One step to the left on the slider.
    pub(crate) fn slide_left(&mut self) {
        self.one("slider", |node| node.role() == Role::Slider).focus();
        self.rest();
        self.key(Key::ArrowLeft);
    }

    /// The user closes the window.
    pub(crate) fn close_requested(&mut self) {
        self.called_off = false;
        let viewport = self.harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        viewport.events.push(egui::ViewportEvent::Close);
        self.step();
        self.called_off = self
            .harness
            .output()
            .viewport_output
            .values()
            .any(|viewport| viewport.commands.contains(&egui::ViewportCommand::CancelClose));
        for viewport in self.harness.input_mut().viewports.values_mut() {
            viewport.events.clear();
        }
        self.rest();
    }

    /// Whether the program called off the last wish to close its window.
    pub(crate) fn close_was_called_off(&self) -> bool {
        self.called_off
    }

    pub(crate) fn drop_file(&mut self, path: &Path) {
        self.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.to_owned())));
        self.rest();
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}
