//! The bar at the bottom: problems, how much there is, how large it is shown.

use egui::Ui;

use super::{Workbench, Workspace, counted};
use crate::gui::command::Command;
use crate::gui::request::Request;
use crate::gui::{Theme, top_bar};
use crate::simulation::Severity;

impl Workbench {
    pub(super) fn status_ui(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        ui.horizontal_centered(|ui| {
            let errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            let warnings = self.problems.len() - errors;
            let text = match (errors, warnings) {
                (0, 0) => theme.caption(format!("{} No problems", egui_phosphor::regular::CHECK_CIRCLE)),
                (0, _) => theme.problem(Severity::Warning, &counted(warnings, "warning")).size(theme.sizes.small),
                (_, 0) => theme.problem(Severity::Error, &counted(errors, "error")).size(theme.sizes.small),
                _ => {
                    let both = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
                    theme.problem(Severity::Error, &both).size(theme.sizes.small)
                }
            };
            let response = ui.add(egui::Button::new(text).frame(false));
            if response.on_hover_text("Go to the next problem (F8)").clicked() {
                requests.push(Request::Command(Command::NextProblem));
            }
            let mut broken =
                self.checker.outcomes().iter().filter(|outcome| !outcome.holds()).map(|outcome| outcome.id);
            let all = broken.clone().count();
            if let Some(first) = broken.next() {
                ui.separator();
                let text = theme.problem(Severity::Error, &counted(all, "broken expectation")).size(theme.sizes.small);
                let button = ui.add(egui::Button::new(text).frame(false));
                if button.on_hover_text("Show what no longer comes out").clicked() {
                    requests.extend([Request::Command(Command::Design), Request::Show(first.into())]);
                }
            }
            ui.separator();
            let counts = self.board.counts();
            let text = theme.caption(format!("{} {}", egui_phosphor::regular::CIRCLE_DASHED, counts.sentence()));
            let undecided = ui.add(egui::Button::new(text).frame(false));
            if undecided.on_hover_text("Go to what nobody has decided (Ctrl+2)").clicked() {
                requests.push(Request::Command(Command::Matrix));
            }
            if self.workspace == Workspace::Design {
                self.list_button(ui, theme);
            }
            let project = self.document.project();
            ui.separator();
            ui.label(theme.caption(format!(
                "{}, {}",
                counted(project.states().count(), "state"),
                counted(project.transitions.len(), "arrow")
            )));
            if matches!(self.workspace, Workspace::Results | Workspace::Matrix) {
                return;
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                top_bar::tool(ui, theme, Command::Minimap, None, true, requests);
                top_bar::tool(ui, theme, Command::ZoomToFit, None, true, requests);
                let zoom = theme.caption(format!("{:.0} %", self.canvas.zoom() * 100.0));
                if ui.add(egui::Button::new(zoom).frame(false)).on_hover_text("Zoom to 100 % (Ctrl+0)").clicked() {
                    requests.push(Request::Command(Command::ZoomTo100));
                }
            });
        });
    }
}
