//! What is wrong with the open project: when it is looked for, the list of it, and the walk from one thing to the next.

use egui::{Frame, Margin, Panel, Ui};
use egui_notify::Toasts;

use super::{Workbench, Workspace, said};
use crate::gui::Theme;
use crate::gui::problems::{Ask, ShownDialog};
use crate::gui::request::{Request, Selection};
use crate::gui::timing::TimingDialog;
use crate::simulation::Severity;

impl Workbench {
    /// Problems are looked for again when the drawing has changed.
    pub(super) fn check(&mut self, ctx: &egui::Context, toasts: &mut Toasts) {
        let revision = self.document.revision();
        if self.settled != Some(revision) {
            self.settled = Some(revision);
            self.board.update(&self.document);
            let project = self.document.project();
            self.selection.retain(|id| project.entity(id).is_some());
        }
        if self.checker.update(&self.document, ctx) {
            let all = self.checker.findings().iter().map(|finding| &finding.problem);
            self.problems = all.filter(|problem| problem.severity > Severity::Hint).cloned().collect();
        }
        match self.listed.proved() {
            Some(Ok(shown)) => self.showing = Some(ShownDialog::new(shown)),
            Some(Err(sentence)) => said(toasts, &sentence),
            None => {}
        }
        match self.board.found() {
            Some(Ok(shown)) => self.showing = Some(ShownDialog::meeting(shown)),
            Some(Err(sentence)) => said(toasts, &sentence),
            None => {}
        }
        if let Some(timing) = self.simulator.timing() {
            self.timing = Some(TimingDialog::new(self.document.project(), timing));
        }
    }

    pub(super) fn problems_panel(&mut self, ui: &mut Ui, theme: &Theme, requests: &mut Vec<Request>) {
        let frame = Frame::new().fill(theme.palette.panel).inner_margin(Margin::symmetric(14, 10));
        Panel::bottom("problems").default_size(176.0).min_size(96.0).max_size(420.0).resizable(true).frame(frame).show(
            ui,
            |ui| {
                let editable = !self.document.read_only();
                let asked =
                    self.listed.ui(ui, theme, &self.document, self.checker.findings(), &self.selection, editable);
                match asked {
                    Some(Ask::Fix(edit)) => requests.push(Request::Edit(*edit)),
                    Some(Ask::Show(id)) => requests.push(Request::Show(id)),
                    None => {}
                }
            },
        );
    }

    /// The button in the status bar that opens the list.
    pub(super) fn list_button(&mut self, ui: &mut Ui, theme: &Theme) {
        if self.workspace != Workspace::Design {
            return;
        }
        let open = self.listed.is_open();
        let what = if open { "Hide the list of problems and hints" } else { "List all problems and hints" };
        let icon = theme.caption(egui_phosphor::regular::LIST_BULLETS);
        let button = ui.add(egui::Button::new(icon).frame(false).selected(open)).on_hover_text(what);
        button.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::Button, true, open, "List of problems"));
        if button.clicked() {
            self.listed.toggle();
        }
    }

    pub(super) fn next_problem(&mut self, toasts: &mut Toasts) {
        if self.problems.is_empty() {
            said(toasts, "No problems");
            return;
        }
        let current = self.problems.iter().position(|problem| self.selection.contains(problem.at));
        let next = current.map_or(0, |current| {
            // Several problems of one thing are shown together, so go on to the next thing.
            let after = (1..=self.problems.len()).map(|step| (current + step) % self.problems.len());
            after.into_iter().find(|index| !self.selection.contains(self.problems[*index].at)).unwrap_or(current)
        });
        let at = self.problems[next].at;
        self.selection = Selection::one(at);
        self.canvas.reveal(at);
        self.workspace = Workspace::Design;
    }
}
