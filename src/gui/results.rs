//! The Results workspace: how much, and how sure? One page about the run that Simulate shows, a part for each question,
//! with its numbers as a table to take along.

mod bars;
mod chart;
mod compare;
mod experiments;
mod headline;
mod sections;
mod strip;
mod survival;
mod table;
mod work;

use std::path::PathBuf;

use egui::{Align, Label, Layout, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};
use egui_phosphor::regular as icon;

use super::request::Request;
use super::simulator::{Key, Played, Simulator};
use super::theme::{inside, strong_family};
use super::{Command, Theme};
use crate::analysis::Sheet;
use crate::analysis::results::{self, Conversion, Handover, Leak, Stay};
use crate::document::Document;
use crate::model::{Population, Project, grouped};
use crate::simulation::Severity;
use compare::Comparing;
use experiments::Experiments;
use survival::Survival;

/// A wide window has two columns.
const TWO_COLUMNS: f32 = 1_640.0;
const WIDEST: f32 = 1_180.0;

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Section {
    Conversion,
    Time,
    Leakage,
    Messages,
    HandOvers,
    Value,
    Chance,
    Assumptions,
    Compare,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::Conversion,
        Self::Time,
        Self::Leakage,
        Self::Messages,
        Self::HandOvers,
        Self::Value,
        Self::Chance,
        Self::Assumptions,
        Self::Compare,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Conversion => "Conversion",
            Self::Time => "Time in state",
            Self::Leakage => "Leakage",
            Self::Messages => "Messages",
            Self::HandOvers => "Hand-overs",
            Self::Value => "Value",
            Self::Chance => "Chance",
            Self::Assumptions => "Assumptions",
            Self::Compare => "Compare",
        }
    }

    fn question(self) -> &'static str {
        match self {
            Self::Conversion => "How many get how far?",
            Self::Time => "How long do they stay?",
            Self::Leakage => "Where do they get no further, and what does that cost?",
            Self::Messages => "What would they be sent?",
            Self::HandOvers => "What comes of those who are handed over?",
            Self::Value => "What are they worth?",
            Self::Chance => "How much of it is luck?",
            Self::Assumptions => "Which belief would change the answer?",
            Self::Compare => "What would another version come to, on the same luck?",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Self::Conversion => icon::FUNNEL,
            Self::Time => icon::CLOCK,
            Self::Leakage => icon::DROP,
            Self::Messages => icon::PAPER_PLANE_TILT,
            Self::HandOvers => icon::HANDSHAKE,
            Self::Value => icon::COINS,
            Self::Chance => icon::DICE_FIVE,
            Self::Assumptions => icon::ARROWS_HORIZONTAL,
            Self::Compare => icon::GIT_DIFF,
        }
    }
}

/// What one report amounts to.
struct Figures {
    conversions: Vec<Conversion>,
    stays: Vec<Stay>,
    leaks: Vec<Leak>,
    handovers: Vec<Handover>,
    sends: Sheet,
    value: Sheet,
    discount: Option<f64>,
}

impl Figures {
    fn of(project: &Project, played: &Played) -> Self {
        let (points, report) = (played.conversion_points(), &played.report);
        Self {
            conversions: results::conversions(&points, report),
            stays: results::stays(project, report),
            leaks: results::leaks(&points, report),
            handovers: results::handovers(project, report),
            sends: results::sends(project, report),
            value: results::values(report),
            discount: project.info.discount.as_ref().map(|discount| discount.likely),
        }
    }

    /// The numbers of a part as a table; experiments have theirs when they are done.
    fn sheet(&self, section: Section) -> Option<Sheet> {
        let sheet = match section {
            Section::Conversion => Conversion::sheet(&self.conversions),
            Section::Time => Stay::sheet(&self.stays),
            Section::Leakage => Leak::sheet(&self.leaks),
            Section::Messages => self.sends.clone(),
            Section::HandOvers => Handover::sheet(&self.handovers),
            Section::Value => self.value.clone(),
            Section::Chance | Section::Assumptions | Section::Compare => return None,
        };
        (!sheet.rows.is_empty()).then_some(sheet)
    }
}

