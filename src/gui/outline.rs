//! The outline: everything in the project as a list that the keyboard and a screen reader can walk, beside the canvas,
//! which they cannot.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align, Button, Color32, Layout, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use egui_phosphor::regular as icon;

use super::Theme;
use super::breakpoint::{self, Breakpoint};
use super::field::titled;
use super::inspector::expectation;
use super::request::{Request, Selection};
use super::theme::{FIELD_MARGIN, Look, inside};
use crate::analysis::expectation::Outcome;
use crate::document::Document;
use crate::model::trigger_text::print_trigger;
use crate::model::{
    Answer, Attribute, AttributeKind, Behaviour, BehaviourId, Channel, Edit, EntityId, Labels, NodeKind, Point,
    Project, ScoreChange, ScoreRule, ScoreRuleId, When,
};
use crate::simulation::{Problem, Severity};

const ROW: f32 = 28.0;

/// The parts of the outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Section {
    States,
    Events,
    Attributes,
    Touchpoints,
    ScoreRules,
    SendPolicy,
    Decisions,
    Behaviours,
    Teams,
    Generators,
    Contacts,
    Expectations,
    Scenarios,
    Datasets,
}

impl Section {
    fn name(self) -> &'static str {
        match self {
            Self::States => "States and arrows",
            Self::Events => "Events",
            Self::Attributes => "Attributes and scores",
            Self::Touchpoints => "Touchpoints",
            Self::ScoreRules => "Score rules",
            Self::SendPolicy => "Send policy",
            Self::Decisions => "Questions and what is ignored",
            Self::Behaviours => "Behaviours",
            Self::Teams => "Teams",
            Self::Generators => "Generated populations",
            Self::Contacts => "Sample contacts",
            Self::Expectations => "Expectations",
            Self::Scenarios => "Scenarios",
            Self::Datasets => "Imported histories",
        }
    }
}

/// The outline with what is folded away and what it is searched for.
#[derive(Default)]
pub struct Outline {
    folded: BTreeSet<Section>,
    filter: String,
    rows: Vec<Row>,
    /// What the rows were built from.
    built: Option<Built>,
}

#[derive(PartialEq)]
struct Built {
    revision: u64,
    look: Look,
    folded: BTreeSet<Section>,
    filter: String,
}

enum Row {
    Head(Section, usize),
    Item { id: EntityId, depth: usize, icon: &'static str, color: Color32, text: String, problem: Option<Severity> },
    Empty(&'static str),
}

impl Outline {
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        (selection, breakpoints): (&Selection, &BTreeSet<Breakpoint>),
        (problems, outcomes): (&[Problem], &[Outcome]),
        requests: &mut Vec<Request>,
    ) {
        let (project, revision) = (document.project(), document.revision());
        let hint = format!("{}  Filter", icon::MAGNIFYING_GLASS);
        let field = egui::TextEdit::singleline(&mut self.filter)
            .hint_text(hint)
            .desired_width(f32::INFINITY)
            .margin(FIELD_MARGIN);
        titled(&ui.add(field), "Filter", &self.filter);
        ui.add_space(theme.spacing.small);
        let wanted = Built {
            revision,
            look: theme.look,
            folded: self.folded.clone(),
            filter: self.filter.trim().to_lowercase(),
        };
        if self.built.as_ref() != Some(&wanted) {
            self.rows = self.rows(theme, project, problems, outcomes);
            self.built = Some(wanted);
        }
        let rows = std::mem::take(&mut self.rows);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, rows.len(), |ui, range| {
            for row in &rows[range] {
                match row {
                    Row::Head(section, count) => self.head(ui, theme, (*section, *count), document, requests),
                    Row::Item { id, depth, icon, color, text, problem } => {
                        let look = ItemLook { depth: *depth, icon, color: *color, text, problem: *problem };
                        let row = item(ui, theme, *id, &look, selection, requests);
                        if matches!(id, EntityId::Node(_) | EntityId::Transition(_)) {
                            row.context_menu(|ui| breakpoint::entries(ui, project, breakpoints, *id, requests));
                        }
                    }
                    Row::Empty(hint) => {
                        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
                        inside(ui, rect.shrink2(vec2(24.0, 0.0)), Layout::left_to_right(Align::Center), |ui| {
                            ui.add(egui::Label::new(theme.caption(*hint)).truncate());
                        });
                    }
                }
            }
        });
        self.rows = rows;
    }

