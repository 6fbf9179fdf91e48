//! The inspector: everything about what is selected, in plain words with the exact form beside it.

mod actions;
mod arrow;
mod assumption;
mod behaviour;
mod catalog;
mod contact;
mod decision;
pub(super) mod expectation;
mod generator;
mod guard;
mod journey;
mod policy;
mod spread;
mod state;
mod team;
mod trigger;
mod writing;

use std::sync::Arc;

use egui::{Align, ComboBox, Layout, ScrollArea, Ui};
use egui_phosphor::regular as icon;

use super::Theme;
use super::command::Command;
use super::field::{Field, Look, named, text_field};
use super::request::{Request, Selection};
use crate::analysis::expectation::Outcome;
use crate::document::Document;
use crate::model::{Edit, EntityId, NodeId, Project, Stage};
use crate::simulation::{Problem, Severity};

/// What every part of the inspector looks at.
#[derive(Clone, Copy)]
struct Scene<'a> {
    theme: &'a Theme,
    project: &'a Project,
    revision: u64,
    /// Whether it can be changed.
    editable: bool,
    problems: &'a [Problem],
    outcomes: &'a [Outcome],
}

/// Draws the inspector of `selection`.
pub fn ui(
    ui: &mut Ui,
    theme: &Theme,
    document: &Document,
    selection: &Selection,
    (problems, outcomes): (&[Problem], &[Outcome]),
    requests: &mut Vec<Request>,
) {
    let editable = !document.read_only();
    let scene =
        Scene { theme, project: document.project(), revision: document.revision(), editable, problems, outcomes };
    // Every thing has a scroll position of its own.
    ScrollArea::vertical().id_salt(("inspector", selection.single())).auto_shrink(false).show(ui, |ui| {
        ui.set_width(ui.available_width() - 6.0);
        ui.spacing_mut().item_spacing.y = theme.spacing.small;
        if !editable {
            let why = "This project is read-only. Use Save a copy to change it in another file.";
            ui.label(theme.muted(format!("{}  {why}", icon::LOCK_SIMPLE)));
        }
        match (selection.single(), selection.is_empty()) {
            (Some(id), _) => scene.one(ui, id, requests),
            (None, true) => scene.one(ui, EntityId::Info, requests),
            (None, false) => scene.edit(ui, |ui| scene.many(ui, selection, requests)),
        }
        ui.add_space(theme.spacing.large);
    });
}

