//! The parts of the page that show one run: conversion, time, leakage, messages, hand-overs, value.

use egui::{Label, Ui};

use super::bars::{Bar, bars, legend};
use super::headline::range;
use super::survival::MOST;
use super::{Figures, Section};
use crate::analysis::measure::{decimals, percent};
use crate::analysis::results::most_messages;
use crate::analysis::sheet::duration;
use crate::analysis::statistics::wilson;
use crate::gui::Theme;
use crate::gui::simulator::Played;
use crate::model::grouped;
use crate::simulation::report::RELATIVE_WIDTH;

impl Figures {
    /// What is drawn above the table. Says what to do where there is nothing to draw.
    pub(super) fn section_ui(&self, ui: &mut Ui, theme: &Theme, section: Section, played: &Played) {
        match section {
            Section::Conversion => self.conversion_ui(ui, theme),
            Section::Time => self.time_ui(ui, theme),
            Section::Leakage => self.leakage_ui(ui, theme),
            Section::Messages => self.messages_ui(ui, theme, played),
            Section::HandOvers => self.handovers_ui(ui, theme),
            Section::Value => self.value_ui(ui, theme, played),
            Section::Chance | Section::Assumptions | Section::Compare => {}
        }
    }

    fn conversion_ui(&self, ui: &mut Ui, theme: &Theme) {
        if self.conversions.is_empty() {
            empty(
                ui,
                theme,
                "No step counts as a conversion yet. In Design, select an arrow and add the response \"count a \
                 conversion\".",
            );
            return;
        }
        let rows: Vec<Bar> = self
            .conversions
            .iter()
            .map(|row| {
                let share = row.share.unwrap_or(0.0);
                let step = row.step_share().map_or_else(String::new, |step| format!(" · {} of step", percent(step)));
                Bar {
                    label: row.point.clone(),
                    parts: vec![(0.0, share, theme.palette.accent)],
                    interval: row.interval.map(|interval| (interval.low, interval.high)),
                    number: percent(share),
                    note: format!("{} of {}{step}", grouped(row.contacts), grouped(row.all)),
                    ..Bar::default()
                }
            })
            .collect();
        bars(ui, theme, &rows);
        note(
            ui,
            theme,
            "Of all contacts who entered; the line across the end of a bar is the 95 % interval (Wilson). Of the step: of those \
             who got to the point before or further, those who got to this one or further.",
        );
    }

    fn time_ui(&self, ui: &mut Ui, theme: &Theme) {
        if self.stays.is_empty() {
            empty(ui, theme, "Nobody was in any state before the end of the run.");
            return;
        }
        let known = self.stays.iter().flat_map(|row| row.median.into_iter().chain(row.ninth));
        let most = known.fold(f64::MIN_POSITIVE, f64::max);
        let rows: Vec<Bar> = self
            .stays
            .iter()
            .map(|row| {
                let place = |days: Option<f64>| days.map_or(1.0, |days| days / most);
                let days = |days: Option<f64>| days.map_or_else(|| String::from("not reached"), duration);
                let mut parts = vec![(0.0, place(row.ninth), theme.palette.accent.gamma_multiply(0.35))];
                if row.median.is_some() {
                    parts.push((0.0, place(row.median), theme.palette.accent));
                }
                // Where the end of the run comes first, there is no end of the bar to draw.
                if row.ninth.is_none() {
                    parts.remove(0);
                }
                Bar {
                    label: row.state.clone(),
                    parts,
                    number: days(row.median),
                    note: match row.ninth {
                        Some(ninth) => format!("nine of ten: {} · {} inside", duration(ninth), grouped(row.inside)),
                        None => format!("{} still inside", grouped(row.inside)),
                    },
                    ..Bar::default()
                }
            })
            .take(MOST)
            .collect();
        legend(
            ui,
            theme,
            &[
                (theme.palette.accent, "half have left"),
                (theme.palette.accent.gamma_multiply(0.35), "nine of ten have left"),
            ],
        );
        bars(ui, theme, &rows);
        if self.stays.len() > rows.len() {
            note(ui, theme, &format!("The other {} states stand in the table.", self.stays.len() - rows.len()));
        }
        let width = RELATIVE_WIDTH * 100.0;
        note(
            ui,
            theme,
            &format!(
                "Who is still inside counts for as long as they were seen (Kaplan and Meier). Times are counted in bins of \
                 {width:.1} % of their length."
            ),
        );
    }