    fn rows(&self, theme: &Theme, project: &Project, problems: &[Problem], outcomes: &[Outcome]) -> Vec<Row> {
        let mut rows = Vec::new();
        let muted = theme.palette.text_muted;
        let mut severities: BTreeMap<EntityId, Severity> = BTreeMap::new();
        for problem in problems {
            let worst = severities.entry(problem.at).or_insert(problem.severity);
            *worst = problem.severity.max(*worst);
        }
        let mut section = |section: Section, hint: &'static str, items: Vec<Item>| {
            let filter = self.filter.trim().to_lowercase();
            let shown: Vec<_> =
                items.iter().filter(|item| filter.is_empty() || item.4.to_lowercase().contains(&filter)).collect();
            // A search shows where it found something, and nothing else.
            if shown.is_empty() && !filter.is_empty() {
                return;
            }
            rows.push(Row::Head(section, items.len()));
            if self.folded.contains(&section) {
                return;
            }
            if items.is_empty() {
                rows.push(Row::Empty(hint));
            }
            for (id, depth, icon, color, text) in shown {
                let problem = severities.get(id).copied();
                rows.push(Row::Item { id: *id, depth: *depth, icon, color: *color, text: text.clone(), problem });
            }
        };
        let states = state_rows(theme, project);
        section(Section::States, "Double-click the canvas, or +", states);
        let named = |id: EntityId, icon: &'static str, name: &String| (id, 0, icon, muted, name.clone());
        section(
            Section::Events,
            "What can happen to a contact",
            project.events.values().map(|event| named(event.id.into(), icon::LIGHTNING, &event.name)).collect(),
        );
        let attributes = project.attributes.values().map(|attribute| {
            let icon = if attribute.kind == AttributeKind::Score { icon::GAUGE } else { icon::TAG };
            named(attribute.id.into(), icon, &attribute.name)
        });
        section(Section::Attributes, "What is known about a contact", attributes.collect());
        let touchpoints = project
            .touchpoints
            .values()
            .map(|touchpoint| named(touchpoint.id.into(), icon::PAPER_PLANE_TILT, &touchpoint.name));
        section(Section::Touchpoints, "What we can send", touchpoints.collect());
        let rules = project.ranked_score_rules().into_iter().map(|rule| {
            let event = project.events.get(&rule.event).map_or("(deleted)", |event| event.name.as_str());
            let score = project.attributes.get(&rule.score).map_or("(deleted)", |score| score.name.as_str());
            let sign = if rule.change == ScoreChange::Set { "=" } else { "+" };
            let cap = rule.cap.map_or_else(String::new, |cap| format!(", {cap}"));
            (rule.id.into(), 0, icon::PLUS_MINUS, muted, format!("{event}: {score} {sign} {}{cap}", rule.points))
        });
        section(Section::ScoreRules, "Points for events", rules.collect());
        section(Section::SendPolicy, "", vec![(EntityId::Info, 0, icon::SHIELD_CHECK, muted, policy_words(project))]);
        let decisions = project.decisions.values().map(|decision| {
            let icon = if decision.answer == Answer::Ignored { icon::PROHIBIT } else { icon::QUESTION };
            named(decision.id.into(), icon, &project.place_label(decision.place))
        });
        section(Section::Decisions, "Decide cells in the Matrix", decisions.collect());
        let behaviours =
            project.behaviours.values().map(|behaviour| named(behaviour.id.into(), icon::DICE_FIVE, &behaviour.name));
        section(Section::Behaviours, "What customers and colleagues do", behaviours.collect());
        let teams = project.teams.values().map(|team| named(team.id.into(), icon::USERS_FOUR, &team.name));
        section(Section::Teams, "Who works off a queue", teams.collect());
        let generators =
            project.generators.values().map(|generator| named(generator.id.into(), icon::USERS_THREE, &generator.name));
        section(Section::Generators, "Invented contacts, as many as you like", generators.collect());
        let contacts = project.contacts.values().map(|contact| named(contact.id.into(), icon::USER, &contact.name));
        section(Section::Contacts, "People to try the journey on", contacts.collect());
        let expectations = project.expectations.values().map(|expectation| {
            let holds = expectation::holds(outcomes, expectation.id);
            let color = if holds { theme.palette.success } else { theme.palette.error };
            (expectation.id.into(), 0, expectation::sign(holds), color, project.expectation_label(expectation))
        });
        section(Section::Expectations, "Record one from a story in Simulate", expectations.collect());
        let scenarios =
            project.scenarios.values().map(|scenario| named(scenario.id.into(), icon::FILM_STRIP, &scenario.name));
        section(Section::Scenarios, "Who runs, until when", scenarios.collect());
        let datasets = project.datasets.values().map(|dataset| named(dataset.id.into(), icon::DATABASE, &dataset.name));
        section(Section::Datasets, "Import events with +", datasets.collect());
        rows
    }

    fn head(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        (section, count): (Section, usize),
        document: &Document,
        requests: &mut Vec<Request>,
    ) {
        let project = document.project();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        inside(ui, rect, Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = theme.spacing.tight;
            let folded = self.folded.contains(&section);
            let caret = if folded { icon::CARET_RIGHT } else { icon::CARET_DOWN };
            let label = RichText::new(format!("{caret} {}", section.name()))
                .size(theme.sizes.small)
                .family(super::theme::strong_family())
                .color(theme.palette.text_muted);
            let button = ui.add(Button::new(label).frame(false));
            button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::CollapsingHeader, true, section.name()));
            if button.clicked() && !self.folded.remove(&section) {
                self.folded.insert(section);
            }
            if count > 0 && section != Section::SendPolicy {
                ui.label(theme.caption(count.to_string()));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if can_add(section, project) {
                    let sign = RichText::new(icon::PLUS).size(theme.sizes.small);
                    let editable = !document.read_only();
                    let plus = ui.add_enabled_ui(editable, |ui| theme.quiet_button(ui, sign)).inner;
                    let what = format!("Add to {}", section.name().to_lowercase());
                    plus.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, editable, &what));
                    if plus.on_hover_text(what).clicked() {
                        requests.extend(add_request(section, project));
                    }
                }
            });
        });
    }
}