impl Scene<'_> {
    fn one(&self, ui: &mut Ui, id: EntityId, requests: &mut Vec<Request>) {
        if let EntityId::Node(id) = id {
            // Much of it leads elsewhere, which is no change.
            self.state(ui, id, requests);
        } else {
            self.edit(ui, |ui| self.fields(ui, id, requests));
        }
        if matches!(id, EntityId::Event(_) | EntityId::Attribute(_) | EntityId::Touchpoint(_) | EntityId::Dataset(_)) {
            self.uses_of(ui, id, requests);
        }
        if id != EntityId::Info && self.project.entity(id).is_some() {
            self.edit(ui, |ui| self.delete_button(ui, vec![id], requests));
        }
    }

    fn fields(&self, ui: &mut Ui, id: EntityId, requests: &mut Vec<Request>) {
        match id {
            EntityId::Info => self.journey(ui, requests),
            EntityId::Node(id) => self.state(ui, id, requests),
            EntityId::Transition(id) => self.arrow(ui, id, requests),
            EntityId::Event(id) => self.event(ui, id, requests),
            EntityId::Attribute(id) => self.attribute(ui, id, requests),
            EntityId::Touchpoint(id) => self.touchpoint(ui, id, requests),
            EntityId::ScoreRule(id) => self.score_rule(ui, id, requests),
            EntityId::Decision(id) => self.decision(ui, id, requests),
            EntityId::Contact(id) => self.contact(ui, id, requests),
            EntityId::Expectation(id) => self.expectation(ui, id, requests),
            EntityId::Behaviour(id) => self.behaviour(ui, id, requests),
            EntityId::Team(id) => self.team(ui, id, requests),
            EntityId::Generator(id) => self.generator(ui, id, requests),
            EntityId::Scenario(id) => self.scenario(ui, id, requests),
            EntityId::Dataset(id) => self.dataset(ui, id),
        }
    }

    /// What changes something; greyed out where nothing can be changed.
    fn edit<R>(&self, ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
        ui.add_enabled_ui(self.editable, content).inner
    }

    fn many(&self, ui: &mut Ui, selection: &Selection, requests: &mut Vec<Request>) {
        let nodes: Vec<NodeId> =
            selection.iter().filter_map(|id| if let EntityId::Node(id) = id { Some(id) } else { None }).collect();
        self.head(ui, "Selection", &format!("{} things", selection.len()));
        if !nodes.is_empty() {
            self.caption(ui, "Stage of all");
            let stages: Vec<Option<Stage>> =
                nodes.iter().filter_map(|id| self.project.nodes.get(id)).map(|node| node.stage).collect();
            if let Some(stage) = self.stage_combo(ui, "stage of all", &stages) {
                requests.push(Request::Edit(Edit::SetStage(nodes.clone(), stage)));
            }
        }
        if nodes.len() > 1 {
            self.caption(ui, "Arrange");
            self.arranging(ui, requests);
            ui.add_space(self.theme.spacing.small);
        }
        self.delete_button(ui, selection.iter().collect(), requests);
    }

    /// A button for each way to put several states in order.
    fn arranging(&self, ui: &mut Ui, requests: &mut Vec<Request>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for command in Command::ARRANGING {
                let button = self.theme.quiet_button(ui, command.icon());
                button.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::WidgetType::Button, ui.is_enabled(), command.name())
                });
                if button.on_hover_text(command.tooltip()).clicked() {
                    requests.push(Request::Command(command));
                }
            }
        });
    }

    /// The kind of the thing, small, over its name.
    fn head(&self, ui: &mut Ui, kind: &str, name: &str) {
        ui.label(self.theme.caption(kind));
        ui.label(self.theme.heading(name));
    }

    fn caption(&self, ui: &mut Ui, text: &str) {
        ui.add_space(self.theme.spacing.tight);
        ui.label(self.theme.caption(text));
    }

    /// A caption, and under it a drop-down that a screen reader calls the same.
    fn choice<T: Clone>(
        &self,
        ui: &mut Ui,
        (key, caption): (impl egui::AsIdSalt, &str),
        current: &str,
        options: &[T],
        text: impl Fn(&T) -> String,
        is_current: impl Fn(&T) -> bool,
    ) -> Option<T> {
        self.caption(ui, caption);
        let width = ui.available_width();
        choose_sized(ui, key, width, (caption, current), options, text, is_current)
    }

    fn section(&self, ui: &mut Ui, text: &str) {
        ui.add_space(self.theme.spacing.medium);
        ui.separator();
        ui.label(self.theme.subheading(text));
    }

    /// A name field; an edit when it was finished.
    fn name_field(
        &self,
        ui: &mut Ui,
        id: EntityId,
        name: &str,
        rename: impl FnOnce(String) -> Edit,
        requests: &mut Vec<Request>,
    ) {
        self.caption(ui, "Name");
        let field = text_field(ui, ("name", id), name, &Look::line("Name"));
        for sentence in writing::limits(name) {
            ui.label(self.theme.caption(sentence));
        }
        if field.draft != name {
            let edit = rename(field.draft.clone());
            requests.extend(self.accepted(ui, ("name", id), &field, edit));
        }
    }

    /// The edit once its text was finished. A text that cannot be had stays in its field, with the reason below.
    fn accepted(&self, ui: &mut Ui, key: impl egui::AsIdSalt, field: &Field, edit: Edit) -> Option<Request> {
        match edit.plan(self.project) {
            Ok(_) => field.finished.is_some().then_some(Request::Edit(edit)),
            Err(refusal) => {
                self.refused(ui, key, field, &refusal.to_string());
                None
            }
        }
    }

    /// A sentence under a field whose text cannot be had and is kept.
    fn refused(&self, ui: &mut Ui, key: impl egui::AsIdSalt, field: &Field, sentence: &str) {
        ui.label(self.theme.problem(Severity::Error, sentence));
        if field.finished.is_some() {
            super::field::keep(ui, key, &field.draft);
        }
    }

    /// The problems of `id`, each in a box.
    fn problems_of(&self, ui: &mut Ui, id: EntityId) {
        for problem in self.problems.iter().filter(|problem| problem.at == id) {
            self.theme.problem_frame(problem.severity).show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.label(self.theme.problem(problem.severity, &problem.message));
            });
        }
    }

    /// Who uses `id`, each a link.
    fn uses_of(&self, ui: &mut Ui, id: EntityId, requests: &mut Vec<Request>) {
        const SHOWN: usize = 50;
        self.section(ui, "Used by");
        // Looking through everything takes a while in a large journey, so it is done once for each state of it.
        let key = ui.id().with("uses");
        let kept = ui.data(|data| data.get_temp::<(EntityId, u64, Arc<Vec<(EntityId, String)>>)>(key));
        let uses = match kept {
            Some((of, revision, uses)) if (of, revision) == (id, self.revision) => uses,
            _ => {
                let users = self.project.uses_of(id).into_iter();
                let told = Arc::new(users.map(|user| (user, self.project.describe(user))).collect::<Vec<_>>());
                ui.data_mut(|data| data.insert_temp(key, (id, self.revision, Arc::clone(&told))));
                told
            }
        };
        if uses.is_empty() {
            ui.label(self.theme.muted("Nothing yet."));
        }
        for (user, text) in uses.iter().take(SHOWN) {
            if self.theme.quiet_button(ui, format!("{}  {text}", icon::ARROW_ELBOW_DOWN_RIGHT)).clicked() {
                requests.push(Request::Show(*user));
            }
        }
        if uses.len() > SHOWN {
            ui.label(self.theme.muted(format!("… and {} more.", uses.len() - SHOWN)));
        }
    }

    /// A small button that takes one line of a list away; whether it was pressed.
    fn remove_button(&self, ui: &mut Ui, what: &str) -> bool {
        let response = self.theme.quiet_button(ui, icon::X);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, what));
        response.on_hover_text(what).clicked()
    }

    fn delete_button(&self, ui: &mut Ui, ids: Vec<EntityId>, requests: &mut Vec<Request>) {
        ui.add_space(self.theme.spacing.medium);
        if self.theme.secondary_button(ui, format!("{}  Delete", icon::TRASH)).clicked() {
            requests.push(Request::Delete(ids));
        }
    }

    /// The stage that was chosen, if one was.
    #[expect(clippy::option_option, reason = "the outer: whether anything was chosen; the inner: no stage")]
    /// Which stage these have, and another one for all of them, once it is chosen.
    fn stage_combo(&self, ui: &mut Ui, key: &str, stages: &[Option<Stage>]) -> Option<Option<Stage>> {
        let text = |stage: Option<Stage>| {
            stage.map_or_else(
                || String::from("no stage"),
                |stage| format!("{}  {}", self.theme.stage(stage).icon, stage.label()),
            )
        };
        let common = stages.first().copied().filter(|first| stages.iter().all(|stage| stage == first));
        let current = common.map_or_else(|| String::from("different stages"), text);
        let options: Vec<Option<Stage>> = std::iter::once(None).chain(Stage::ALL.map(Some)).collect();
        choose(ui, key, ("Stage", &current), &options, |stage| text(*stage), |stage| Some(*stage) == common)
    }
}

