//! What else could have come of the run: on other luck, and with other assumptions. Two questions, answered apart.

use egui::{ComboBox, ProgressBar, Ui};
use egui_phosphor::regular as icon;

use super::bars::{Bar, bars, legend};
use super::headline::range;
use super::sections::{empty, note};
use super::strip::strip_ui;
use super::work::{Count, Work};
use super::{Results, table};
use crate::analysis::experiment::{Bar as TornadoBar, Repeated, Uncertain, Varied, repeat, spreads, tornado, vary};
use crate::analysis::sheet::Cell;
use crate::analysis::{Measure, Sheet, experiment};
use crate::gui::Theme;
use crate::gui::field::named;
use crate::gui::request::Request;
use crate::gui::simulator::Played;
use crate::model::Project;
use crate::simulation::Report;

/// How many seeds one can ask for.
const REPEATS: [u32; 3] = [20, 50, 200];

/// What was asked for, and what came of it.
pub(super) struct Experiments {
    repeats: u32,
    chance: Work<Vec<Report>>,
    assumptions: Work<Vec<Varied>>,
    /// Whose repeats are drawn, and what the assumptions are measured by.
    repeated: Option<Measure>,
    measure: Option<Measure>,
}

impl Default for Experiments {
    fn default() -> Self {
        Self {
            repeats: REPEATS[0],
            chance: Work::default(),
            assumptions: Work::default(),
            repeated: None,
            measure: None,
        }
    }
}

impl Experiments {
    pub(super) fn update(&mut self, played: &Played) {
        self.chance.update(&played.key);
        self.assumptions.update(&played.key);
    }
}