type Item = (EntityId, usize, &'static str, Color32, String);

/// The states in document order, each with the arrows that leave it.
fn state_rows(theme: &Theme, project: &Project) -> Vec<Item> {
    let muted = theme.palette.text_muted;
    let mut states = Vec::new();
    let arrows = project.arrows_by_source();
    let labels = Labels::of(project);
    for (depth, node) in project.document_order() {
        let (icon, color) = match (node.kind, node.stage) {
            (NodeKind::End, _) => (icon::RECORD, muted),
            (NodeKind::Group, None) => (icon::STACK, muted),
            (NodeKind::Parallel, _) => (icon::COLUMNS, muted),
            (NodeKind::Resume, _) => (icon::CLOCK_COUNTER_CLOCKWISE, muted),
            (_, Some(stage)) => (theme.stage(stage).icon, theme.stage(stage).line),
            _ => (icon::SQUARE, muted),
        };
        states.push((node.id.into(), depth, icon, color, node.name.clone()));
        for arrow in arrows.get(&node.id).into_iter().flatten() {
            let target = arrow.target.map_or_else(|| String::from("(stay)"), |target| labels.node(target));
            let trigger = print_trigger(project, &arrow.trigger);
            let trigger = if trigger.is_empty() { String::from("no trigger") } else { trigger };
            let flags = match (arrow.interrupt, !arrow.restart && project.ends_inside(arrow)) {
                (true, true) => " (interrupt, without leaving)",
                (true, false) => " (interrupt)",
                (false, true) => " (without leaving)",
                (false, false) => "",
            };
            let text = format!("{trigger} → {target}{flags}");
            states.push((arrow.id.into(), depth + 1, icon::ARROW_RIGHT, muted, text));
        }
    }
    states
}

struct ItemLook<'a> {
    depth: usize,
    icon: &'a str,
    color: Color32,
    text: &'a str,
    problem: Option<Severity>,
}

fn item(
    ui: &mut Ui,
    theme: &Theme,
    id: EntityId,
    look: &ItemLook,
    selection: &Selection,
    requests: &mut Vec<Request>,
) -> egui::Response {
    #[expect(clippy::cast_precision_loss, reason = "a depth of nesting")]
    let indent = 6.0 + 18.0 * look.depth as f32;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let selected = selection.contains(id);
    response.widget_info(|| egui::WidgetInfo::selected(egui::WidgetType::SelectableLabel, true, selected, look.text));
    let painter = ui.painter();
    let radius = egui::CornerRadius::same(theme.radii.small);
    let inner = rect.shrink2(vec2(0.0, 1.0));
    if selected {
        painter.rect_filled(inner, radius, theme.palette.accent_soft);
    } else if response.hovered() {
        painter.rect_filled(inner, radius, theme.palette.hover);
    }
    if response.has_focus() {
        painter.rect_stroke(inner, radius, Stroke::new(1.5, theme.palette.accent), egui::StrokeKind::Inside);
    }
    let small = matches!(id, EntityId::Transition(_));
    let size = if small { theme.sizes.small } else { theme.sizes.body };
    let area = rect.shrink2(vec2(4.0, 0.0)).with_min_x(rect.left() + indent);
    inside(ui, area, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = theme.spacing.tight + 2.0;
        let ink = if small { theme.palette.text_muted } else { theme.palette.text };
        ui.add(egui::Label::new(RichText::new(look.icon).size(size).color(look.color)).selectable(false));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(severity) = look.problem {
                let sign = theme.severity(severity);
                ui.add(
                    egui::Label::new(RichText::new(sign.icon).size(theme.sizes.body).color(sign.text))
                        .selectable(false),
                );
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(RichText::new(look.text).size(size).color(ink)).truncate().selectable(false));
            });
        });
    });
    if response.clicked() {
        let toggle = ui.input(|input| input.modifiers.shift || input.modifiers.command);
        requests.push(if toggle { Request::Select(selection.toggled(id)) } else { Request::Show(id) });
    }
    response
}

