//! The inspectors of events, attributes, touchpoints, score rules, scenarios and imported histories.

use egui::{DragValue, Ui};
use egui_phosphor::regular as icon;

use super::{Scene, choose};
use crate::gui::field::{Look, text_field};
use crate::gui::matrix::cases_ui;
use crate::gui::request::Request;
use crate::gui::workbench::counted;
use crate::model::{
    Attribute, AttributeId, AttributeKind, Cap, Channel, DatasetId, Edit, EntityId, EventId, Field, Formula,
    Population, ScenarioId, ScoreChange, ScoreRule, ScoreRuleId, Time, TouchpointId, Value,
};

impl Scene<'_> {
    pub(super) fn event(&self, ui: &mut Ui, id: EventId, requests: &mut Vec<Request>) {
        let Some(event) = self.project.events.get(&id) else { return };
        self.head(ui, "event", &event.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &event.name, |name| Edit::RenameEvent(id, name), requests);
        self.section(ui, "Fields");
        ui.label(self.theme.caption("Values that come with the event; conditions say event.amount"));
        for (index, field) in event.fields.iter().enumerate() {
            let mut fields = event.fields.clone();
            self.theme.sunken_frame().show(ui, |ui| {
                if let Some(name) = text_field(ui, ("field", id, index), &field.name, &Look::line("Field")).finished {
                    fields[index].name = name;
                }
                let ids: Vec<Option<AttributeId>> =
                    std::iter::once(None).chain(self.project.attributes.keys().copied().map(Some)).collect();
                let text = |id: &Option<AttributeId>| match id.and_then(|id| self.project.attributes.get(&id)) {
                    Some(attribute) => format!("is taken over by {}", attribute.name),
                    None => String::from("is not taken over"),
                };
                if let Some(attribute) = choose(
                    ui,
                    ("bound", id, index),
                    ("Attribute that takes it over", &text(&field.attribute)),
                    &ids,
                    text,
                    |id| *id == field.attribute,
                ) {
                    fields[index].attribute = attribute;
                }
                if self.theme.quiet_button(ui, format!("{}  Remove", icon::X)).clicked() {
                    fields.remove(index);
                }
            });
            if fields != event.fields {
                requests.push(Request::Edit(Edit::SetEventFields(id, fields)));
                return;
            }
        }
        if self.theme.secondary_button(ui, format!("{}  Add a field", icon::PLUS)).clicked() {
            let mut fields = event.fields.clone();
            let free = (1..).map(|n: u32| if n == 1 { String::from("amount") } else { format!("field {n}") });
            let name = free.into_iter().find(|name| fields.iter().all(|field| field.name != *name)).unwrap_or_default();
            fields.push(Field { name, attribute: None });
            requests.push(Request::Edit(Edit::SetEventFields(id, fields)));
        }
        self.note_field(ui, id.into(), &event.note, "What exactly has happened then", requests);
        if !event.buckets.is_empty() {
            cases_ui(ui, self.theme, self.project, id, requests);
        }
    }

    /// What people should know of a thing.
    fn note_field(&self, ui: &mut Ui, id: EntityId, note: &str, hint: &str, requests: &mut Vec<Request>) {
        self.caption(ui, "Note");
        let Some(note) = text_field(ui, ("note", id), note, &Look::line("Note").rows(2).hint(hint)).finished else {
            return;
        };
        requests.extend(match id {
            EntityId::Event(id) => Some(Request::Edit(Edit::SetEventNote(id, note))),
            EntityId::Attribute(id) => Some(Request::Edit(Edit::SetAttributeNote(id, note))),
            EntityId::Touchpoint(id) => Some(Request::Edit(Edit::SetTouchpointNote(id, note))),
            _ => None,
        });
    }

    pub(super) fn attribute(&self, ui: &mut Ui, id: AttributeId, requests: &mut Vec<Request>) {
        let Some(attribute) = self.project.attributes.get(&id) else { return };
        self.head(ui, "attribute", &attribute.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &attribute.name, |name| Edit::RenameAttribute(id, name), requests);
        self.caption(ui, "Kind");
        let kinds = [
            AttributeKind::Number,
            AttributeKind::Text,
            AttributeKind::YesNo,
            AttributeKind::Time,
            AttributeKind::Choice(vec![String::from("low"), String::from("high")]),
            AttributeKind::Score,
        ];
        let text = |kind: &AttributeKind| {
            String::from(match kind {
                AttributeKind::Choice(_) => "choice: an ordered list",
                AttributeKind::Score => "score: starts at 0, rules add points",
                other => other.label(),
            })
        };
        let same = |kind: &AttributeKind| std::mem::discriminant(kind) == std::mem::discriminant(&attribute.kind);
        if let Some(kind) = choose(ui, ("kind", id), ("Kind", &text(&attribute.kind)), &kinds, text, same) {
            requests.push(Request::Edit(Edit::SetAttributeKind(id, kind)));
        }
        if let AttributeKind::Choice(choices) = &attribute.kind {
            self.caption(ui, "Choices, worst to best, parted by <");
            let typed =
                text_field(ui, ("choices", id), &choices.join(" < "), &Look::line("Choices").hint("D < C < B < A"))
                    .finished;
            if let Some(typed) = typed {
                let choices = typed
                    .split('<')
                    .map(|choice| choice.trim().to_owned())
                    .filter(|choice| !choice.is_empty())
                    .collect();
                requests.push(Request::Edit(Edit::SetAttributeKind(id, AttributeKind::Choice(choices))));
            }
        }
        if attribute.kind == AttributeKind::Score {
            self.half_life(ui, attribute, requests);
        }
        let zone = self.project.zone();
        let text = match &attribute.initial {
            Value::Unknown => String::new(),
            Value::Time(time) => time.display_in(&zone),
            value => value.to_string(),
        };
        let at_first = if attribute.kind == AttributeKind::Score { "0" } else { "unknown" };
        self.caption(ui, &format!("At the start, while nothing else is known; empty: {at_first}"));
        let named = ("Value at the start", &attribute.kind);
        if let Some(value) = self.value_field(ui, ("start value", id), named, &text, &zone) {
            requests.push(Request::Edit(Edit::SetStartValue(id, value)));
        }
        self.note_field(ui, id.into(), &attribute.note, "Where it comes from, and what it says", requests);
    }

    fn half_life(&self, ui: &mut Ui, score: &Attribute, requests: &mut Vec<Request>) {
        self.caption(ui, "Half-life: half of it is gone after; empty: points stay");
        let key = ("half-life", score.id);
        let value = score.half_life.map(|half| half.to_string()).unwrap_or_default();
        let field = text_field(ui, key, &value, &Look::line("Half-life").hint("30 days"));
        if field.draft == value {
            return;
        }
        match field.draft.trim() {
            "" if field.finished.is_some() => requests.push(Request::Edit(Edit::SetHalfLife(score.id, None))),
            "" => {}
            typed => match typed.parse() {
                Ok(half) => {
                    requests.extend(self.accepted(ui, key, &field, Edit::SetHalfLife(score.id, Some(half))));
                }
                Err(problem) => self.refused(ui, key, &field, &problem),
            },
        }
    }

    pub(super) fn touchpoint(&self, ui: &mut Ui, id: TouchpointId, requests: &mut Vec<Request>) {
        let Some(touchpoint) = self.project.touchpoints.get(&id) else { return };
        self.head(ui, "touchpoint", &touchpoint.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &touchpoint.name, |name| Edit::RenameTouchpoint(id, name), requests);
        self.caption(ui, "Channel");
        let text = |channel: &Channel| channel.to_string();
        if let Some(channel) =
            choose(ui, ("channel", id), ("Channel", &text(&touchpoint.channel)), &Channel::ALL, text, |c| {
                *c == touchpoint.channel
            })
        {
            requests.push(Request::Edit(Edit::SetChannel(id, channel)));
        }
        self.note_field(ui, id.into(), &touchpoint.note, "What it says, and why it is sent", requests);
    }

    pub(super) fn score_rule(&self, ui: &mut Ui, id: ScoreRuleId, requests: &mut Vec<Request>) {
        let Some(rule) = self.project.score_rules.get(&id) else { return };
        self.head(ui, "score rule", &self.project.describe(id.into()));
        self.problems_of(ui, id.into());
        let mut changed = rule.clone();
        self.caption(ui, "When this happens");
        let events: Vec<EventId> = self.project.events.keys().copied().collect();
        let event_name =
            |id: &EventId| self.project.events.get(id).map_or_else(String::new, |event| event.name.clone());
        if let Some(event) =
            choose(ui, ("rule event", id), ("When this happens", &event_name(&rule.event)), &events, event_name, |e| {
                *e == rule.event
            })
        {
            changed.event = event;
        }
        self.caption(ui, "If");
        if let Some(text) = self.guard_editor(ui, ("rule guard", id), &rule.guard) {
            changed.guard = Formula::new(text.trim());
        }
        self.caption(ui, "Score");
        let scores: Vec<AttributeId> = self
            .project
            .attributes
            .values()
            .filter(|attribute| matches!(attribute.kind, AttributeKind::Score | AttributeKind::Number))
            .map(|attribute| attribute.id)
            .collect();
        let score_name =
            |id: &AttributeId| self.project.attributes.get(id).map_or_else(String::new, |score| score.name.clone());
        if let Some(score) =
            choose(ui, ("rule score", id), ("Score", &score_name(&rule.score)), &scores, score_name, |s| {
                *s == rule.score
            })
        {
            changed.score = score;
        }
        let text = |change: &ScoreChange| {
            String::from(if *change == ScoreChange::Add { "add points" } else { "set to points" })
        };
        if let Some(change) = choose(
            ui,
            ("rule change", id),
            ("Add or set", &text(&rule.change)),
            &[ScoreChange::Add, ScoreChange::Set],
            text,
            |c| *c == rule.change,
        ) {
            changed.change = change;
        }
        self.caption(ui, "Points");
        let typed = text_field(ui, ("rule points", id), rule.points.text(), &Look::line("Points")).finished;
        if let Some(points) = typed {
            changed.points = Formula::new(points.trim());
        }
        self.caption(ui, "At most, up or down; empty: no limit");
        let value = rule.cap.map(|cap| cap.to_string()).unwrap_or_default();
        let key = ("rule cap", id);
        let field = text_field(ui, key, &value, &Look::line("Cap").hint("at most 30 in 7 days"));
        if field.draft != value {
            match field.draft.trim() {
                "" if field.finished.is_some() => changed.cap = None,
                "" => {}
                typed => match typed.parse::<Cap>() {
                    Ok(cap) if field.finished.is_some() => changed.cap = Some(cap),
                    Ok(_) => {}
                    Err(problem) => self.refused(ui, key, &field, &problem),
                },
            }
        }
        if changed != ScoreRule::clone(rule) {
            requests.push(Request::Edit(Edit::SetScoreRule(changed)));
        }
    }

    pub(super) fn scenario(&self, ui: &mut Ui, id: ScenarioId, requests: &mut Vec<Request>) {
        let Some(scenario) = self.project.scenarios.get(&id) else { return };
        self.head(ui, "scenario", &scenario.name);
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &scenario.name, |name| Edit::RenameScenario(id, name), requests);
        let mut changed = scenario.clone();
        self.caption(ui, "Who");
        let populations: Vec<Population> = std::iter::once(Population::Samples)
            .chain(self.project.generators.keys().copied().map(Population::Generated))
            .chain(self.project.datasets.keys().copied().map(Population::Dataset))
            .collect();
        let text = |population: &Population| match population {
            Population::Samples => String::from("the sample contacts"),
            Population::Dataset(id) => {
                self.project.datasets.get(id).map_or_else(String::new, |dataset| dataset.name.clone())
            }
            Population::Generated(id) => {
                self.project.generators.get(id).map_or_else(String::new, |generator| generator.name.clone())
            }
        };
        if let Some(population) =
            choose(ui, ("who", id), ("Who", &text(&scenario.population)), &populations, text, |p| {
                *p == scenario.population
            })
        {
            changed.population = population;
        }
        self.caption(ui, "Until, itself included; empty: the last event");
        let zone = self.project.zone();
        let until = scenario.until.map(|until| until.display_in(&zone)).unwrap_or_default();
        let field = text_field(ui, ("until", id), &until, &Look::line("Until").hint("2026-07-01"));
        if let Some(typed) = field.finished {
            match typed.trim() {
                "" => changed.until = None,
                typed => changed.until = Time::parse(typed, &zone).ok().or(changed.until),
            }
        }
        if field.response.has_focus()
            && !field.draft.trim().is_empty()
            && let Err(problem) = Time::parse(&field.draft, &zone)
        {
            ui.label(self.theme.problem(crate::simulation::Severity::Error, &problem));
        }
        self.caption(ui, "Seed: the same seed draws the same luck");
        // While it is dragged the number is a draft, so that one gesture stays one edit.
        let draft = egui::Id::new(("seed draft", id));
        let mut seed = ui.data(|data| data.get_temp(draft)).unwrap_or(scenario.seed);
        let dragged = ui.add(DragValue::new(&mut seed).update_while_editing(false));
        if dragged.dragged() {
            ui.data_mut(|data| data.insert_temp(draft, seed));
        } else {
            ui.data_mut(|data| data.remove::<u64>(draft));
            changed.seed = seed;
        }
        if changed != *scenario {
            requests.push(Request::Edit(Edit::SetScenario(changed)));
        }
    }

    pub(super) fn dataset(&self, ui: &mut Ui, id: DatasetId) {
        let Some(dataset) = self.project.datasets.get(&id) else { return };
        self.head(ui, "imported history", &dataset.name);
        let zone = self.project.zone();
        let number = crate::model::grouped;
        for line in [
            format!("{} contacts", number(dataset.contacts)),
            format!("{} events", number(dataset.occurrences)),
            format!("from {}", dataset.first.display_in(&zone)),
            format!("to {}", dataset.last.display_in(&zone)),
            format!("read from {}", dataset.source),
            format!("{}: {}", counted(dataset.events.len(), "event"), self.names_of(&dataset.events)),
        ] {
            ui.label(self.theme.text(line));
        }
        if !dataset.fields.is_empty() {
            ui.label(self.theme.text(format!("fields: {}", dataset.fields.join(", "))));
        }
    }

    fn names_of(&self, events: &[EventId]) -> String {
        let names: Vec<&str> = events
            .iter()
            .map(|id| self.project.events.get(id).map_or("(deleted)", |event| event.name.as_str()))
            .collect();
        names.join(", ")
    }
}
