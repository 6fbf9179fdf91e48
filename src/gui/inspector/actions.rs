//! A list of responses: of an arrow, on entry, on exit.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::{Scene, choose, choose_sized, ended_by};
use crate::gui::field::{Look, text_field};
use crate::model::{Action, Formula, sentence};

type Key<'a> = (&'a str, u32);

impl Scene<'_> {
    /// The list anew, once it was changed.
    pub(super) fn actions_editor(
        &self,
        ui: &mut Ui,
        (place, id): (&str, impl Into<u32>),
        actions: &[Action],
    ) -> Option<Vec<Action>> {
        let key: Key = (place, id.into());
        let mut changed = None;
        for (index, action) in actions.iter().enumerate() {
            self.theme.sunken_frame().show(ui, |ui| {
                let said = self.theme.text(sentence::action(self.project, action));
                let (removed, _) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, "Remove response"),
                    |ui| ui.add(egui::Label::new(said).truncate()),
                );
                if removed {
                    let mut left = actions.to_vec();
                    left.remove(index);
                    changed = Some(left);
                }
                if let Some(action) = self.action_editor(ui, (key, index), action) {
                    let mut all = actions.to_vec();
                    all[index] = action;
                    changed = Some(all);
                }
            });
        }
        let choices = self.new_actions();
        let add = format!("{}  Add a response …", icon::PLUS);
        if let Some((_, action)) =
            choose(ui, (key, "add"), ("New response", &add), &choices, |(name, _)| name.clone(), |_| false)
        {
            let mut all = actions.to_vec();
            all.push(action);
            changed = Some(all);
        }
        changed
    }

    fn action_editor(&self, ui: &mut Ui, key: (Key, usize), action: &Action) -> Option<Action> {
        let formula = |ui: &mut Ui, label: &str, formula: &Formula| {
            self.caption(ui, label);
            text_field(ui, (key, label), formula.text(), &Look::line(label).monospace()).finished.map(Formula::new)
        };
        let line = |ui: &mut Ui, label: &str, text: &str| {
            self.caption(ui, label);
            text_field(ui, (key, label), text, &Look::line(label)).finished
        };
        match action {
            Action::Send(current) => {
                let ids: Vec<_> = self.project.touchpoints.keys().copied().collect();
                let name = |id: &_| {
                    self.project.touchpoints.get(id).map_or_else(String::new, |touchpoint| touchpoint.name.clone())
                };
                let width = ui.available_width();
                choose_sized(ui, (key, "touchpoint"), width, ("Touchpoint", &name(current)), &ids, name, |id| {
                    id == current
                })
                .map(Action::Send)
            }
            Action::AddScore { score, points } => {
                formula(ui, "Points", points).map(|points| Action::AddScore { score: *score, points })
            }
            Action::Set { attribute, value } => {
                formula(ui, "Value", value).map(|value| Action::Set { attribute: *attribute, value })
            }
            Action::Notify { team, text } => {
                let new_team = line(ui, "Team", team).map(|team| Action::Notify { team, text: text.clone() });
                let new_text = line(ui, "What to do", text).map(|text| Action::Notify { team: team.clone(), text });
                new_team.or(new_text)
            }
            Action::Convert { point, value } => {
                let new_point =
                    line(ui, "Conversion point", point).map(|point| Action::Convert { point, value: value.clone() });
                let new_value = formula(ui, "Worth (a number or a formula; may be empty)", value)
                    .map(|value| Action::Convert { point: point.clone(), value });
                new_point.or(new_value)
            }
            Action::Raise(current) => {
                let ids: Vec<_> = self.project.events.keys().copied().collect();
                let name = |id: &_| self.project.events.get(id).map_or_else(String::new, |event| event.name.clone());
                let width = ui.available_width();
                choose_sized(ui, (key, "event"), width, ("Event to raise", &name(current)), &ids, name, |id| {
                    id == current
                })
                .map(Action::Raise)
            }
            // Nothing to fill in; or they come by import, and the sentence above them is all that is shown.
            Action::Refer
            | Action::Schedule(_)
            | Action::Cancel(_)
            | Action::Fail(_)
            | Action::Block(_)
            | Action::If(_) => None,
        }
    }

    /// What can be added, each with the words it is offered in.
    fn new_actions(&self) -> Vec<(String, Action)> {
        let mut offers: Vec<(String, Action)> = Vec::new();
        for touchpoint in self.project.touchpoints.values() {
            offers.push((format!("send {}", touchpoint.name), Action::Send(touchpoint.id)));
        }
        offers
            .push((String::from("notify a team"), Action::Notify { team: String::from("Sales"), text: String::new() }));
        offers.push((String::from("start another contact"), Action::Refer));
        let conversion = Action::Convert { point: String::from("conversion"), value: Formula::default() };
        offers.push((String::from("count a conversion"), conversion));
        for attribute in self.project.attributes.values() {
            let id = attribute.id;
            if attribute.kind == crate::model::AttributeKind::Score {
                let points = Formula::new("10");
                offers.push((format!("add to {}", attribute.name), Action::AddScore { score: id, points }));
            }
            offers.push((format!("set {}", attribute.name), Action::Set { attribute: id, value: Formula::default() }));
        }
        for event in self.project.events.values() {
            offers.push((format!("raise {} inside the journey", event.name), Action::Raise(event.id)));
        }
        offers
    }
}