    fn leakage_ui(&self, ui: &mut Ui, theme: &Theme) {
        if self.leaks.is_empty() {
            empty(ui, theme, "Without conversion points there are no steps to be lost between.");
            return;
        }
        let p = &theme.palette;
        let (lost, expired, stuck) = (p.error, p.warning, p.outline);
        let rows: Vec<Bar> = self
            .leaks
            .iter()
            .map(|row| {
                let mut parts = Vec::new();
                let mut before = 0;
                for (count, color) in [(row.lost, lost), (row.expired, expired), (row.stuck, stuck)] {
                    let at = |count| crate::analysis::statistics::share(count, row.reached).unwrap_or(0.0);
                    parts.push((at(before), at(before + count), color));
                    before += count;
                }
                let money = row.money().filter(|money| *money > 0.0);
                let worth = money.map_or_else(String::new, |money| format!(" · worth {}", decimals(money)));
                Bar {
                    label: row.label(),
                    parts,
                    number: row.share().map_or_else(|| String::from("–"), percent),
                    note: format!("{} of {}{worth}", grouped(row.contacts()), grouped(row.reached)),
                    ..Bar::default()
                }
            })
            .collect();
        legend(
            ui,
            theme,
            &[(lost, "lost: in an end"), (expired, "expired: moved last by a timer"), (stuck, "stuck: still waiting")],
        );
        bars(ui, theme, &rows);
        note(
            ui,
            theme,
            "Of those who got to one point, who went no further. What they are worth is what those were worth on average who \
             got to the next point.",
        );
    }

    fn messages_ui(&self, ui: &mut Ui, theme: &Theme, played: &Played) {
        let report = &played.report;
        if self.sends.rows.is_empty() {
            empty(ui, theme, "Nothing was to be sent. In Design, give a state or an arrow the response \"send\".");
            return;
        }
        let total = report.sends.total();
        let most = most_messages(report).unwrap_or(0);
        let sentence = format!(
            "{} of {} messages would have been sent. Nineteen of twenty contacts get {most} or fewer; {} met a cap.",
            grouped(total.delivered()),
            grouped(total.wanted()),
            if report.sends.capped_contacts == 1 {
                String::from("1 contact")
            } else {
                format!("{} contacts", grouped(report.sends.capped_contacts))
            },
        );
        ui.add(Label::new(theme.text(sentence)).wrap());
        ui.add_space(theme.spacing.small);
    }

    fn handovers_ui(&self, ui: &mut Ui, theme: &Theme) {
        if self.handovers.is_empty() {
            empty(
                ui,
                theme,
                "Nobody was handed over. In Design, give a state or an arrow the response \"notify a team\".",
            );
            return;
        }
        let rows: Vec<Bar> = self
            .handovers
            .iter()
            .map(|row| {
                let reason = if row.reason.is_empty() { String::new() } else { format!(" ({})", row.reason) };
                let share = row.share().unwrap_or(0.0);
                let interval = wilson(row.count, row.all);
                Bar {
                    label: format!("{}: {}{reason}", row.team, row.outcome),
                    parts: vec![(0.0, share, theme.palette.accent)],
                    interval: interval.map(|interval| (interval.low, interval.high)),
                    number: percent(share),
                    note: format!("{} of {}", grouped(row.count), grouped(row.all)),
                    ..Bar::default()
                }
            })
            .collect();
        bars(ui, theme, &rows);
        note(
            ui,
            theme,
            "By what made the contact leave the state in which the team had it, and the reason that it brought.",
        );
    }

    fn value_ui(&self, ui: &mut Ui, theme: &Theme, played: &Played) {
        let report = &played.report;
        if report.value.sum == 0 {
            let sentence =
                "No conversion was worth anything. In Design, give a conversion an amount, such as 80 or event.value.";
            empty(ui, theme, sentence);
            return;
        }
        let discounted = self.discount.map_or_else(String::new, |discount| {
            format!(", discounted by {} a month from the start of each contact", percent(discount))
        });
        let within = match crate::analysis::statistics::mean(&report.value) {
            Some((_, Some(interval))) => {
                let range = range(interval, |cents| decimals(cents / 100.0));
                format!(" The mean lies within {range} with 95 % confidence.")
            }
            _ => String::from(" There are too few contacts to say how sure the mean is."),
        };
        let sentence = format!("Value in the currency of the journey{discounted}.{within}");
        ui.add(Label::new(theme.text(sentence)).wrap());
        ui.add_space(theme.spacing.small);
    }
}

/// In place of a chart: what to do.
pub(super) fn empty(ui: &mut Ui, theme: &Theme, sentence: &str) {
    ui.add(Label::new(theme.muted(sentence)).wrap());
}

/// Under a chart: how to read it.
pub(super) fn note(ui: &mut Ui, theme: &Theme, sentence: &str) {
    ui.add_space(theme.spacing.tight);
    ui.add(Label::new(theme.caption(sentence)).wrap());
    ui.add_space(theme.spacing.small);
}