/// Something at the right end of a line, and what fills the rest of it.
fn ended_by<A, B>(ui: &mut Ui, end: impl FnOnce(&mut Ui) -> A, rest: impl FnOnce(&mut Ui) -> B) -> (A, B) {
    let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
    let right = Layout::right_to_left(Align::Center);
    let line = ui.allocate_ui_with_layout(size, right, |ui| {
        let end = end(ui);
        (end, ui.with_layout(Layout::left_to_right(Align::Center), rest).inner)
    });
    line.inner
}

/// A drop-down over `options`, with what a screen reader calls it; the one that was chosen anew.
fn choose<T: Clone>(
    ui: &mut Ui,
    key: impl egui::AsIdSalt,
    called: (&str, &str),
    options: &[T],
    text: impl Fn(&T) -> String,
    is_current: impl Fn(&T) -> bool,
) -> Option<T> {
    choose_sized(ui, key, ui.available_width(), called, options, text, is_current)
}

fn choose_sized<T: Clone>(
    ui: &mut Ui,
    key: impl egui::AsIdSalt,
    width: f32,
    (name, current): (&str, &str),
    options: &[T],
    text: impl Fn(&T) -> String,
    is_current: impl Fn(&T) -> bool,
) -> Option<T> {
    let mut chosen = None;
    let list = ComboBox::from_id_salt(key).selected_text(current).width(width).truncate().show_ui(ui, |ui| {
        for option in options {
            let selected = is_current(option);
            if ui.selectable_label(selected, text(option)).clicked() {
                // By itself the list only closes for the pointer.
                ui.close();
                if !selected {
                    chosen = Some(option.clone());
                }
            }
        }
    });
    named(&list.response, name, current);
    chosen
}
