//! The journey's question, and the numbers that answer it first.

use egui::{Align, Label, Layout, Rect, RichText, Sense, Ui, pos2, vec2};

use super::Figures;
use crate::analysis::measure::{decimals, percent};
use crate::analysis::statistics::{Interval, mean};
use crate::gui::Theme;
use crate::gui::simulator::Played;
use crate::gui::theme::inside;
use crate::model::{Project, grouped};

const CARD: egui::Vec2 = vec2(208.0, 124.0);
const GAP: f32 = 12.0;
/// The rest stands in the table below.
const CARDS: usize = 8;

/// What the journey asks, and what else its note says first.
pub(super) fn question_ui(ui: &mut Ui, theme: &Theme, project: &Project) {
    let line = project.info.note.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        ui.add(Label::new(theme.title(&project.info.name)).wrap());
        let hint = "Write the question that this journey answers into its note: in Design, with nothing selected.";
        ui.add(Label::new(theme.muted(hint)).wrap());
        return;
    }
    let end = line.find('?').map_or(line.len(), |end| end + 1);
    ui.add(Label::new(theme.title(&line[..end])).wrap());
    let rest = line[end..].trim();
    if !rest.is_empty() {
        ui.add(Label::new(theme.muted(rest)).wrap());
    }
}

/// A card for each conversion point, and one for the value of a contact.
pub(super) fn cards_ui(ui: &mut Ui, theme: &Theme, played: &Played, figures: &Figures) {
    let mut cards: Vec<Card> = figures
        .conversions
        .iter()
        .map(|row| Card {
            name: row.point.clone(),
            number: row.share.map_or_else(|| String::from("–"), percent),
            counts: format!("{} of {}", grouped(row.contacts), grouped(row.all)),
            interval: row.interval.map(|interval| range(interval, percent)),
        })
        .collect();
    let further = cards.len().saturating_sub(CARDS);
    cards.truncate(CARDS);
    let value = &played.report.value;
    if value.sum != 0
        && let Some((mean, interval)) = mean(value)
    {
        cards.push(Card {
            name: String::from("Value of a contact"),
            number: decimals(mean / 100.0),
            counts: format!("mean of {}", grouped(value.count)),
            interval: interval.map(|interval| range(interval, |cents| decimals(cents / 100.0))),
        });
    }
    if cards.is_empty() {
        return;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few cards")]
    let columns = (((ui.available_width() + GAP) / (CARD.x + GAP)) as usize).max(1);
    for row in cards.chunks(columns) {
        let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), CARD.y), Sense::hover());
        let mut left = line.left();
        for card in row {
            card.ui(ui, theme, Rect::from_min_size(pos2(left, line.top()), CARD));
            left += CARD.x + GAP;
        }
        ui.add_space(GAP);
    }
    if further > 0 {
        ui.label(theme.caption(format!("{further} more conversion points stand in the table below.")));
    }
}

/// `7.9–10.4 %`; with numbers below zero `−0.3 % to 1.2 %`.
pub(super) fn range(interval: Interval, show: impl Fn(f64) -> String) -> String {
    let (low, high) = (show(interval.low), show(interval.high));
    match (low.strip_suffix(" %"), high.ends_with(" %")) {
        (Some(low), true) if !low.starts_with('−') => format!("{low}–{high}"),
        _ => format!("{low} to {high}"),
    }
}

struct Card {
    name: String,
    number: String,
    counts: String,
    interval: Option<String>,
}

impl Card {
    fn ui(&self, ui: &mut Ui, theme: &Theme, rect: Rect) {
        let p = &theme.palette;
        let response = ui.allocate_rect(rect, Sense::hover());
        let words = format!("{}: {}, {}", self.name, self.number, self.counts);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, words.clone()));
        ui.painter().rect(
            rect,
            egui::CornerRadius::same(theme.radii.large),
            p.card,
            egui::Stroke::new(1.0, p.border),
            egui::StrokeKind::Inside,
        );
        inside(ui, rect.shrink2(vec2(16.0, 12.0)), Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            let quiet = |text: RichText| Label::new(text).truncate().selectable(false);
            ui.add(quiet(theme.text(&self.name)));
            ui.add(quiet(theme.numeral(&self.number)));
            ui.add(quiet(theme.muted(&self.counts)));
            if let Some(interval) = &self.interval {
                ui.add(quiet(theme.caption(format!("95 %: {interval}"))));
            }
        });
    }
}
