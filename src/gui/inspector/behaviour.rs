//! The inspector of a behaviour: read aloud, then part by part.

use egui::Ui;
use egui_phosphor::regular as icon;

use super::assumption::Place;
use super::spread::Shape;
use super::trigger::named_duration_editor;
use super::{Scene, choose_sized, ended_by};
use crate::analysis::{Bounds, more_than_all};
use crate::gui::field::{Look, text_field};
use crate::gui::request::Request;
use crate::model::behaviour::{Behaviour, Chance, Delayed, Outcome, When};
use crate::model::{
    Assumption, AttributeId, AttributeKind, BehaviourId, Distribution, Duration, Edit, EventId, Formula, NodeId,
    NodeKind, TeamId, TouchpointId, Unit, sentence,
};
use crate::simulation::Severity;

/// What sets a behaviour off, without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Start,
    Entered,
    Sent,
    Every,
    Rate,
}

impl Kind {
    fn of(when: &When) -> Self {
        match when {
            When::Start => Self::Start,
            When::Entered(_) => Self::Entered,
            When::Sent(_) => Self::Sent,
            When::Every { .. } => Self::Every,
            When::Rate { .. } => Self::Rate,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Start => "a contact starts",
            Self::Entered => "a state is entered",
            Self::Sent => "a touchpoint was sent",
            Self::Every => "again and again",
            Self::Rate => "by chance, so many times",
        }
    }
}