impl Results {
    pub(super) fn chance_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        played: &Played,
        requests: &mut Vec<Request>,
    ) {
        let experiments = &mut self.experiments;
        if let Some((runs, all)) = experiments.chance.running() {
            if running_ui(ui, theme, runs, all) {
                experiments.chance.stop();
            }
            return;
        }
        ui.horizontal(|ui| {
            let again = if experiments.chance.done().is_some() { "Repeat again" } else { "Repeat" };
            let pressed = theme.secondary_button(ui, format!("{}  {again}", icon::DICE_FIVE)).clicked();
            ComboBox::from_id_salt("repeats").selected_text(format!("{} times", experiments.repeats)).show_ui(
                ui,
                |ui| {
                    for repeats in REPEATS {
                        ui.selectable_value(&mut experiments.repeats, repeats, format!("{repeats} times"));
                    }
                },
            );
            if pressed {
                let (project, again, seed) = (project.clone(), played.again(), played.key.seed);
                let repeats = experiments.repeats;
                experiments.chance.start(played.key.clone(), repeats, ui.ctx(), move |count: &Count| {
                    repeat(seed, repeats, |seed| {
                        let report = again.report(&project, seed, count.progress());
                        count.one_more();
                        report
                    })
                });
                // So that the work is looked at.
                ui.ctx().request_repaint();
            }
        });
        let Some(reports) = experiments.chance.done() else {
            empty(ui, theme, "The same run on other seeds, to see how much of a number is luck.");
            return;
        };
        if reports.iter().all(|report| *report == reports[0]) {
            let sentence =
                format!("{} repeats gave the same numbers: in this run nothing is left to chance.", reports.len());
            empty(ui, theme, &sentence);
            return;
        }
        let rows = spreads(project, &Measure::all(project), reports);
        let shares = rows.iter().filter(|row| row.measure.is_share());
        ui.add_space(theme.spacing.small);
        bars(ui, theme, &shares.take(12).filter_map(|row| chance_bar(theme, row)).collect::<Vec<_>>());
        note(
            ui,
            theme,
            &format!(
                "Nine of ten of {} repeats, on seeds that follow one another, lie within the line across the end of the \
                 bar, which is the middle one. This is chance alone: what is assumed is the same in all of them. All \
                 measures stand in the table.",
                reports.len()
            ),
        );
        repeats_ui(ui, theme, &rows, &mut experiments.repeated);
        with_table(ui, theme, &chance_sheet(&rows), requests);
    }

    pub(super) fn assumptions_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        played: &Played,
        requests: &mut Vec<Request>,
    ) {
        let experiments = &mut self.experiments;
        if let Some((runs, all)) = experiments.assumptions.running() {
            if running_ui(ui, theme, runs, all) {
                experiments.assumptions.stop();
            }
            return;
        }
        let numbers = experiment::uncertain(project);
        if numbers.is_empty() {
            let sentence = "No number of this journey has a range. Give a behaviour, a team or a population a low and a high \
                            value, and see here which of them matters.";
            empty(ui, theme, sentence);
            return;
        }
        let measures = Measure::all(project);
        let measure = experiments.measure.clone().filter(|measure| measures.contains(measure));
        let goal = || {
            let last = measures.iter().rfind(|measure| matches!(measure, Measure::Converted(_)));
            last.filter(|_| played.report.value.sum == 0).cloned().unwrap_or(Measure::Value)
        };
        let mut measure = measure.unwrap_or_else(goal);
        ui.horizontal(|ui| {
            let words = match numbers.len() {
                1 => String::from("Vary 1 number"),
                several => format!("Vary {several} numbers"),
            };
            if theme.secondary_button(ui, format!("{}  {words}", icon::ARROWS_HORIZONTAL)).clicked() {
                let (project, again, seed) = (project.clone(), played.again(), played.key.seed);
                let runs = u32::try_from(2 * numbers.len()).unwrap_or(u32::MAX);
                experiments.assumptions.start(played.key.clone(), runs, ui.ctx(), move |count: &Count| {
                    vary(&project, |project| {
                        let report = again.report(project, seed, count.progress());
                        count.one_more();
                        report
                    })
                });
                ui.ctx().request_repaint();
            }
            ComboBox::from_id_salt("measure").width(260.0).selected_text(measure.name()).show_ui(ui, |ui| {
                for option in &measures {
                    ui.selectable_value(&mut measure, option.clone(), option.name());
                }
            });
        });
        experiments.measure = Some(measure.clone());
        let Some(varied) = experiments.assumptions.done() else {
            let sentence = "Each number by itself at the least and at the most that is believed of it, on the same luck: which of \
                            them would change the answer?";
            empty(ui, theme, sentence);
            return;
        };
        let rows = tornado(project, &measure, &played.report, varied);
        ui.add_space(theme.spacing.small);
        let (low, high) = (theme.palette.accent, theme.palette.warning);
        legend(ui, theme, &[(low, "at its least"), (high, "at its most")]);
        bars(ui, theme, &tornado_bars(project, &measure, &rows, [low, high]));
        note(
            ui,
            theme,
            "The widest first. The line is what comes of the likely values. This is what is believed, not chance: all runs have \
             the same seed.",
        );
        with_table(ui, theme, &tornado_sheet(project, &measure, &rows), requests);
    }
}

/// The repeats of the chosen measure, a dot for each; of the first that luck changes as long as nobody chooses.
fn repeats_ui(ui: &mut Ui, theme: &Theme, rows: &[Repeated], chosen: &mut Option<Measure>) {
    let changes = |row: &&Repeated| row.values.iter().any(|value| value.total_cmp(&row.values[0]).is_ne());
    let known = chosen.as_ref().and_then(|measure| rows.iter().find(|row| row.measure == *measure));
    let Some(mut row) = known.or_else(|| rows.iter().find(changes)) else { return };
    ui.add_space(theme.spacing.small);
    let current = row.measure.name();
    let list = ComboBox::from_id_salt("repeated").width(260.0).selected_text(&current).show_ui(ui, |ui| {
        for option in rows {
            if ui.selectable_label(option.measure == row.measure, option.measure.name()).clicked() {
                *chosen = Some(option.measure.clone());
                row = option;
            }
        }
    });
    named(&list.response, "Measure of the repeats", &current);
    strip_ui(ui, theme, row);
}

