//! The panel on the right: the story of the chosen contact, or the totals of everybody.

use egui::{Align, Label, Layout, Panel, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, WidgetText, vec2};
use egui_phosphor::regular as icon;

use super::Simulator;
use crate::gui::Theme;
use crate::gui::request::{Request, Selection};
use crate::gui::theme::{inside, strong_family};
use crate::model::{Labels, Project, capitalised, grouped};
use crate::simulation::report::{ArrowTally, StateTally};
use crate::simulation::{Entry, Outcome, Report};

impl Simulator {
    pub fn story_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        (selection, editable): (&Selection, bool),
        requests: &mut Vec<Request>,
    ) {
        if self.played.is_some() {
            let frame = egui::Frame::new().inner_margin(egui::Margin { bottom: 10, ..egui::Margin::ZERO });
            let shown = !self.breakpoints().is_empty() || Self::has_switches(project, selection);
            if shown {
                Panel::bottom("breakpoints").frame(frame).show_separator_line(false).show(ui, |ui| {
                    ScrollArea::vertical().id_salt("breakpoints").max_height(180.0).show(ui, |ui| {
                        self.breakpoints_ui(ui, theme, project, selection, requests);
                    });
                });
            }
        }
        if self.story.is_some() {
            self.lines_ui(ui, theme, project, (editable, requests));
        } else if let Some(whole) = self.whole() {
            let now = self.report_now(whole);
            let when = now.as_ref().map(|_| self.time_in_words(&project.zone()));
            let newcomers = self.played.as_ref().and_then(|played| played.report.newcomers.as_ref());
            let newcomers = newcomers.map_or(0, |others| others.contacts);
            let by_hand = !self.stage.sent().is_empty();
            let report = Shown { whole, now: now.as_ref(), when, newcomers, by_hand };
            totals_ui(ui, theme, project, &report, selection);
        }
    }

    fn lines_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        project: &Project,
        (editable, requests): (bool, &mut Vec<Request>),
    ) {
        let Some(story) = &self.story else { return };
        ui.label(theme.caption("The story of"));
        ui.label(theme.heading(&story.contact));
        let note = project
            .contacts
            .values()
            .find(|contact| contact.name == story.contact)
            .map(|contact| contact.note.as_str());
        if let Some(note) = note.filter(|note| !note.is_empty()) {
            ui.add(Label::new(theme.muted(note)).wrap());
        }
        ui.add_space(theme.spacing.small);
        if story.entries.is_empty() {
            ui.label(theme.muted("Nothing happened before the end of the run."));
            return;
        }
        self.expecting_ui(ui, theme, project, (editable, requests));
        self.timing_ui(ui, theme, project);
        self.by_hand_ui(ui, theme, project);
        let mut go_to = None;
        let Some(story) = &self.story else { return };
        let at = self.stage.clock().line();
        let follow = at.filter(|line| self.followed != Some((self.contact, *line)));
        ScrollArea::vertical().auto_shrink(false).show_viewport(ui, |ui, seen| {
            ui.set_width(ui.available_width() - 6.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            self.heights.begin(story.entries.len(), ui.available_width());
            let (top, left) = (ui.cursor().min, ui.available_width());
            if let Some(line) = follow {
                // The line may be far from what is drawn now.
                let rect =
                    Rect::from_min_size(top + vec2(0.0, self.heights.above(line)), vec2(left, self.heights.of(line)));
                ui.scroll_to_rect(rect, Some(Align::Center));
            }
            // A screen more on both sides, so that what is about to be scrolled to is there for whoever reads the screen.
            let (first, end) = self.heights.between(seen.min.y - seen.height(), seen.max.y + seen.height());
            ui.add_space(self.heights.above(first));
            for (index, entry) in story.entries.iter().enumerate().take(end).skip(first) {
                let before = ui.cursor().min.y;
                let is_ahead = at.is_none_or(|at| index > at);
                let response = line_ui(ui, theme, project, entry, at == Some(index), is_ahead);
                self.heights.set(index, ui.cursor().min.y - before);
                if response.clicked() {
                    go_to = Some(index);
                }
            }
            ui.add_space(self.heights.above(story.entries.len()) - self.heights.above(end));
            ui.add_space(theme.spacing.large);
        });
        if let Some(line) = follow {
            if self.heights.is_known(line) {
                self.followed = Some((self.contact, line));
            } else {
                // Its place was a guess; once drawn, it is known.
                ui.ctx().request_repaint();
            }
        }
        if let Some(line) = go_to {
            self.stage.turn(|clock, reel| {
                clock.pause();
                clock.show_line(line, reel);
            });
        }
    }
}

