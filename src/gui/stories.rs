//! Two stories of one contact side by side: the one that was expected and the one that is told now, or the one that is and
//! the one that could be.

use egui::{Align, Layout, Modal, RichText, ScrollArea, Ui};
use egui_phosphor::regular as icon;

use super::Theme;
use super::theme::strong_family;
use crate::analysis::expectation::{Comparison, compare};
use crate::model::{Expectation, Project, Told, Zone};

/// Lines before the first difference that are shown with it.
const BEFORE: usize = 2;

/// The window that shows them.
pub struct StoriesDialog {
    title: String,
    heads: [String; 2],
    zone: Zone,
    comparison: Comparison,
}

impl StoriesDialog {
    pub fn new(project: &Project, expectation: &Expectation) -> Self {
        let heads = ["As it was when it was recorded", "As it is now"].map(String::from);
        Self::of(project.expectation_label(expectation), heads, project.zone(), compare(project, expectation))
    }

    pub fn of(title: String, heads: [String; 2], zone: Zone, comparison: Comparison) -> Self {
        Self { title, heads, zone, comparison }
    }

    /// Shows it; returns whether it should go.
    pub fn ui(&self, ctx: &egui::Context, theme: &Theme) -> bool {
        let modal = Modal::new(egui::Id::new("stories")).frame(theme.card_frame()).show(ctx, |ui| {
            let room = ui.ctx().content_rect();
            ui.set_width((room.width() - 120.0).min(980.0));
            ui.label(theme.heading(&self.title));
            ui.label(theme.muted(self.explanation()));
            ui.add_space(theme.spacing.medium);
            ScrollArea::vertical().max_height((room.height() - 220.0).max(120.0)).show(ui, |ui| {
                ui.set_width(ui.available_width() - 8.0);
                ui.columns(2, |columns| {
                    let Comparison { expected, found, .. } = &self.comparison;
                    for (column, (head, lines)) in columns.iter_mut().zip(self.heads.iter().zip([expected, found])) {
                        // Words keep their distance.
                        column.with_layout(Layout::top_down(Align::Min), |ui| self.story_ui(ui, theme, head, lines));
                    }
                });
            });
            ui.add_space(theme.spacing.medium);
            theme.primary_button(ui, "Close").clicked()
        });
        modal.inner || modal.should_close()
    }

    fn explanation(&self) -> String {
        match self.comparison.differs {
            _ if self.comparison.expected.is_empty() => {
                String::from("No story was recorded with this expectation, so only the present one can be shown.")
            }
            Some(0) => String::from("They differ from the first line on."),
            Some(1) => String::from("The first line is alike. Then the stories part."),
            Some(line) => {
                format!("The first {} are alike. Then the stories part.", super::workbench::counted(line, "line"))
            }
            None => String::from("The stories lead through the same states at the same times."),
        }
    }

    fn story_ui(&self, ui: &mut Ui, theme: &Theme, head: &str, lines: &[Told]) {
        ui.add(egui::Label::new(theme.subheading(head)).wrap());
        let from = self.comparison.differs.map_or(0, |line| line.saturating_sub(BEFORE));
        if from > 0 {
            ui.label(theme.caption(format!("… {} before", super::workbench::counted(from, "line"))));
        }
        for (number, told) in lines.iter().enumerate().skip(from) {
            ui.add_space(theme.spacing.tight);
            ui.label(theme.caption(told.time.display_in(&self.zone)));
            let parts = self.comparison.differs == Some(number);
            let text =
                RichText::new(if parts { format!("{}  {}", icon::GIT_DIFF, told.words) } else { told.words.clone() });
            let text = if parts { text.family(strong_family()).color(theme.palette.error) } else { text };
            ui.add(egui::Label::new(text).wrap());
        }
        if lines.len() <= from {
            ui.label(theme.muted("Nothing happens."));
        }
    }
}
