//! What sets an arrow off: a kind, events, a duration.

use egui::{DragValue, Ui};

use super::{Scene, choose, choose_sized};
use crate::gui::field::{Look, text_field};
use crate::model::trigger_text::print_trigger;
use crate::model::{Delay, Duration, Edit, Events, Moment, NodeId, NodeKind, Project, Transition, Trigger, Unit};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unset,
    Event,
    After,
    AfterWithout,
    AfterSince,
    At,
    Done,
    Always,
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Event, Self::After, Self::AfterWithout, Self::AfterSince, Self::At, Self::Done, Self::Always];

    fn text(self) -> &'static str {
        match self {
            Self::Unset => "choose what sets it off …",
            Self::Event => "an event happens",
            Self::After => "time has passed since entry",
            Self::AfterWithout => "an event has not happened here for a while",
            Self::AfterSince => "time has passed since an event, anywhere",
            Self::At => "a time of day comes",
            Self::Done => "a group has reached its end",
            Self::Always => "at once, without an event",
        }
    }

    fn has_delay(self) -> bool {
        matches!(self, Self::After | Self::AfterWithout | Self::AfterSince)
    }

    fn has_events(self) -> bool {
        matches!(self, Self::Event | Self::AfterWithout | Self::AfterSince)
    }
}

/// A trigger taken apart; what its kind does not use keeps a value to begin with.
#[derive(Clone, Debug, PartialEq)]
struct Parts {
    kind: Kind,
    delay: Delay,
    events: String,
    moment: String,
    every_time: bool,
    group: String,
}

impl Parts {
    fn of(project: &Project, arrow: &Transition, groups: &[NodeId]) -> Self {
        let own = groups.iter().copied().find(|group| *group == arrow.source).or(groups.first().copied());
        let mut parts = Self {
            kind: Kind::Unset,
            delay: Duration::days(30).into(),
            events: arrow.trigger.events().map_or_else(
                || String::from("any event"),
                |events| print_trigger(project, &Trigger::On(events.clone())),
            ),
            moment: String::from("09:00"),
            every_time: false,
            group: own.map(|group| project.node_label(group)).unwrap_or_default(),
        };
        parts.kind = match &arrow.trigger {
            Trigger::Unset => Kind::Unset,
            Trigger::On(_) => Kind::Event,
            Trigger::After(delay) | Trigger::AfterWithout(delay, _) | Trigger::AfterSince(delay, _) => {
                parts.delay = *delay;
                match arrow.trigger {
                    Trigger::After(_) => Kind::After,
                    Trigger::AfterWithout(..) => Kind::AfterWithout,
                    _ => Kind::AfterSince,
                }
            }
            Trigger::At(moment, every_time) => {
                (parts.moment, parts.every_time) = (moment.to_string(), *every_time);
                Kind::At
            }
            Trigger::Done(group) => {
                parts.group = project.node_label(*group);
                Kind::Done
            }
            Trigger::Always => Kind::Always,
        };
        parts
    }

    /// The trigger in words.
    fn words(&self) -> String {
        let Self { delay, events, moment, group, .. } = self;
        let first = delay.first;
        let again = delay.every.map_or_else(String::new, |every| format!(", then every {every}"));
        match self.kind {
            Kind::Unset => String::new(),
            Kind::Event => events.clone(),
            Kind::After => format!("after {first}{again}"),
            Kind::AfterWithout => format!("after {first} without {events}{again}"),
            Kind::AfterSince => format!("after {first} since {events}{again}"),
            Kind::At if self.every_time => format!("every {moment}"),
            Kind::At => format!("at {moment}"),
            Kind::Done => format!("done {group}"),
            Kind::Always => String::from("always"),
        }
    }
}

