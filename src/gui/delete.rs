//! Before something goes that other things use, its uses are listed. Deleting is one step of undo all the same.

use egui::{Modal, ScrollArea};

use super::Theme;
use crate::model::{Edit, EntityId, NodeId, Project};

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
            if !is_expected(project, user, ids) && !found.contains(&user) && !ids.contains(&user) {
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
        let changes = Edit::Delete(ids.to_vec()).plan(project).unwrap_or_default();
        let fate = |user: EntityId| {
            let change = changes.iter().rev().find(|change| change.id == user);
            match change.map(|change| change.after.is_some()) {
                Some(false) => "goes with it",
                Some(true) => "loses it",
                None => "names it in a condition or a value, which cannot be read any more",
            }
        };
        let uses = found.into_iter().map(|user| format!("{}: {}", project.describe(user), fate(user))).collect();
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
            ui.label(
                theme.muted(format!("It is used in {places}. This is what becomes of them; one undo brings all back.")),
            );
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

/// The arrows of a state go with it: everybody expects that. So does the mark of the start.
fn is_expected(project: &Project, user: EntityId, ids: &[EntityId]) -> bool {
    let is_deleted = |node: NodeId| ids.contains(&node.into());
    match user {
        EntityId::Transition(id) => project
            .transitions
            .get(&id)
            .is_some_and(|arrow| is_deleted(arrow.source) || arrow.targets().any(is_deleted)),
        EntityId::Info => project.info.start.is_some_and(is_deleted),
        _ => false,
    }
}
