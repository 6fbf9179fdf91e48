//! The inspector of a sample contact: what is known of them, and what happened to them.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::{Scene, choose, choose_sized, ended_by};
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::{AttributeKind, Contact, ContactId, Edit, EventId, Occurrence, Time, Value, Zone};
use crate::simulation::Severity;

impl Scene<'_> {
    pub(super) fn contact(&self, ui: &mut Ui, id: ContactId, requests: &mut Vec<Request>) {
        let Some(contact) = self.project.contacts.get(&id) else { return };
        self.head(ui, "sample contact", &contact.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &contact.name, |name| Edit::RenameContact(id, name), requests);
        let zone =
            Zone::named(&contact.zone).ok().filter(|_| !contact.zone.is_empty()).unwrap_or_else(|| self.project.zone());
        let mut changed = contact.clone();
        self.caption(ui, "Note");
        if let Some(note) = text_field(ui, ("contact note", id), &contact.note, &Look::line("Note").rows(2)).finished {
            changed.note = note;
        }
        self.caption(ui, "Enters the journey; empty: with the first event");
        let start = contact.start.map(|start| start.display_in(&zone)).unwrap_or_default();
        if let Some(time) = self.time_field(ui, ("start", id), &start, &zone) {
            changed.start = time;
        }
        self.caption(ui, "Time zone; empty: that of the journey");
        let look = Look::line("Time zone").hint("Europe/Berlin");
        if let Some(zone) = text_field(ui, ("contact zone", id), &contact.zone, &look).finished {
            zone.trim().clone_into(&mut changed.zone);
        }
        self.attributes_of(ui, contact, &mut changed, &zone);
        self.occurrences_of(ui, contact, &mut changed, &zone);
        if changed != *contact {
            requests.push(Request::Edit(Edit::SetContact(changed)));
        }
    }

    fn attributes_of(&self, ui: &mut Ui, contact: &Contact, changed: &mut Contact, zone: &Zone) {
        if self.project.attributes.is_empty() {
            return;
        }
        self.section(ui, "Known");
        for attribute in self.project.attributes.values() {
            let current = contact.attributes.get(&attribute.id);
            let text = match current {
                None | Some(Value::Unknown) => String::new(),
                Some(Value::Time(time)) => time.display_in(zone),
                Some(value) => value.to_string(),
            };
            self.caption(ui, &attribute.name);
            let key = ("value", contact.id, attribute.id);
            match self.value_field(ui, key, (&attribute.name, &attribute.kind), &text, zone) {
                Some(Value::Unknown) => {
                    changed.attributes.remove(&attribute.id);
                }
                Some(value) => {
                    changed.attributes.insert(attribute.id, value);
                }
                None => {}
            }
        }
    }

    /// A field for a value of an attribute of this name and kind; the value once it was changed. What does not fit is not
    /// taken, and said.
    pub(super) fn value_field(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        (name, kind): (&str, &AttributeKind),
        text: &str,
        zone: &Zone,
    ) -> Option<Value> {
        let options: Option<Vec<&str>> = match kind {
            AttributeKind::Choice(choices) => Some(choices.iter().map(String::as_str).collect()),
            AttributeKind::YesNo => Some(vec!["yes", "no"]),
            _ => None,
        };
        let typed = if let Some(options) = options {
            let options: Vec<String> = std::iter::once("unknown").chain(options).map(str::to_owned).collect();
            let shown = if text.is_empty() { "unknown" } else { text };
            choose(ui, key, (name, shown), &options, Clone::clone, |option| option == shown)
                .map(|option| if option == "unknown" { String::new() } else { option })
        } else {
            let field = text_field(ui, key, text, &Look::line(name).hint("unknown"));
            if value(&field.draft, kind, zone).is_none() {
                let sentence = format!("\"{}\" is no {}.", field.draft.trim(), kind.label());
                self.refused(ui, key, &field, &sentence);
            }
            field.finished
        };
        value(&typed?, kind, zone)
    }

    fn occurrences_of(&self, ui: &mut Ui, contact: &Contact, changed: &mut Contact, zone: &Zone) {
        self.section(ui, "What happened");
        let events: Vec<EventId> = self.project.events.keys().copied().collect();
        let name = |id: &EventId| self.project.events.get(id).map_or_else(String::new, |event| event.name.clone());
        if events.is_empty() {
            ui.label(self.theme.muted("Add an event to the catalogue first."));
            return;
        }
        for (index, occurrence) in contact.occurrences.iter().enumerate() {
            let key = ("occurrence", contact.id, index);
            let (removed, ()) = ended_by(
                ui,
                |ui| self.remove_button(ui, "Remove event"),
                |ui| {
                    let time = ui.allocate_ui(egui::vec2(142.0, 30.0), |ui| {
                        self.time_field(ui, (key, "time"), &occurrence.time.display_in(zone), zone)
                    });
                    if let Some(Some(time)) = time.inner {
                        changed.occurrences[index].time = time;
                    }
                    let width = ui.available_width();
                    if let Some(event) = choose_sized(
                        ui,
                        (key, "event"),
                        width,
                        ("What happened", &name(&occurrence.event)),
                        &events,
                        name,
                        |e| *e == occurrence.event,
                    ) {
                        changed.occurrences[index].event = event;
                    }
                },
            );
            if removed {
                changed.occurrences.remove(index);
                return;
            }
            self.fields_of(ui, key, occurrence, &mut changed.occurrences[index]);
        }
        let text = format!("{}  Add an event …", icon::PLUS);
        if let Some(event) =
            choose(ui, ("add occurrence", contact.id), ("New occurrence", &text), &events, name, |_| false)
        {
            let day = Time(86_400_000);
            let time = contact.occurrences.last().map_or_else(
                || contact.start.or_else(|| Time::parse("2026-01-01", zone).ok()).unwrap_or_default(),
                |last| Time(last.time.0 + day.0),
            );
            changed.occurrences.push(Occurrence { time, event, fields: std::collections::BTreeMap::new() });
        }
    }

    fn fields_of(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt + Copy,
        occurrence: &Occurrence,
        changed: &mut Occurrence,
    ) {
        let Some(event) = self.project.events.get(&occurrence.event) else { return };
        for field in &event.fields {
            ui.horizontal(|ui| {
                ui.add_space(14.0);
                ui.label(self.theme.caption(&field.name));
                let text = occurrence.fields.get(&field.name).map(ToString::to_string).unwrap_or_default();
                let Some(typed) =
                    text_field(ui, (key, &field.name), &text, &Look::line(&field.name).hint("unknown")).finished
                else {
                    return;
                };
                match typed.trim() {
                    "" => {
                        changed.fields.remove(&field.name);
                    }
                    typed => {
                        let value = typed.parse().map_or_else(|_| Value::Text(typed.to_owned()), Value::Number);
                        changed.fields.insert(field.name.clone(), value);
                    }
                }
            });
        }
    }

    /// The time once it was changed; `Some(None)` for an emptied field.
    #[expect(clippy::option_option, reason = "the outer: whether it was finished; the inner: no time")]
    pub(super) fn time_field(
        &self,
        ui: &mut Ui,
        key: impl egui::AsIdSalt,
        text: &str,
        zone: &Zone,
    ) -> Option<Option<Time>> {
        let field = text_field(ui, key, text, &Look::line("Time").hint("2026-03-01 14:30"));
        let typed = field.finished.as_deref().unwrap_or(&field.draft).trim();
        if typed.is_empty() {
            return field.finished.as_ref().map(|_| None);
        }
        match Time::parse(typed, zone) {
            Ok(time) => field.finished.map(|_| Some(time)),
            Err(problem) => {
                if field.response.has_focus() {
                    ui.label(self.theme.problem(Severity::Error, &problem));
                }
                None
            }
        }
    }
}

/// The typed text as a value of that kind; `None` where it does not fit.
pub(super) fn value(typed: &str, kind: &AttributeKind, zone: &Zone) -> Option<Value> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(Value::Unknown);
    }
    match kind {
        AttributeKind::Number | AttributeKind::Score => {
            typed.parse().ok().filter(|number: &f64| number.is_finite()).map(Value::Number)
        }
        AttributeKind::Text | AttributeKind::Choice(_) => Some(Value::Text(typed.to_owned())),
        AttributeKind::YesNo => match typed {
            "yes" => Some(Value::YesNo(true)),
            "no" => Some(Value::YesNo(false)),
            _ => None,
        },
        AttributeKind::Time => Time::parse(typed, zone).ok().map(Value::Time),
    }
}