/// The workspace with what was worked out so far.
#[derive(Default)]
pub struct Results {
    figures: Option<(Key, Figures)>,
    experiments: Experiments,
    comparing: Comparing,
    survival: Survival,
    /// Where the page is to go.
    go_to: Option<Section>,
    /// The part that was asked for last, as long as nobody scrolls.
    asked: Option<Section>,
    /// The part at the top of the page.
    reading: Option<Section>,
}

impl Results {
    /// Makes a project file the other version.
    pub fn compare_with(&mut self, path: PathBuf) {
        self.comparing.choose_file(path);
    }

    /// Whether contacts are not to be named.
    pub fn name_nobody(&mut self, nameless: bool) {
        self.comparing.nameless = nameless;
    }

    /// The list of parts on the left.
    pub fn parts_ui(&mut self, ui: &mut Ui, theme: &Theme, project: &Project, simulator: &Simulator) {
        ui.spacing_mut().item_spacing.y = theme.spacing.tight;
        if let Some(played) = simulator.played() {
            run_ui(ui, theme, project, played);
            ui.add_space(theme.spacing.small);
            ui.separator();
        }
        for section in Section::ALL {
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::click());
            let reading = self.reading == Some(section);
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::WidgetType::SelectableLabel, true, reading, section.name())
            });
            let fill = if reading {
                theme.palette.accent_soft
            } else if response.hovered() || response.has_focus() {
                theme.palette.hover
            } else {
                egui::Color32::TRANSPARENT
            };
            ui.painter().rect_filled(rect, egui::CornerRadius::same(theme.radii.small), fill);
            inside(ui, rect.shrink2(vec2(8.0, 0.0)), Layout::left_to_right(Align::Center), |ui| {
                let color = if reading { theme.palette.accent } else { theme.palette.text };
                let sign = RichText::new(section.icon()).size(17.0).color(color);
                ui.add(Label::new(sign).selectable(false));
                let name = theme.text(section.name()).color(color);
                let name = if reading { name.family(strong_family()) } else { name };
                ui.add(Label::new(name).selectable(false));
            });
            if response.on_hover_text(section.question()).clicked() {
                self.go_to = Some(section);
                self.asked = Some(section);
            }
        }
    }

    /// The page.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        simulator: &Simulator,
        requests: &mut Vec<Request>,
    ) {
        let project = document.project();
        let Some(played) = simulator.played() else {
            nothing_ui(ui, theme, simulator, requests);
            return;
        };
        self.experiments.update(played);
        self.comparing.update(&played.key);
        if self.figures.as_ref().is_none_or(|(key, _)| *key != played.key) {
            self.figures = Some((played.key.clone(), Figures::of(project, played)));
        }
        // Taken out while the page is drawn, which may start experiments.
        let Some((key, figures)) = self.figures.take() else { return };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.available_width() - 2.0 * theme.spacing.large;
            let width = if room >= TWO_COLUMNS { room } else { room.min(WIDEST) };
            let left = ui.max_rect().left() + (ui.available_width() - width) / 2.0;
            let page =
                Rect::from_min_size(pos2(left, ui.cursor().top() + theme.spacing.large), vec2(width, f32::INFINITY));
            let used = ui
                .scope_builder(UiBuilder::new().max_rect(page), |ui| {
                    ui.set_width(width);
                    self.page_ui(ui, theme, document, played, &figures, requests);
                })
                .response
                .rect;
            ui.allocate_rect(used.expand2(vec2(0.0, theme.spacing.large)), Sense::hover());
        });
        self.figures = Some((key, figures));
    }

    fn page_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        document: &Document,
        played: &Played,
        figures: &Figures,
        requests: &mut Vec<Request>,
    ) {
        headline::question_ui(ui, theme, document.project());
        ui.add_space(theme.spacing.medium);
        if played.report.contacts == 0 {
            let sentence = "Nobody entered the journey in this run. Add sample contacts in Design, import recorded events, or let \
                            the run in Simulate end later.";
            sections::empty(ui, theme, sentence);
            return;
        }
        headline::cards_ui(ui, theme, played, figures);
        let top = ui.clip_rect().top() + 60.0;
        let mut reading = None;
        let mut draw = |this: &mut Self, ui: &mut Ui, section: Section| {
            let rect = this.card_ui(ui, theme, section, (document, played, figures), requests);
            if rect.top() <= top || reading.is_none() {
                reading = Some(reading.map_or(section, |other: Section| other.max(section)));
            }
            ui.add_space(theme.spacing.medium);
        };
        if ui.available_width() >= TWO_COLUMNS {
            let gap = ui.spacing().item_spacing.x;
            ui.spacing_mut().item_spacing.x = theme.spacing.medium;
            ui.columns(2, |columns| {
                for column in columns.iter_mut() {
                    column.spacing_mut().item_spacing.x = gap;
                }
                for (index, section) in Section::ALL.into_iter().enumerate() {
                    draw(self, &mut columns[index % 2], section);
                }
            });
        } else {
            for section in Section::ALL {
                draw(self, ui, section);
            }
        }
        if ui.input(|input| input.smooth_scroll_delta() != egui::Vec2::ZERO || input.pointer.is_decidedly_dragging()) {
            self.asked = None;
        }
        // The last parts never come to the top of the page.
        let reading = self.asked.or(reading);
        if self.reading != reading {
            self.reading = reading;
            ui.ctx().request_repaint();
        }
    }

    fn card_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        section: Section,
        (document, played, figures): (&Document, &Played, &Figures),
        requests: &mut Vec<Request>,
    ) -> Rect {
        let project = document.project();
        let sheet = figures.sheet(section);
        let card = theme.card_frame().show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.label(RichText::new(section.icon()).size(20.0).color(theme.palette.accent));
                ui.label(theme.heading(section.name()));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some(sheet) = &sheet {
                        table::buttons(ui, theme, sheet, requests);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.add(Label::new(theme.muted(section.question())).truncate());
                    });
                });
            });
            ui.add_space(theme.spacing.tight);
            match section {
                Section::Chance => self.chance_ui(ui, theme, project, played, requests),
                Section::Assumptions => self.assumptions_ui(ui, theme, project, played, requests),
                Section::Compare => self.comparing.ui(ui, theme, document, played, requests),
                Section::Time => {
                    figures.section_ui(ui, theme, section, played);
                    self.survival.ui(ui, theme, &figures.stays);
                }
                _ => figures.section_ui(ui, theme, section, played),
            }
            if let Some(sheet) = &sheet {
                table::table(ui, theme, sheet);
            }
        });
        if self.go_to == Some(section) {
            self.go_to = None;
            ui.scroll_to_rect(card.response.rect, Some(Align::TOP));
        }
        card.response.rect
    }
}

