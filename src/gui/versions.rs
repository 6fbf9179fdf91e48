//! The earlier versions of a project that this computer keeps, to open one as a copy.

use egui::{Align, Layout, Modal, ScrollArea};

use super::{Theme, clock};
use crate::store::{ROOM, Version};

/// A dialog that lists them.
pub struct VersionsDialog {
    versions: Vec<Version>,
}

/// How it goes on.
pub enum Answer {
    Open,
    Close,
    OpenCopy(Version),
}

impl VersionsDialog {
    #[must_use]
    pub fn new(versions: Vec<Version>) -> Self {
        Self { versions }
    }

    pub fn ui(&self, ctx: &egui::Context, theme: &Theme) -> Answer {
        let mut answer = Answer::Open;
        let modal = Modal::new(egui::Id::new("versions")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(560.0);
            ui.label(theme.heading("Earlier versions"));
            ui.add_space(theme.spacing.small);
            ui.label(theme.muted(format!(
                "Kept on this computer every ten minutes while you edit, on closing, and before an import. The last {} of \
                 each project are kept, {} GB of all projects together.",
                ROOM.versions,
                ROOM.bytes >> 30
            )));
            ui.add_space(theme.spacing.medium);
            if self.versions.is_empty() {
                ui.label(theme.text("There is none of this project yet."));
            }
            theme.sunken_frame().show(ui, |ui| {
                let height = (ui.ctx().content_rect().height() - 300.0).clamp(120.0, 360.0);
                ScrollArea::vertical().max_height(height).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    for version in &self.versions {
                        ui.horizontal(|ui| {
                            ui.label(theme.strong(clock::day_and_time(version.at)));
                            ui.label(theme.caption(format!("{}, {}", version.why, size(version.size))));
                            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                                let button = theme.secondary_button(ui, "Open as a copy");
                                button.widget_info(|| {
                                    let name = format!("Open the version of {} as a copy", clock::day_and_time(version.at));
                                    egui::WidgetInfo::labeled(egui::WidgetType::Button, true, name)
                                });
                                if button.clicked() {
                                    answer = Answer::OpenCopy(version.clone());
                                }
                            });
                        });
                    }
                });
            });
            ui.add_space(theme.spacing.medium);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if theme.primary_button(ui, "Close").clicked() {
                    answer = Answer::Close;
                }
            });
        });
        if modal.should_close() && matches!(answer, Answer::Open) {
            answer = Answer::Close;
        }
        answer
    }
}

/// `40 KB`, `1.2 MB`
fn size(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    if tenths < 10 { format!("{} KB", bytes.div_ceil(1024)) } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
}
