//! The send policy, and what money of later is worth: parts of the inspector of the journey.

use egui::{DragValue, Ui};
use egui_phosphor::regular as icon;

use super::assumption::Place;
use super::trigger::named_duration_editor;
use super::{Scene, choose_sized, ended_by};
use crate::gui::request::Request;
use crate::model::send_policy::{Cap, QuietHours, SendPolicy};
use crate::model::{Assumption, Channel, Duration, Edit, Formula, Hours};

impl Scene<'_> {
    pub(super) fn policy(&self, ui: &mut Ui, requests: &mut Vec<Request>) {
        let policy = &self.project.info.send_policy;
        let mut changed = policy.clone();
        self.section(ui, "Who has agreed to be written to");
        if let Some(text) =
            self.condition_editor(ui, "consent", ("Consent", "Everybody: no condition."), &policy.consent)
        {
            changed.consent = Formula::new(text.trim());
        }
        self.section(ui, "Who must not be written to now");
        if let Some(text) =
            self.condition_editor(ui, "suppression", ("Suppression", "Nobody is left out."), &policy.suppression)
        {
            changed.suppression = Formula::new(text.trim());
        }
        self.section(ui, "How often");
        self.caps(ui, &mut changed);
        self.section(ui, "Quiet hours");
        self.quiet(ui, &mut changed);
        if changed != *policy {
            requests.push(Request::Edit(Edit::SetSendPolicy(changed)));
        }
    }

    fn caps(&self, ui: &mut Ui, policy: &mut SendPolicy) {
        let mut removed = None;
        for (index, cap) in policy.caps.iter_mut().enumerate() {
            self.theme.sunken_frame().show(ui, |ui| {
                let (gone, ()) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, &format!("Remove cap {}", index + 1)),
                    |ui| {
                        ui.label(self.theme.caption("at most"));
                        count(ui, index, &mut cap.most);
                        channel(ui, (&format!("Channel of cap {}", index + 1), "cap channel", index), &mut cap.channel);
                    },
                );
                if gone {
                    removed = Some(index);
                }
                ui.label(self.theme.caption("in any"));
                let name = format!("Time of cap {}", index + 1);
                if let Some(within) = named_duration_editor(ui, ("cap", index), &name, cap.within) {
                    cap.within = within;
                }
            });
        }
        if let Some(index) = removed {
            policy.caps.remove(index);
        }
        if policy.caps.is_empty() {
            ui.label(self.theme.muted("As often as the journey says."));
        }
        if self.theme.secondary_button(ui, format!("{}  Add a cap", icon::PLUS)).clicked() {
            policy.caps.push(Cap { channel: None, most: 3, within: Duration::days(7) });
        }
    }

    fn quiet(&self, ui: &mut Ui, policy: &mut SendPolicy) {
        let mut removed = None;
        for (index, quiet) in policy.quiet.iter_mut().enumerate() {
            self.theme.sunken_frame().show(ui, |ui| {
                let (gone, ()) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, &format!("Remove quiet hours {}", index + 1)),
                    |ui| {
                        let name = format!("Channel of quiet hours {}", index + 1);
                        channel(ui, (&name, "quiet channel", index), &mut quiet.channel);
                    },
                );
                if gone {
                    removed = Some(index);
                }
                let name = format!("Quiet hours {}", index + 1);
                if let Some(hours) = self.hours_field(ui, ("quiet", index), &name, quiet.hours) {
                    quiet.hours = hours;
                }
            });
        }
        if let Some(index) = removed {
            policy.quiet.remove(index);
        }
        if policy.quiet.is_empty() {
            ui.label(self.theme.muted("Messages go out day and night."));
        }
        if self.theme.secondary_button(ui, format!("{}  Add quiet hours", icon::PLUS)).clicked()
            && let Ok(hours) = "21:00–08:00".parse::<Hours>()
        {
            policy.quiet.push(QuietHours { channel: None, hours });
        }
        if !policy.quiet.is_empty() {
            ui.label(self.theme.caption("On the contact's clock. What comes then is held until they end."));
            ui.checkbox(&mut policy.drop_when_left, "Drop what is held if its state was left meanwhile");
        }
    }

    pub(super) fn discount(&self, ui: &mut Ui, requests: &mut Vec<Request>) {
        let discount = &self.project.info.discount;
        let mut changed = discount.clone();
        self.section(ui, "Money of later");
        let mut worth_less = discount.is_some();
        if ui.checkbox(&mut worth_less, "Money of a month later is worth less").changed() {
            changed = worth_less.then(|| Assumption::guessed(0.01));
        }
        if let Some(number) = &mut changed {
            self.caption(ui, "A month by");
            self.assumption(ui, "discount", &Place::share("Discount a month"), number);
        }
        if changed != *discount {
            requests.push(Request::Edit(Edit::SetDiscount(changed)));
        }
    }
}

/// How many messages at most; changes once the gesture is over.
fn count(ui: &mut Ui, index: usize, most: &mut u32) {
    let draft = egui::Id::new(("cap draft", index));
    let mut number = ui.data(|data| data.get_temp(draft)).unwrap_or(*most);
    let response = ui.add_sized([56.0, 28.0], DragValue::new(&mut number).range(0..=1_000).update_while_editing(false));
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::drag_value(true, f64::from(number));
        info.label = Some(format!("Cap {}", index + 1));
        info
    });
    if response.dragged() {
        ui.data_mut(|data| data.insert_temp(draft, number));
    } else {
        ui.data_mut(|data| data.remove::<u32>(draft));
        *most = number;
    }
}

fn channel(ui: &mut Ui, (name, what, index): (&str, &str, usize), current: &mut Option<Channel>) {
    let options: Vec<Option<Channel>> = std::iter::once(None).chain(Channel::ALL.map(Some)).collect();
    let text = |channel: &Option<Channel>| {
        channel.map_or_else(|| String::from("messages of all channels"), |channel| channel.to_string())
    };
    let (width, now) = (ui.available_width(), *current);
    if let Some(chosen) = choose_sized(ui, (what, index), width, (name, &text(&now)), &options, text, |one| *one == now)
    {
        *current = chosen;
    }
}