/// What kind of run it is, of whom, until when.
fn run_ui(ui: &mut Ui, theme: &Theme, project: &Project, played: &Played) {
    let (kind, who) = match played.key.population {
        Population::Dataset(id) => {
            let name = project.datasets.get(&id).map_or("(deleted)", |dataset| dataset.name.as_str());
            ("From recorded history", name.to_owned())
        }
        Population::Samples => ("Model result", String::from("sample contacts")),
        Population::Generated(id) => {
            let name = project.generators.get(&id).map_or("(deleted)", |generator| generator.name.as_str());
            ("Model result", name.to_owned())
        }
    };
    ui.label(theme.subheading(kind));
    let report = &played.report;
    let until = played.until.display_in(&project.zone());
    let mut lines = vec![
        who,
        format!("{} contacts, {} events", grouped(report.contacts), grouped(report.events)),
        format!("until {until}"),
        format!("seed {}", played.key.seed),
    ];
    for (count, words) in [
        (report.not_started, "not started by then"),
        (report.halted, "stopped in a circle"),
        (report.referrals, "further contacts won"),
        (report.errors, "actions that failed"),
    ] {
        if count > 0 {
            lines.push(format!("{} {words}", grouped(count)));
        }
    }
    for line in lines {
        ui.add(Label::new(theme.caption(line)).wrap());
    }
}

/// In place of the page, as long as there is no run.
fn nothing_ui(ui: &mut Ui, theme: &Theme, simulator: &Simulator, requests: &mut Vec<Request>) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.3).min(240.0));
        if let Some(problem) = simulator.problem() {
            ui.label(theme.problem(Severity::Error, problem));
            ui.add_space(theme.spacing.medium);
            if theme.secondary_button(ui, "Choose who runs, in Simulate").clicked() {
                requests.push(Request::Command(Command::Simulate));
            }
        } else {
            ui.label(theme.muted("Running…"));
        }
    });
}
