//! Where playing stops: switches for what is selected, and a list of all.

use egui::{Align, Label, Layout, RichText, Ui};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::request::{Request, Selection};
use crate::gui::{Breakpoint, Theme};
use crate::model::{EntityId, Project, capitalised};

impl Simulator {
    /// Switches for the selected state or arrow; nothing for anything else.
    pub fn switches_ui(&self, ui: &mut Ui, project: &Project, selection: &Selection, requests: &mut Vec<Request>) {
        let Some(id) = selection.single() else { return };
        for breakpoint in Breakpoint::possible(project, id) {
            let mut is_set = self.breakpoints().contains(&breakpoint);
            if ui.checkbox(&mut is_set, breakpoint.name()).changed() {
                requests.push(Request::Breakpoint(breakpoint));
            }
        }
    }

    /// Whether something is selected that can have a breakpoint.
    pub fn has_switches(project: &Project, selection: &Selection) -> bool {
        selection.single().is_some_and(|id| !Breakpoint::possible(project, id).is_empty())
    }

    /// All of them, each with a way to it and a way to be rid of it.
    pub(super) fn breakpoints_ui(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        selection: &Selection,
        requests: &mut Vec<Request>,
    ) {
        let selected = Self::has_switches(project, selection);
        if self.breakpoints().is_empty() && !selected {
            return;
        }
        ui.separator();
        ui.label(theme.subheading("Breakpoints"));
        if selected {
            let id = selection.single().unwrap_or(EntityId::Info);
            ui.label(theme.caption(capitalised(&project.describe(id))));
            self.switches_ui(ui, project, selection, requests);
        }
        for breakpoint in self.breakpoints() {
            let words = capitalised(&format!("when somebody {}", breakpoint.describe(project)));
            ui.horizontal(|ui| {
                ui.label(RichText::new(icon::OCTAGON).color(theme.palette.error).size(theme.sizes.body));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let gone = theme.quiet_button(ui, icon::X);
                    let name = format!("Do not stop {words}");
                    gone.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
                    if gone.on_hover_text("Do not stop there any more").clicked() {
                        requests.push(Request::Breakpoint(*breakpoint));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let label = Label::new(theme.text(&words)).truncate().sense(egui::Sense::click());
                        if ui.add(label).on_hover_text(&words).clicked() {
                            requests.push(Request::Show(breakpoint.at()));
                        }
                    });
                });
            });
        }
        if let Some(problem) = self.stage.problem().filter(|_| self.stage.timeline().is_some()) {
            ui.label(theme.problem(crate::simulation::Severity::Warning, problem));
        }
    }
}
