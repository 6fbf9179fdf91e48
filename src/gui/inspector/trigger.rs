//! What sets an arrow off: a kind, events, a duration.

use egui::{DragValue, Ui};

use super::{Scene, choose, choose_sized};
use crate::gui::field::{Look, text_field};
use crate::model::trigger_text::print_trigger;
use crate::model::{Duration, Edit, Events, NodeId, NodeKind, Transition, Trigger, Unit};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unset,
    Event,
    After,
    AfterWithout,
    AfterSince,
    Done,
    Always,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Event, Self::After, Self::AfterWithout, Self::AfterSince, Self::Done, Self::Always];

    fn of(trigger: &Trigger) -> Self {
        match trigger {
            Trigger::Unset => Self::Unset,
            Trigger::On(_) => Self::Event,
            Trigger::After(_) => Self::After,
            Trigger::AfterWithout(..) => Self::AfterWithout,
            Trigger::AfterSince(..) => Self::AfterSince,
            Trigger::Done(_) => Self::Done,
            Trigger::Always => Self::Always,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Unset => "choose what sets it off …",
            Self::Event => "an event happens",
            Self::After => "time has passed since entry",
            Self::AfterWithout => "an event has not happened here for a while",
            Self::AfterSince => "time has passed since an event, anywhere",
            Self::Done => "a group has reached its end",
            Self::Always => "at once, without an event",
        }
    }

    /// The trigger in words, from its parts.
    fn words(self, duration: Duration, events: &str, group: &str) -> String {
        match self {
            Self::Unset => String::new(),
            Self::Event => events.to_owned(),
            Self::After => format!("after {duration}"),
            Self::AfterWithout => format!("after {duration} without {events}"),
            Self::AfterSince => format!("after {duration} since {events}"),
            Self::Done => format!("done {group}"),
            Self::Always => String::from("always"),
        }
    }

    fn has_duration(self) -> bool {
        matches!(self, Self::After | Self::AfterWithout | Self::AfterSince)
    }

    fn has_events(self) -> bool {
        matches!(self, Self::Event | Self::AfterWithout | Self::AfterSince)
    }
}

impl Scene<'_> {
    /// The trigger in words, once it was changed.
    pub(super) fn trigger_editor(&self, ui: &mut Ui, arrow: &Transition) -> Option<String> {
        let kind = Kind::of(&arrow.trigger);
        let duration = match &arrow.trigger {
            Trigger::After(duration) | Trigger::AfterWithout(duration, _) | Trigger::AfterSince(duration, _) => {
                *duration
            }
            _ => Duration::days(30),
        };
        let events = match arrow.trigger.events() {
            Some(events) => print_trigger(self.project, &Trigger::On(events.clone())),
            None => String::new(),
        };
        let groups: Vec<NodeId> = self
            .project
            .document_order()
            .into_iter()
            .filter(|(_, node)| matches!(node.kind, NodeKind::Group | NodeKind::Parallel))
            .map(|(_, node)| node.id)
            .collect();
        let group = match arrow.trigger {
            Trigger::Done(group) => Some(group),
            _ => groups.iter().copied().find(|group| *group == arrow.source).or(groups.first().copied()),
        };
        let group_name = group.map(|group| self.project.node_label(group)).unwrap_or_default();
        let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Done || !groups.is_empty()).collect();
        let key = ("trigger", arrow.id);
        if let Some(kind) =
            choose(ui, (key, "kind"), kind.text(), &kinds, |kind| kind.text().to_owned(), |other| *other == kind)
        {
            let events =
                if kind.has_events() && events.is_empty() { String::from("any event") } else { events.clone() };
            return Some(kind.words(duration, &events, &group_name));
        }
        let mut changed = None;
        if kind.has_duration()
            && let Some(duration) = duration_editor(ui, (key, "duration"), duration)
        {
            changed = Some(kind.words(duration, &events, &group_name));
        }
        if kind.has_events()
            && let Some(events) =
                self.events_editor(ui, arrow, &events, |events| kind.words(duration, events, &group_name))
        {
            changed = Some(kind.words(duration, &events, &group_name));
        }
        if kind == Kind::Done {
            let name = |id: &NodeId| self.project.node_label(*id);
            if let Some(group) = choose(ui, (key, "group"), &group_name, &groups, name, |id| Some(*id) == group) {
                changed = Some(kind.words(duration, &events, &name(&group)));
            }
        }
        changed
    }

    fn events_editor(
        &self,
        ui: &mut Ui,
        arrow: &Transition,
        events: &str,
        words: impl Fn(&str) -> String,
    ) -> Option<String> {
        self.caption(ui, "Event; several are joined by \"or\"");
        let look = Look::line("Event").hint("purchase, or a new name");
        let key = ("events of", arrow.id);
        let field = text_field(ui, key, events, &look);
        let edit = Edit::SetTrigger(arrow.id, words(&field.draft));
        let typed = if field.draft == events {
            None
        } else {
            self.accepted(ui, key, &field, edit).and_then(|_| field.finished.clone())
        };
        let listed = match arrow.trigger.events() {
            Some(Events::Only(ids)) => ids.clone(),
            _ => Vec::new(),
        };
        let names: Vec<String> = std::iter::once(String::from("any event"))
            .chain(
                self.project
                    .events
                    .values()
                    .filter(|event| !listed.contains(&event.id))
                    .map(|event| event.name.clone()),
            )
            .collect();
        let chosen = choose(ui, ("event list", arrow.id), "From the catalogue …", &names, Clone::clone, |_| false);
        // Chosen with Shift, an event is added to those that are there.
        let adding = ui.input(|input| input.modifiers.shift) && !listed.is_empty();
        typed.or_else(|| {
            chosen.map(|name| if adding && name != "any event" { format!("{events} or {name}") } else { name })
        })
    }
}

/// An amount and a unit; the duration once it was changed.
pub(super) fn duration_editor(ui: &mut Ui, key: impl egui::AsIdSalt + Copy, duration: Duration) -> Option<Duration> {
    let mut changed = None;
    ui.horizontal(|ui| {
        // While it is dragged or typed the amount is a draft, so that one gesture stays one edit.
        let id = egui::Id::new(("duration draft", key));
        let mut amount = ui.data(|data| data.get_temp(id)).unwrap_or(duration.amount);
        let response =
            ui.add_sized([88.0, 28.0], DragValue::new(&mut amount).range(0..=1_000_000).update_while_editing(false));
        if response.drag_stopped() || (response.changed() && !response.dragged()) {
            ui.data_mut(|data| data.remove::<u32>(id));
            if amount != duration.amount {
                changed = Some(Duration { amount, ..duration });
            }
        } else if response.dragged() {
            ui.data_mut(|data| data.insert_temp(id, amount));
        }
        let units = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Second];
        let name = |unit: &Unit| unit.name(duration.amount).to_owned();
        let width = ui.available_width();
        if let Some(unit) =
            choose_sized(ui, (key, "unit"), width, &name(&duration.unit), &units, name, |unit| *unit == duration.unit)
        {
            changed = Some(Duration { unit, ..duration });
        }
    });
    changed
}