/// A line of a story.
pub(in crate::gui) fn line_ui(
    ui: &mut Ui,
    theme: &Theme,
    project: &Project,
    entry: &Entry,
    current: bool,
    ahead: bool,
) -> egui::Response {
    let frame = if current { theme.card_frame().inner_margin(12.0) } else { egui::Frame::new().inner_margin(12.0) };
    let frame = if current { frame.stroke(egui::Stroke::new(1.5, theme.palette.accent)) } else { frame };
    let inner = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        if ahead {
            ui.set_opacity(0.55);
        }
        ui.spacing_mut().item_spacing.y = 3.0;
        let (sign, color) = match entry.outcome {
            Outcome::Moved => (icon::ARROW_CIRCLE_RIGHT, theme.palette.accent),
            Outcome::Stayed => (icon::ARROW_U_DOWN_LEFT, theme.palette.accent),
            Outcome::Refused => (icon::PROHIBIT, theme.palette.text_muted),
            Outcome::Ignored | Outcome::AfterEnd => (icon::MINUS_CIRCLE, theme.palette.text_muted),
            Outcome::Halted => (icon::WARNING_OCTAGON, theme.palette.error),
        };
        let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        inside(ui, head, Layout::right_to_left(Align::Center), |ui| {
            ui.add(Label::new(theme.caption(entry.time.display_in(&project.zone()))).selectable(false));
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(RichText::new(sign).size(17.0).color(color)).selectable(false));
                ui.add(Label::new(theme.strong(entry.cause_in_words(project))).truncate().selectable(false));
            });
        });
        // Under the cause, not under its sign.
        let mut body = ui.new_child(
            UiBuilder::new().max_rect(ui.available_rect_before_wrap().with_min_x(ui.min_rect().left() + 25.0)),
        );
        let mut line = |text: RichText| {
            body.add(Label::new(text).wrap().selectable(false));
        };
        line(theme.text(capitalised(&entry.outcome_in_words(project))));
        for why in &entry.why {
            line(theme.muted(format!("Because {why}")));
        }
        for why_not in entry.why_not_in_words(project) {
            line(theme.muted(capitalised(&why_not)));
        }
        for effect in &entry.effects {
            line(theme.text(format!("{}  {effect}", icon::PAPER_PLANE_TILT)).color(theme.palette.accent));
        }
        for error in &entry.errors {
            line(theme.problem(crate::simulation::Severity::Error, error));
        }
        if current && !entry.values.is_empty() {
            let known: Vec<String> = entry.values.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            line(theme.caption(known.join(" · ")));
        }
        let used = body.min_rect();
        ui.advance_cursor_after_rect(used);
    });
    let response = ui.interact(inner.response.rect, inner.response.id.with("line"), Sense::click());
    response.widget_info(|| {
        let text = format!("{}: {}", entry.cause_in_words(project), entry.outcome_in_words(project));
        egui::WidgetInfo::selected(egui::WidgetType::SelectableLabel, true, current, text)
    });
    response
}

