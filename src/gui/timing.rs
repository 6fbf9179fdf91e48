//! What would have come out for a contact with another timing: a list, of which each line leads to the two stories.

use egui::{Label, Modal, ScrollArea};
use egui_phosphor::regular as icon;

use super::Theme;
use super::stories::StoriesDialog;
use crate::analysis::timing::Timing;
use crate::model::{Project, capitalised};

/// The window with the list.
pub struct TimingDialog {
    timing: Timing,
    /// The sentences, made once: what is different, and what comes of it.
    lines: Vec<(String, String)>,
}

/// What the window asks for.
pub enum Answer {
    Close,
    Compare(StoriesDialog),
}

impl TimingDialog {
    pub fn new(project: &Project, timing: Timing) -> Self {
        let line = |alternative| {
            let differences = timing.differences(project, alternative).join(", ");
            (timing.condition(project, alternative), format!("{}.", capitalised(&differences)))
        };
        Self { lines: timing.alternatives.iter().map(line).collect(), timing }
    }

    /// Shows it; `None` while nothing is asked for.
    pub fn ui(&self, ctx: &egui::Context, theme: &Theme, project: &Project) -> Option<Answer> {
        let mut answer = None;
        let modal = Modal::new(egui::Id::new("timing")).frame(theme.card_frame()).show(ctx, |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width((room.width() - 120.0).min(620.0));
            ui.label(theme.heading(format!("{}: what if the timing were different?", self.timing.contact.name)));
            ui.add_space(theme.spacing.small);
            if self.lines.is_empty() {
                ui.label(
                    theme.text(
                        "Nothing would come out otherwise: it rests in the same place, gets and reaches the same.",
                    ),
                );
            }
            ScrollArea::vertical().max_height((room.height() - 260.0).max(120.0)).show(ui, |ui| {
                ui.set_width(ui.available_width());
                for (alternative, (condition, differences)) in self.timing.alternatives.iter().zip(&self.lines) {
                    theme.sunken_frame().show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        ui.add(Label::new(theme.strong(condition.clone())).wrap());
                        ui.add(Label::new(theme.text(differences)).wrap());
                        let button = theme.quiet_button(ui, format!("{}  Compare the stories", icon::COLUMNS));
                        let name = format!("Compare the stories: {condition}");
                        button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &name));
                        if button.clicked() {
                            let comparison = self.timing.compare(project, alternative);
                            let heads = [String::from("As it is"), condition.clone()];
                            let title = format!("{}: {}", self.timing.contact.name, differences.trim_end_matches('.'));
                            answer = Some(Answer::Compare(StoriesDialog::of(title, heads, project.zone(), comparison)));
                        }
                    });
                    ui.add_space(theme.spacing.small);
                }
            });
            ui.add(Label::new(theme.caption(self.timing.bound())).wrap());
            ui.add_space(theme.spacing.medium);
            if theme.primary_button(ui, "Close").clicked() {
                answer = Some(Answer::Close);
            }
        });
        if modal.should_close() && answer.is_none() {
            answer = Some(Answer::Close);
        }
        answer
    }
}