/// How far it is; whether it is to stop.
fn running_ui(ui: &mut Ui, theme: &Theme, runs: u32, all: u32) -> bool {
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    ui.horizontal(|ui| {
        #[expect(clippy::cast_precision_loss, reason = "shown as a bar")]
        let share = runs as f32 / all.max(1) as f32;
        ui.add(ProgressBar::new(share).desired_width(280.0).desired_height(10.0));
        ui.label(theme.caption(format!("{runs} of {all} runs")));
        theme.quiet_button(ui, "Stop").clicked()
    })
    .inner
}

fn with_table(ui: &mut Ui, theme: &Theme, sheet: &Sheet, requests: &mut Vec<Request>) {
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            table::buttons(ui, theme, sheet, requests);
        });
    });
    table::table(ui, theme, sheet);
}

fn chance_bar(theme: &Theme, row: &Repeated) -> Option<Bar> {
    let (spread, middle) = (row.spread()?, row.median()?);
    Some(Bar {
        label: row.measure.name(),
        parts: vec![(0.0, middle, theme.palette.accent)],
        interval: Some((spread.low, spread.high)),
        number: row.measure.show(middle),
        note: range(spread, |value| row.measure.show(value)),
        ..Bar::default()
    })
}

fn cell(measure: &Measure, value: f64) -> Cell {
    if measure.is_share() { Cell::Share(value) } else { Cell::Number(value) }
}

fn chance_sheet(rows: &[Repeated]) -> Sheet {
    let cells = |row: &Repeated| {
        let number = |value: Option<f64>| value.map_or(Cell::Missing("–"), |value| cell(&row.measure, value));
        let spread = row.spread();
        let mut cells = vec![Cell::Text(row.measure.name()), number(row.median())];
        cells.extend([spread.map(|spread| spread.low), spread.map(|spread| spread.high)].map(number));
        cells.extend([
            number(row.values.iter().copied().reduce(f64::min)),
            number(row.values.iter().copied().reduce(f64::max)),
        ]);
        cells
    };
    Sheet {
        name: String::from("Chance"),
        head: vec!["Measure", "Middle", "90 % from", "to", "Least", "Most"],
        rows: rows.iter().map(cells).collect(),
    }
}

fn label(project: &Project, number: &Uncertain) -> String {
    format!("{}: {}", crate::model::capitalised(&project.describe(number.at)), number.name)
}

fn tornado_bars(project: &Project, measure: &Measure, rows: &[TornadoBar], colors: [egui::Color32; 2]) -> Vec<Bar> {
    let ends = || rows.iter().map(TornadoBar::ends);
    let (least, most) =
        ends().fold((f64::INFINITY, f64::NEG_INFINITY), |all, row| (all.0.min(row.0), all.1.max(row.1)));
    // A little room on both sides, and something to see where nothing changes anything.
    let room = ((most - least) * 0.05).max(f64::MIN_POSITIVE);
    let place = |value: f64| (value - least + room) / (most - least + 2.0 * room);
    let part = |row: &TornadoBar, value: f64, color| {
        let (one, other) = (place(row.likely), place(value));
        (one.min(other), one.max(other), color)
    };
    rows.iter()
        .map(|row| Bar {
            label: label(project, &row.number),
            parts: vec![part(row, row.at_low, colors[0]), part(row, row.at_high, colors[1])],
            mark: Some(place(row.likely)),
            number: format!("{} → {}", measure.show(row.at_low), measure.show(row.at_high)),
            note: format!("at {} and {}", row.number.low, row.number.high),
            ..Bar::default()
        })
        .collect()
}

fn tornado_sheet(project: &Project, measure: &Measure, rows: &[TornadoBar]) -> Sheet {
    let cells = |row: &TornadoBar| {
        let number = &row.number;
        let mut cells = vec![Cell::Text(label(project, number)), Cell::Text(number.provenance.label().to_owned())];
        cells.extend([number.low, number.likely, number.high].map(Cell::Number));
        cells.extend([row.at_low, row.likely, row.at_high, row.swing()].map(|value| cell(measure, value)));
        cells
    };
    Sheet {
        name: String::from("Assumptions"),
        head: vec![
            "Number",
            "Provenance",
            "Least",
            "Likely",
            "Most",
            "Result at least",
            "at likely",
            "at most",
            "Swing",
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