impl Scene<'_> {
    pub(super) fn behaviour(&self, ui: &mut Ui, id: BehaviourId, requests: &mut Vec<Request>) {
        let Some(behaviour) = self.project.behaviours.get(&id) else { return };
        ui.label(self.theme.caption("behaviour"));
        self.theme.sunken_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.label(self.theme.subheading(sentence::behaviour(self.project, behaviour)));
        });
        self.problems_of(ui, id.into());
        self.name_field(ui, id.into(), &behaviour.name, |name| Edit::RenameBehaviour(id, name), requests);
        let mut changed = behaviour.clone();
        self.section(ui, "When");
        self.when(ui, id, &mut changed.when);
        self.section(ui, "For whom");
        if let Some(text) = self.condition_editor(
            ui,
            ("behaviour guard", id),
            ("Condition", "Everybody: no condition."),
            &behaviour.guard,
        ) {
            changed.guard = Formula::new(text.trim());
        }
        self.section(ui, "What follows");
        self.outcomes(ui, id, &mut changed.outcomes);
        self.section(ui, "How late");
        self.delay(ui, id, &mut changed);
        self.section(ui, "Who does it");
        self.team_of(ui, id, &mut changed.team);
        self.caption(ui, "Note");
        let look = Look::line("Note").rows(2).hint("Where the numbers come from, what is left out");
        if let Some(note) = text_field(ui, ("behaviour note", id), &behaviour.note, &look).finished {
            changed.note = note;
        }
        if changed != *behaviour {
            requests.push(Request::Edit(Edit::SetBehaviour(changed)));
        }
        self.delete_button(ui, vec![id.into()], requests);
    }

    fn when(&self, ui: &mut Ui, id: BehaviourId, when: &mut When) {
        let nodes: Vec<NodeId> = self
            .project
            .document_order()
            .iter()
            .map(|(_, node)| *node)
            .filter(|node| node.kind != NodeKind::Resume)
            .map(|node| node.id)
            .collect();
        let touchpoints: Vec<TouchpointId> = self.project.touchpoints.keys().copied().collect();
        let mut kinds = vec![Kind::Start];
        kinds.extend((!nodes.is_empty()).then_some(Kind::Entered));
        kinds.extend((!touchpoints.is_empty()).then_some(Kind::Sent));
        kinds.extend([Kind::Every, Kind::Rate]);
        let kind = Kind::of(when);
        let text = |kind: &Kind| kind.text().to_owned();
        let width = ui.available_width();
        if let Some(chosen) =
            choose_sized(ui, ("behaviour when", id), width, ("What sets it off", kind.text()), &kinds, text, |one| {
                *one == kind
            })
        {
            *when = self.begin(chosen, when, &nodes, &touchpoints);
            return;
        }
        let name = |node: &NodeId| self.project.node_label(*node);
        match when {
            When::Start => {}
            When::Entered(node) => {
                if let Some(chosen) =
                    self.choice(ui, (("behaviour node", id), "State"), &name(node), &nodes, name, |one| one == node)
                {
                    *node = chosen;
                }
            }
            When::Sent(touchpoint) => {
                let name = |id: &TouchpointId| {
                    self.project.touchpoints.get(id).map_or_else(String::new, |touchpoint| touchpoint.name.clone())
                };
                let current = name(touchpoint);
                if let Some(chosen) =
                    self.choice(ui, (("behaviour sent", id), "Touchpoint"), &current, &touchpoints, name, |one| {
                        one == touchpoint
                    })
                {
                    *touchpoint = chosen;
                }
            }
            When::Every { period, within } => {
                self.caption(ui, "Every");
                if let Some(chosen) = named_duration_editor(ui, ("behaviour period", id), "Every", *period) {
                    *period = chosen;
                }
                self.within(ui, id, &nodes, within);
            }
            When::Rate { times, per, shape, within } => {
                self.caption(ui, "So many times on average");
                let place = Place { name: "Times", unit: "", bounds: Bounds::NotNegative };
                self.assumption(ui, ("behaviour times", id), &place, times);
                self.caption(ui, "In");
                if let Some(chosen) = named_duration_editor(ui, ("behaviour per", id), "In", *per) {
                    *per = chosen;
                }
                self.within(ui, id, &nodes, within);
                let mut differs = shape.is_some();
                if ui.checkbox(&mut differs, "Contacts differ: some more often than others").changed() {
                    *shape = differs.then(|| Assumption::guessed(1.0));
                }
                if let Some(shape) = shape {
                    self.caption(ui, "Shape: the smaller, the more they differ");
                    let place = Place { name: "Shape", unit: "", bounds: Bounds::Positive };
                    self.assumption(ui, ("behaviour shape", id), &place, shape);
                }
            }
        }
    }

    /// What a kind begins with; the state that was chosen before is kept.
    fn begin(&self, kind: Kind, before: &When, nodes: &[NodeId], touchpoints: &[TouchpointId]) -> When {
        let node = before.node().or(self.project.info.start).or(nodes.first().copied());
        match (kind, node, touchpoints.first()) {
            (Kind::Entered, Some(node), _) => When::Entered(node),
            (Kind::Sent, _, Some(touchpoint)) => When::Sent(*touchpoint),
            (Kind::Every, ..) => When::Every { period: Duration::new(1, Unit::Month), within: before.node() },
            (Kind::Rate, ..) => When::Rate {
                times: Assumption::guessed(1.0),
                per: Duration::days(30),
                shape: None,
                within: before.node(),
            },
            _ => When::Start,
        }
    }

    fn within(&self, ui: &mut Ui, id: BehaviourId, nodes: &[NodeId], within: &mut Option<NodeId>) {
        let options: Vec<Option<NodeId>> = std::iter::once(None).chain(nodes.iter().copied().map(Some)).collect();
        let text = |node: &Option<NodeId>| {
            node.map_or_else(|| String::from("everywhere, from the start"), |node| self.project.node_label(node))
        };
        let current = text(within);
        if let Some(chosen) = self.choice(
            ui,
            (("behaviour within", id), "As long as the contact is in"),
            &current,
            &options,
            text,
            |one| one == within,
        ) {
            *within = chosen;
        }
    }

    fn outcomes(&self, ui: &mut Ui, id: BehaviourId, outcomes: &mut Vec<Outcome>) {
        let events: Vec<EventId> = self.project.events.keys().copied().collect();
        if events.is_empty() {
            ui.label(self.theme.muted("Add an event to the catalogue first."));
            return;
        }
        let mut removed = None;
        for (index, outcome) in outcomes.iter_mut().enumerate() {
            self.theme.sunken_frame().show(ui, |ui| {
                if self.outcome(ui, (id, index), outcome, &events) {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            outcomes.remove(index);
        }
        let shares = outcomes.iter().filter_map(|outcome| match &outcome.chance {
            Chance::Share(share) => Some(share),
            Chance::Attribute(_) => None,
        });
        if let Some(sum) = more_than_all(shares) {
            let sentence = format!("Together they are {sum} %. Make them 100 % or less.");
            ui.label(self.theme.problem(Severity::Error, &sentence));
        } else if !outcomes.is_empty() {
            ui.label(self.theme.caption("One of these at most; what is missing to 100 % is nothing."));
        }
        let add = format!("{}  Add an outcome …", icon::PLUS);
        let name = |event: &EventId| self.event_name(*event);
        if let Some(event) = super::choose(ui, ("add outcome", id), ("New outcome", &add), &events, name, |_| false) {
            let taken: f64 = outcomes
                .iter()
                .map(|outcome| if let Chance::Share(share) = &outcome.chance { share.likely } else { 0.0 })
                .sum();
            let left = ((1.0 - taken).max(0.0) * 1e6).round() / 1e6;
            outcomes.push(Outcome { event, fields: Vec::new(), chance: Chance::Share(Assumption::guessed(left)) });
        }
    }

    fn event_name(&self, event: EventId) -> String {
        self.project.events.get(&event).map_or_else(|| String::from("(deleted)"), |event| event.name.clone())
    }

    /// Whether the outcome was removed.
    fn outcome(&self, ui: &mut Ui, key: (BehaviourId, usize), outcome: &mut Outcome, events: &[EventId]) -> bool {
        let event = self.event_name(outcome.event);
        let (removed, chosen) = ended_by(
            ui,
            |ui| self.remove_button(ui, &format!("Remove outcome {event}")),
            |ui| {
                let named = (format!("Outcome {}", key.1 + 1), ui.available_width());
                let name = |event: &EventId| self.event_name(*event);
                choose_sized(ui, ("outcome", key), named.1, (&named.0, &event), events, name, |one| {
                    *one == outcome.event
                })
            },
        );
        if let Some(chosen) = chosen {
            outcome.event = chosen;
        }
        self.chance(ui, key, &event, &mut outcome.chance);
        let mut gone = None;
        for (index, (field, value)) in outcome.fields.iter_mut().enumerate() {
            let remove = format!("Remove {field} of {event}");
            let (removed, ()) = ended_by(
                ui,
                |ui| self.remove_button(ui, &remove),
                |ui| {
                    ui.allocate_ui(egui::vec2(92.0, 30.0), |ui| {
                        let label = format!("{event}: name of value {}", index + 1);
                        let look = Look::line(&label);
                        if let Some(name) = text_field(ui, ("field name", key, index), field, &look).finished
                            && !name.trim().is_empty()
                        {
                            name.trim().clone_into(field);
                        }
                    });
                    ui.label(self.theme.text("="));
                    let label = format!("{event}: {field}");
                    let look = Look::line(&label).monospace().hint("\"price\" or 80");
                    if let Some(text) = text_field(ui, ("field value", key, index), value.text(), &look).finished {
                        *value = Formula::new(text.trim());
                    }
                },
            );
            if let Err(error) = value.parse() {
                let sentence = format!("At character {}: {}", error.position + 1, error.message);
                ui.label(self.theme.problem(Severity::Error, &sentence));
            }
            if removed {
                gone = Some(index);
            }
        }
        if let Some(index) = gone {
            outcome.fields.remove(index);
        }
        let add = self.theme.quiet_button(ui, format!("{}  Add a value", icon::PLUS));
        let what = format!("Add a value to {event}");
        add.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &what));
        if add.on_hover_text("A value that comes with the event, such as a reason or an amount").clicked() {
            let declared =
                self.project.events.get(&outcome.event).map(|event| event.fields.clone()).unwrap_or_default();
            let free = |name: &String| outcome.fields.iter().all(|(field, _)| field != name);
            let names = declared.into_iter().map(|field| field.name);
            let numbered =
                (1..).map(|number: u32| if number == 1 { "value".into() } else { format!("value {number}") });
            let name = names.chain(numbered).find(free).unwrap_or_default();
            outcome.fields.push((name, Formula::new("1")));
        }
        removed
    }

    fn chance(&self, ui: &mut Ui, key: (BehaviourId, usize), event: &str, chance: &mut Chance) {
        let numbers: Vec<AttributeId> = self
            .project
            .attributes
            .values()
            .filter(|attribute| matches!(attribute.kind, AttributeKind::Number | AttributeKind::Score))
            .map(|attribute| attribute.id)
            .collect();
        let own = if let Chance::Attribute(attribute) = chance { Some(*attribute) } else { None };
        if !numbers.is_empty() || own.is_some() {
            let options: Vec<Option<AttributeId>> =
                std::iter::once(None).chain(numbers.into_iter().map(Some)).collect();
            let text = |attribute: &Option<AttributeId>| match attribute.and_then(|id| self.project.attributes.get(&id))
            {
                Some(attribute) => format!("as likely as {} says", attribute.name),
                None => String::from("in a share of cases"),
            };
            let named = (format!("{event}: how likely"), ui.available_width());
            if let Some(chosen) =
                choose_sized(ui, ("chance", key), named.1, (&named.0, &text(&own)), &options, text, |one| *one == own)
            {
                *chance = chosen.map_or_else(|| Chance::Share(Assumption::guessed(0.5)), Chance::Attribute);
            }
        }
        if let Chance::Share(share) = chance {
            let name = format!("Chance of {event}");
            // Two outcomes may be of one event.
            self.assumption(ui, ("share", key), &Place::share(&name), share);
        }
    }

    fn delay(&self, ui: &mut Ui, id: BehaviourId, behaviour: &mut Behaviour) {
        let current = behaviour.delay.as_ref().map(|delay| Shape::of(&delay.spread));
        let mut options: Vec<Option<Shape>> = std::iter::once(None).chain(Shape::DELAYS.map(Some)).collect();
        if !options.contains(&current) {
            options.push(current);
        }
        let text = |shape: &Option<Shape>| shape.map_or("at once", Shape::text).to_owned();
        let width = ui.available_width();
        if let Some(shape) =
            choose_sized(ui, ("delay", id), width, ("How late", &text(&current)), &options, text, |one| *one == current)
        {
            let unit = behaviour.delay.as_ref().map_or(Unit::Day, |delay| delay.unit);
            let first = behaviour
                .delay
                .as_ref()
                .and_then(|delay| delay.spread.parameters().first().map(|(_, number)| (*number).clone()));
            behaviour.delay = shape
                .map(|shape| Delayed { spread: shape.begin(first.unwrap_or_else(|| Assumption::guessed(1.0))), unit });
        }
        if let Some(delay) = &mut behaviour.delay {
            let units = [Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month];
            let name = |unit: &Unit| unit.name(2).to_owned();
            let current = name(&delay.unit);
            if let Some(unit) =
                self.choice(ui, (("delay unit", id), "Counted in"), &current, &units, name, |one| *one == delay.unit)
            {
                delay.unit = unit;
            }
            let share = matches!(delay.spread, Distribution::Beta { .. });
            let unit = if share { "" } else { delay.unit.name(2) };
            self.parameters(ui, ("delay", id), ("How late", unit), &mut delay.spread, true);
        }
        if behaviour.when.node().is_some() || behaviour.cancel_on_leave {
            let node = behaviour.when.node().map_or_else(|| String::from("it"), |node| self.project.node_label(node));
            ui.checkbox(&mut behaviour.cancel_on_leave, format!("Leaving {node} takes back what has not happened yet"));
        }
    }

    fn team_of(&self, ui: &mut Ui, id: BehaviourId, team: &mut Option<TeamId>) {
        let teams: Vec<Option<TeamId>> =
            std::iter::once(None).chain(self.project.teams.keys().copied().map(Some)).collect();
        let text = |team: &Option<TeamId>| match team.and_then(|id| self.project.teams.get(&id)) {
            Some(team) => format!("{}, one after the other", team.name),
            None => String::from("nobody has to wait for anybody"),
        };
        if teams.len() == 1 {
            ui.label(self.theme.muted("Nobody has to wait for anybody. Add a team where contacts queue."));
            return;
        }
        let width = ui.available_width();
        let current = *team;
        if let Some(chosen) =
            choose_sized(ui, ("team", id), width, ("Team", &text(&current)), &teams, text, |one| *one == current)
        {
            *team = chosen;
        }
    }
}