/// A heading, and what is counted of a state under it.
type Column = (&'static str, fn(&StateTally) -> u64);

const COLUMNS: &[Column] =
    &[("Resting", |tally| tally.resting), ("Entered", |tally| tally.entered), ("Contacts", |tally| tally.contacts)];

/// What a run comes to, and what it has come to at the clock, where that is before its end.
struct Shown<'a> {
    whole: &'a Report,
    now: Option<&'a Report>,
    when: Option<String>,
    /// Contacts whom others have won, which are among them.
    newcomers: u64,
    /// Whether events were sent by hand, of which the whole knows nothing.
    by_hand: bool,
}

impl Simulator {
    /// The counts at the clock, unless it stands at the end of a run to which nobody sent anything.
    fn report_now(&self, whole: &Report) -> Option<Report> {
        let at_end = self.stage.is_at_end() && self.stage.sent().is_empty();
        let (counts, setup) = (self.stage.counts().filter(|_| !at_end)?, self.stage.setup()?);
        let mut report = Report::default();
        for slot in 0..setup.machine.node_count() {
            let (entered, resting) = (u64::from(counts.entered[slot]), u64::from(counts.resting[slot]));
            report.states.insert(setup.machine.node_id(slot), StateTally { contacts: 0, entered, resting });
        }
        for slot in 0..setup.machine.arrow_count() {
            let id = setup.machine.arrow_id(slot);
            let contacts = whole.arrows.get(&id).map_or(0, |tally| tally.contacts);
            report.arrows.insert(id, ArrowTally { fired: u64::from(counts.fired[slot]), contacts });
        }
        Some(report)
    }
}

fn totals_ui(ui: &mut Ui, theme: &Theme, project: &Project, shown: &Shown, selection: &Selection) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_width(ui.available_width() - 6.0);
        let (report, whole) = (shown.now.unwrap_or(shown.whole), shown.whole);
        ui.label(theme.caption(shown.when.as_ref().map_or_else(
            || String::from("Model result at the end of the run"),
            |when| format!("Model result at {when}"),
        )));
        ui.label(theme.heading("Where everybody is"));
        if shown.newcomers > 0 {
            let newcomers = grouped(shown.newcomers);
            ui.add(
                Label::new(theme.muted(format!("With those whom others have won: {newcomers} by the end of the run.")))
                    .wrap(),
            );
        }
        ui.add_space(theme.spacing.small);
        ui.spacing_mut().item_spacing.y = 2.0;
        // How many different contacts were ever in a state is only known of the whole.
        let columns = if shown.now.is_none() { COLUMNS } else { &COLUMNS[..2] };
        let heads: Vec<RichText> = columns.iter().map(|(head, _)| theme.caption(*head)).collect();
        let width = |(head, (_, number)): (&RichText, &Column)| {
            let most = theme.text(grouped(whole.states.values().map(number).max().unwrap_or(0)));
            width(ui, head).max(width(ui, &most)) + 12.0
        };
        let widths: Vec<f32> = heads.iter().zip(columns).map(width).collect();
        counts(ui, theme.caption("State"), heads, &widths);
        for (_, node) in project.document_order() {
            let Some(tally) = report.states.get(&node.id) else { continue };
            let name = theme.text(&node.name);
            let name = if selection.contains(node.id) {
                name.family(strong_family()).color(theme.palette.accent)
            } else {
                name
            };
            let numbers = columns.iter().map(|(_, number)| theme.text(grouped(number(tally)))).collect();
            counts(ui, name, numbers, &widths);
        }
        arrows_ui(ui, theme, project, report, selection);
        if shown.now.is_some() {
            ui.add_space(theme.spacing.medium);
            let by_hand = if shown.by_hand { ", without what was sent by hand" } else { "" };
            ui.add(Label::new(theme.caption(format!("At the end of the run{by_hand}"))).wrap());
        }
        effects_ui(ui, theme, project, whole);
        ui.add_space(theme.spacing.large);
    });
}

