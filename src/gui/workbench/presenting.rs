//! The journey on the wall: the screen is filled, bars and panels are away, type is larger, and no contact is named.

use egui::{CentralPanel, Key, Modifiers, Panel, Ui};

use super::{Leave, Workbench, Workspace, bar_frame};
use crate::gui::Theme;
use crate::gui::command::Command;
use crate::gui::request::Request;
use crate::gui::simulator::caption;

impl Workbench {
    /// Begins to present, or ends it.
    pub(super) fn present(&mut self, on: bool) {
        self.presenting = on;
        self.results.name_nobody(on);
        self.canvas.fit();
        self.leave = Some(Leave::Present);
    }

    /// What is left of them on the wall.
    pub(super) fn presented_panels(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        modal_open: bool,
        requests: &mut Vec<Request>,
    ) {
        match self.workspace {
            Workspace::Design => {}
            Workspace::Matrix => {
                CentralPanel::no_frame().show(ui, |ui| {
                    self.board.ui(ui, theme, &self.document, &self.selection, !modal_open, requests);
                });
            }
            Workspace::Simulate => {
                self.simulator.update(&self.document, ui.ctx());
                Panel::bottom("caption").exact_size(caption::HEIGHT).frame(bar_frame(theme)).show(ui, |ui| {
                    self.simulator.caption_ui(ui, theme, self.document.project());
                });
            }
            Workspace::Results => {
                self.simulator.update(&self.document, ui.ctx());
                CentralPanel::no_frame().show(ui, |ui| {
                    self.results.ui(ui, theme, &self.document, &self.simulator, requests);
                });
            }
        }
    }

    /// The keys of a presenter's remote control, and the way out.
    pub(super) fn presenter_keys(&self, ctx: &egui::Context) -> impl Iterator<Item = Command> + use<> {
        let on_stage = self.workspace == Workspace::Simulate;
        let keys = [
            (Key::Escape, Command::Present, true),
            (Key::ArrowRight, Command::StepForward, on_stage),
            (Key::PageDown, Command::StepForward, on_stage),
            (Key::ArrowLeft, Command::StepBack, on_stage),
            (Key::PageUp, Command::StepBack, on_stage),
        ];
        let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let commands: Vec<Command> =
            keys.into_iter().filter(|(key, _, here)| *here && pressed(*key)).map(|(_, command, _)| command).collect();
        commands.into_iter()
    }
}