impl Scene<'_> {
    /// The trigger in words, once it was changed.
    pub(super) fn trigger_editor(&self, ui: &mut Ui, arrow: &Transition) -> Option<String> {
        let groups: Vec<NodeId> = self
            .project
            .document_order()
            .into_iter()
            .filter(|(_, node)| matches!(node.kind, NodeKind::Group | NodeKind::Parallel))
            .map(|(_, node)| node.id)
            .collect();
        let parts = Parts::of(self.project, arrow, &groups);
        let mut changed = parts.clone();
        let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Done || !groups.is_empty()).collect();
        let key = ("trigger", arrow.id);
        let text = |kind: &Kind| kind.text().to_owned();
        if let Some(kind) =
            choose(ui, (key, "kind"), ("What sets it off", parts.kind.text()), &kinds, text, |kind| *kind == parts.kind)
        {
            changed.kind = kind;
        }
        if parts.kind.has_delay()
            && let Some(first) = duration_editor(ui, (key, "delay"), parts.delay.first)
        {
            changed.delay.first = first;
        }
        if parts.kind.has_events() {
            let words = |events: &str| Parts { events: events.to_owned(), ..parts.clone() }.words();
            if let Some(events) = self.events_editor(ui, arrow, &parts.events, words) {
                changed.events = events;
            }
        }
        if parts.kind.has_delay() {
            repeat_editor(ui, key, &mut changed.delay);
        }
        if parts.kind == Kind::At {
            self.moment_editor(ui, arrow, &parts, &mut changed);
        }
        if parts.kind == Kind::Done {
            let name = |id: &NodeId| self.project.node_label(*id);
            if let Some(group) =
                choose(ui, (key, "group"), ("Group", &parts.group), &groups, name, |id| name(id) == parts.group)
            {
                changed.group = name(&group);
            }
        }
        (changed != parts).then(|| changed.words())
    }

    fn moment_editor(&self, ui: &mut Ui, arrow: &Transition, parts: &Parts, changed: &mut Parts) {
        self.caption(ui, "On the contact's clock");
        let key = ("moment", arrow.id);
        let field = text_field(ui, key, &parts.moment, &Look::line("Time of day").hint("Mon–Fri 09:00"));
        match field.draft.parse::<Moment>() {
            Ok(moment) if field.finished.is_some() => changed.moment = moment.to_string(),
            Ok(_) => {}
            Err(problem) => self.refused(ui, key, &field, &problem),
        }
        ui.checkbox(&mut changed.every_time, "Every time, for as long as the contact is here");
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
        let chosen =
            choose(ui, ("event list", arrow.id), ("Catalogue", "From the catalogue …"), &names, Clone::clone, |_| {
                false
            });
        // Chosen with Shift, an event is added to those that are there.
        let adding = ui.input(|input| input.modifiers.shift) && !listed.is_empty();
        typed.or_else(|| {
            chosen.map(|name| if adding && name != "any event" { format!("{events} or {name}") } else { name })
        })
    }
}

/// Whether it comes again, and how often.
fn repeat_editor(ui: &mut Ui, key: impl egui::AsIdSalt + Copy, delay: &mut Delay) {
    let mut again = delay.every.is_some();
    if ui.checkbox(&mut again, "Then again, for as long as the contact is here").changed() {
        delay.every = again.then_some(delay.first);
    } else if let Some(every) = delay.every
        && let Some(every) = duration_editor(ui, (key, "every"), every)
    {
        delay.every = Some(every);
    }
}

/// An amount and a unit; the duration once it was changed.
pub(super) fn duration_editor(ui: &mut Ui, key: impl egui::AsIdSalt + Copy, duration: Duration) -> Option<Duration> {
    named_duration_editor(ui, key, "Duration", duration)
}

/// The same, called `name` by a screen reader.
pub(super) fn named_duration_editor(
    ui: &mut Ui,
    key: impl egui::AsIdSalt + Copy,
    name: &str,
    duration: Duration,
) -> Option<Duration> {
    let mut changed = None;
    ui.horizontal(|ui| {
        // While it is dragged or typed the amount is a draft, so that one gesture stays one edit.
        let id = egui::Id::new(("duration draft", key));
        let mut amount = ui.data(|data| data.get_temp(id)).unwrap_or(duration.amount);
        let response =
            ui.add_sized([88.0, 28.0], DragValue::new(&mut amount).range(0..=1_000_000).update_while_editing(false));
        response.widget_info(|| {
            let mut info = egui::WidgetInfo::drag_value(true, f64::from(amount));
            info.label = Some(name.to_owned());
            info
        });
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
            choose_sized(ui, (key, "unit"), width, ("Unit", &name(&duration.unit)), &units, name, |unit| {
                *unit == duration.unit
            })
        {
            changed = Some(Duration { unit, ..duration });
        }
    });
    changed
}