fn arrows_ui(ui: &mut Ui, theme: &Theme, project: &Project, report: &Report, selection: &Selection) {
    section(ui, theme, "Arrows");
    let arrows = project.arrows_by_source();
    let labels = Labels::of(project);
    for (_, node) in project.document_order() {
        for arrow in arrows.get(&node.id).into_iter().flatten() {
            let Some(tally) = report.arrows.get(&arrow.id) else { continue };
            let target = arrow.target.map_or_else(|| String::from("(stay)"), |target| labels.node(target));
            let trigger = crate::model::trigger_text::print_trigger(project, &arrow.trigger);
            let color = if selection.contains(arrow.id) { theme.palette.accent } else { theme.palette.text };
            pair(ui, theme.strong(grouped(tally.fired)), |ui| {
                let ends = format!("{} {} {target}", node.name, icon::ARROW_RIGHT);
                ui.add(Label::new(theme.text(ends).color(color)));
                ui.add(Label::new(theme.caption(&trigger)).truncate());
            });
        }
    }
}

fn effects_ui(ui: &mut Ui, theme: &Theme, project: &Project, report: &Report) {
    let mut rows: Vec<(String, String)> = Vec::new();
    for (id, tally) in &report.sends.touchpoints {
        let name = project.touchpoint_label(*id);
        rows.push((format!("sent {name}"), grouped(tally.delivered())));
    }
    for (team, tally) in &report.handovers {
        rows.push((format!("notified {team}"), grouped(tally.count())));
    }
    for (point, tally) in &report.conversions {
        let worth = if tally.cents == 0 {
            String::new()
        } else {
            format!(", worth {}.{:02}", tally.cents / 100, (tally.cents % 100).abs())
        };
        rows.push((format!("conversion {point}{worth}"), grouped(tally.count)));
    }
    if !rows.is_empty() {
        section(ui, theme, "What would have been done");
        pairs(ui, theme, rows);
    }
    section(ui, theme, "Events");
    let mut rows = vec![
        (String::from("processed"), report.events),
        (String::from("no state waited for them"), report.ignored),
        (String::from("no condition held"), report.refused),
    ];
    for (text, count) in [
        ("after the end of a journey", report.after_end),
        ("errors of actions and values", report.errors),
        ("contacts not started by then", report.not_started),
        ("contacts stopped in a circle", report.halted),
    ] {
        if count > 0 {
            rows.push((text.to_owned(), count));
        }
    }
    pairs(ui, theme, rows.into_iter().map(|(text, count)| (text, grouped(count))).collect());
}

fn section(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(theme.spacing.medium);
    ui.separator();
    ui.label(theme.subheading(text));
}

fn pairs(ui: &mut Ui, theme: &Theme, rows: Vec<(String, String)>) {
    for (text, count) in rows {
        pair(ui, theme.strong(count), |ui| {
            ui.add(Label::new(theme.text(text)).truncate());
        });
    }
}

fn width(ui: &Ui, text: &RichText) -> f32 {
    let text = WidgetText::from(text.clone());
    text.into_galley(ui, Some(egui::TextWrapMode::Extend), f32::INFINITY, egui::TextStyle::Body).size().x
}

/// A name, and numbers at the right in columns of these widths.
fn counts(ui: &mut Ui, name: RichText, numbers: Vec<RichText>, widths: &[f32]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    inside(ui, rect, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for (number, &width) in numbers.into_iter().zip(widths).rev() {
            ui.allocate_ui_with_layout(vec2(width, 28.0), Layout::right_to_left(Align::Center), |ui| {
                ui.set_min_width(width);
                ui.label(number);
            });
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(Label::new(name).truncate()));
    });
}

/// Something at the left, a number at the right.
fn pair(ui: &mut Ui, number: RichText, left: impl FnOnce(&mut Ui)) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    inside(ui, rect, Layout::right_to_left(Align::Center), |ui| {
        ui.label(number);
        ui.with_layout(Layout::left_to_right(Align::Center), left);
    });
}
