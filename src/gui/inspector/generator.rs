//! The inspector of a generated population: how many, when they start, who they are, what happened to them before.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::assumption::Place;
use super::trigger::named_duration_editor;
use super::{Scene, choose, ended_by};
use crate::analysis::more_than_all;
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::generator::{Generator, Prior};
use crate::model::{Assumption, AttributeId, AttributeKind, Draw, Duration, Edit, EventId, GeneratorId, Value, Zone};
use crate::simulation::Severity;

impl Scene<'_> {
    pub(super) fn generator(&self, ui: &mut Ui, id: GeneratorId, requests: &mut Vec<Request>) {
        let Some(generator) = self.project.generators.get(&id) else { return };
        self.head(ui, "generated population", &generator.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &generator.name, |name| Edit::RenameGenerator(id, name), requests);
        let mut changed = generator.clone();
        self.caption(ui, "Contacts");
        let field = text_field(ui, ("contacts", id), &generator.contacts.to_string(), &Look::line("Contacts"));
        match field.draft.trim().replace(',', "").parse::<u32>() {
            Ok(contacts) if field.finished.is_some() => changed.contacts = contacts,
            Ok(_) => {}
            Err(_) => {
                let sentence = format!("\"{}\" is no number of contacts; write 2000.", field.draft.trim());
                self.refused(ui, ("contacts", id), &field, &sentence);
            }
        }
        self.starts(ui, generator, &mut changed);
        self.zones(ui, generator, &mut changed);
        self.drawn_attributes(ui, generator, &mut changed);
        self.earlier_events(ui, generator, &mut changed);
        self.caption(ui, "Note");
        if let Some(note) =
            text_field(ui, ("generator note", id), &generator.note, &Look::line("Note").rows(2)).finished
        {
            changed.note = note;
        }
        if changed != *generator {
            requests.push(Request::Edit(Edit::SetGenerator(changed)));
        }
        self.uses_of(ui, id.into(), requests);
        self.delete_button(ui, vec![id.into()], requests);
    }

    fn starts(&self, ui: &mut Ui, generator: &Generator, changed: &mut Generator) {
        let id = generator.id;
        let zone = self.project.zone();
        self.caption(ui, "The first can start on");
        if let Some(Some(time)) = self.time_field(ui, ("from", id), &generator.from.display_in(&zone), &zone) {
            changed.from = time;
        }
        let mut spread = generator.over.is_some();
        if ui.checkbox(&mut spread, "Starts are spread evenly; otherwise all start at once").changed() {
            changed.over = spread.then(|| Duration::days(30));
        }
        if let Some(over) = generator.over {
            self.caption(ui, "Over");
            if let Some(over) = named_duration_editor(ui, ("over", id), "Over", over) {
                changed.over = Some(over);
            }
        }
    }

    fn zones(&self, ui: &mut Ui, generator: &Generator, changed: &mut Generator) {
        self.section(ui, "Time zones");
        ui.label(self.theme.caption("Who is in none of these is in the zone of the journey."));
        let mut removed = None;
        for (index, (zone, share)) in changed.zones.iter_mut().enumerate() {
            let key = ("zone of population", generator.id, index);
            self.theme.sunken_frame().show(ui, |ui| {
                let (gone, field) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, &format!("Remove {zone}")),
                    |ui| {
                        let label = format!("Time zone {}", index + 1);
                        text_field(ui, key, zone, &Look::line(&label).hint("Europe/Berlin"))
                    },
                );
                match Zone::named(&field.draft) {
                    Err(problem) => self.refused(ui, key, &field, &format!("{problem}.")),
                    Ok(_) => {
                        if let Some(typed) = &field.finished {
                            typed.trim().clone_into(zone);
                        }
                    }
                }
                if gone {
                    removed = Some(index);
                }
                let name = format!("Share of {zone}");
                self.assumption(ui, (key, "share"), &Place::share(&name), share);
            });
        }
        if let Some(index) = removed {
            changed.zones.remove(index);
        }
        if let Some(sum) = more_than_all(changed.zones.iter().map(|(_, share)| share)) {
            ui.label(self.theme.problem(Severity::Error, &format!("The time zones add up to {sum} %.")));
        }
        if self.theme.secondary_button(ui, format!("{}  Add a time zone", icon::PLUS)).clicked() {
            changed.zones.push((String::from("UTC"), Assumption::guessed(0.1)));
        }
    }

    fn drawn_attributes(&self, ui: &mut Ui, generator: &Generator, changed: &mut Generator) {
        self.section(ui, "What is known of them");
        if self.project.attributes.is_empty() {
            ui.label(self.theme.muted("Nothing: there are no attributes in the catalogue."));
            return;
        }
        let mut removed = None;
        for (index, (attribute, draw)) in changed.attributes.iter_mut().enumerate() {
            let Some(attribute) = self.project.attributes.get(attribute) else { continue };
            self.theme.sunken_frame().show(ui, |ui| {
                let name = &attribute.name;
                let (gone, _) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, &format!("Do not draw {name}")),
                    |ui| ui.add(egui::Label::new(self.theme.strong(name)).truncate()),
                );
                if gone {
                    removed = Some(index);
                }
                self.draw(ui, ("draw", generator.id, attribute.id), (name, &attribute.kind), draw);
            });
        }
        if let Some(index) = removed {
            changed.attributes.remove(index);
        }
        let free: Vec<AttributeId> = self
            .project
            .attributes
            .keys()
            .copied()
            .filter(|id| generator.attributes.iter().all(|(drawn, _)| drawn != id))
            .collect();
        if free.is_empty() {
            return;
        }
        let name = |id: &AttributeId| self.project.attributes.get(id).map_or_else(String::new, |one| one.name.clone());
        let add = format!("{}  Draw an attribute …", icon::PLUS);
        if let Some(attribute) = choose(ui, ("add draw", generator.id), ("New draw", &add), &free, name, |_| false) {
            changed.attributes.push((attribute, first_draw(&self.project.attributes[&attribute].kind)));
        }
    }

    fn earlier_events(&self, ui: &mut Ui, generator: &Generator, changed: &mut Generator) {
        self.section(ui, "What happened before");
        let events: Vec<EventId> = self.project.events.keys().copied().collect();
        if events.is_empty() {
            ui.label(self.theme.muted("Nothing: there are no events in the catalogue."));
            return;
        }
        ui.label(self.theme.caption("It counts in conditions, but takes no arrow."));
        let name = |id: &EventId| self.project.events.get(id).map_or_else(String::new, |event| event.name.clone());
        let mut removed = None;
        for (index, prior) in changed.prior.iter_mut().enumerate() {
            let key = ("prior", generator.id, index);
            self.theme.sunken_frame().show(ui, |ui| {
                let event = name(&prior.event);
                let (gone, _) = ended_by(
                    ui,
                    |ui| self.remove_button(ui, &format!("Remove earlier {event}")),
                    |ui| ui.add(egui::Label::new(self.theme.strong(format!("Number of {event}"))).truncate()),
                );
                if gone {
                    removed = Some(index);
                }
                let named = format!("Number of {event}");
                self.draw(ui, key, (&named, &AttributeKind::Number), &mut prior.count);
                self.caption(ui, "In the time before the start");
                let label = format!("Time of earlier {event}");
                if let Some(within) = named_duration_editor(ui, (key, "within"), &label, prior.within) {
                    prior.within = within;
                }
            });
        }
        if let Some(index) = removed {
            changed.prior.remove(index);
        }
        let add = format!("{}  Add earlier events …", icon::PLUS);
        if let Some(event) =
            choose(ui, ("add prior", generator.id), ("New earlier events", &add), &events, name, |_| false)
        {
            let count = Draw::Mix(vec![(Value::Number(1.0), Assumption::guessed(0.5))]);
            changed.prior.push(Prior { event, count, within: Duration::days(90) });
        }
    }
}

/// How an attribute of this kind is drawn to begin with.
fn first_draw(kind: &AttributeKind) -> Draw {
    match kind {
        AttributeKind::Number | AttributeKind::Score => {
            Draw::Spread(crate::model::Distribution::Fixed(Assumption::guessed(1.0)))
        }
        AttributeKind::Choice(choices) => {
            let count = u32::try_from(choices.len().max(1)).unwrap_or(u32::MAX);
            // Whole percents, so that nobody has to tidy up after us.
            let share = Assumption::guessed(f64::from(100 / count) / 100.0);
            Draw::Mix(choices.iter().map(|choice| (Value::Text(choice.clone()), share.clone())).collect())
        }
        AttributeKind::YesNo => Draw::Mix(vec![(Value::YesNo(true), Assumption::guessed(0.5))]),
        AttributeKind::Text | AttributeKind::Time => Draw::Mix(Vec::new()),
    }
}