/// What the policy does, as a row says it.
fn policy_words(project: &Project) -> String {
    let policy = &project.info.send_policy;
    let count = |count: usize, what: &str| (count > 0).then(|| super::workbench::counted(count, what));
    let parts: Vec<String> = [
        (!policy.consent.is_empty()).then(|| String::from("consent")),
        (!policy.suppression.is_empty()).then(|| String::from("suppression")),
        count(policy.caps.len(), "cap"),
        (!policy.quiet.is_empty()).then(|| String::from("quiet hours")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() { String::from("everything may be sent") } else { parts.join(", ") }
}

fn can_add(section: Section, project: &Project) -> bool {
    let is_score = |attribute: &Attribute| attribute.kind == AttributeKind::Score;
    match section {
        Section::ScoreRules => !project.events.is_empty() && project.attributes.values().any(is_score),
        Section::SendPolicy | Section::Decisions | Section::Expectations => false,
        _ => true,
    }
}

/// What + does in a section; nothing where something else has to be there first.
fn add_request(section: Section, project: &Project) -> Option<Request> {
    let free = |base: &str, taken: &dyn Fn(&str) -> bool| {
        let names = (1..).map(|number: u32| if number == 1 { base.to_owned() } else { format!("{base} {number}") });
        names.into_iter().find(|name| !taken(name)).unwrap_or_default()
    };
    Some(Request::Create(match section {
        Section::States => {
            let name =
                free("New state", &|name| project.children(None).any(|node| node.name.eq_ignore_ascii_case(name)));
            let bottom = project.nodes.values().map(|node| node.position.y).fold(f32::NEG_INFINITY, f32::max);
            let left = project.nodes.values().map(|node| node.position.x).fold(f32::INFINITY, f32::min);
            let position = if project.nodes.is_empty() { Point::default() } else { Point::new(left, bottom + 136.0) };
            Edit::AddNode { kind: NodeKind::State, name, parent: None, position }
        }
        Section::Events => Edit::AddEvent(free("new event", &|name| project.event_by_name(name).is_some())),
        Section::Attributes => Edit::AddAttribute(
            free("new attribute", &|name| project.attribute_by_name(name).is_some()),
            AttributeKind::Text,
        ),
        Section::Touchpoints => Edit::AddTouchpoint(
            free("new touchpoint", &|name| project.touchpoint_by_name(name).is_some()),
            Channel::Email,
        ),
        Section::ScoreRules => {
            let score = project.attributes.values().find(|attribute| attribute.kind == AttributeKind::Score)?;
            Edit::AddScoreRule(ScoreRule {
                id: ScoreRuleId(0),
                event: *project.events.keys().next()?,
                guard: crate::model::Formula::default(),
                score: score.id,
                change: ScoreChange::Add,
                points: crate::model::Formula::new("10"),
                cap: None,
                rank: 0,
            })
        }
        Section::SendPolicy | Section::Decisions | Section::Expectations => return None,
        Section::Behaviours => Edit::AddBehaviour(Behaviour {
            id: BehaviourId(0),
            name: free(Behaviour::UNNAMED, &|name| {
                project.behaviours.values().any(|behaviour| behaviour.name.eq_ignore_ascii_case(name))
            }),
            key: String::new(),
            when: When::Start,
            guard: crate::model::Formula::default(),
            outcomes: Vec::new(),
            delay: None,
            cancel_on_leave: false,
            team: None,
            note: String::new(),
        }),
        Section::Teams => Edit::AddTeam(free("New team", &|name| project.team_by_name(name).is_some())),
        Section::Generators => {
            Edit::AddGenerator(free("New population", &|name| project.generator_by_name(name).is_some()))
        }
        Section::Contacts => {
            Edit::AddContact(free("New contact", &|name| project.contacts.values().any(|contact| contact.name == name)))
        }
        Section::Scenarios => Edit::AddScenario(free("New scenario", &|name| {
            project.scenarios.values().any(|scenario| scenario.name == name)
        })),
        Section::Datasets => return Some(Request::Command(super::Command::Import)),
    }))
}
