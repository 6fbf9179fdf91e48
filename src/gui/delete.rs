//! Before something goes that other things use, its uses are listed. Deleting is one step of undo all the same.

use egui::{Modal, ScrollArea};

use super::Theme;
use crate::model::{EntityId, Project};

/// What is about to be deleted, and who uses it.
pub struct DeleteDialog {
    ids: Vec<EntityId>,
    what: String,
    uses: Vec<String>,
}

/// How the dialog ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Open,
    Keep,
    Delete(Vec<EntityId>),
}

impl DeleteDialog {
    /// A dialog for deleting `ids`, or `None` where nothing else would lose anything: then there is nothing to ask.
    #[must_use]
    pub fn new(project: &Project, ids: &[EntityId]) -> Option<Self> {
        let mut found: Vec<EntityId> = Vec::new();
        for user in ids.iter().flat_map(|id| project.uses_of(*id)) {
            // The arrows of a state go with it: everybody expects that. So does the mark of the start.
            let expected = matches!(user, EntityId::Transition(_) | EntityId::Info)
                && ids.iter().any(|id| matches!(id, EntityId::Node(_)));
            if !expected && !found.contains(&user) && !ids.contains(&user) {
                found.push(user);
            }
        }
        if found.is_empty() {
            return None;
        }
        let what = match ids {
            [id] => project.describe(*id),
            _ => format!("{} things", ids.len()),
        };
        let uses = found.into_iter().map(|user| project.describe(user)).collect();
        Some(Self { ids: ids.to_vec(), what, uses })
    }

    pub fn ui(&self, ctx: &egui::Context, theme: &Theme) -> Answer {
        let mut answer = Answer::Open;
        let modal = Modal::new(egui::Id::new("delete")).frame(theme.card_frame()).show(ctx, |ui| {
            ui.set_width(440.0);
            ui.label(theme.heading(format!("Delete {}?", self.what)));
            ui.add_space(theme.spacing.small);
            let count = self.uses.len();
            let places = if count == 1 { String::from("one place") } else { format!("{count} places") };
            ui.label(theme.muted(format!(
                "It is used in {places}. They lose it: triggers become empty, conditions show a problem, recorded events \
                 of it are taken out of sample contacts."
            )));
            ui.add_space(theme.spacing.small);
            theme.sunken_frame().show(ui, |ui| {
                ScrollArea::vertical().max_height(220.0).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    for place in &self.uses {
                        ui.label(theme.text(place));
                    }
                });
            });
            ui.add_space(theme.spacing.medium);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if theme.danger_button(ui, "Delete").clicked() {
                    answer = Answer::Delete(self.ids.clone());
                }
                let keep = theme.secondary_button(ui, "Keep it");
                if keep.clicked() {
                    answer = Answer::Keep;
                }
            });
        });
        if modal.should_close() && answer == Answer::Open {
            answer = Answer::Keep;
        }
        answer
    }
}
