//! What a measure came to in each repeat: a dot for every run, with the middle one and what nine of ten lie within.

use egui::{Align2, RichText, Ui};
use egui_plot::{PlotPoint, PlotUi, Points, Polygon, Text, VLine};

use super::chart::{Chart, round_numbers};
use super::headline::range;
use super::sections::note;
use crate::analysis::experiment::Repeated;
use crate::analysis::statistics::Interval;
use crate::gui::Theme;

/// Values this close, as a share of the whole range, stand above one another.
const PILES: f64 = 36.0;
/// Height of the part that is drawn in, about, in points.
const INSIDE: f32 = 140.0;
/// Marks on the axis.
const MARKS: u32 = 7;

/// Values that are nearly the same.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pile {
    low: f64,
    high: f64,
    count: u32,
}

impl Pile {
    fn middle(self) -> f64 {
        f64::midpoint(self.low, self.high)
    }
}

/// Draws the repeats of one measure.
pub(super) fn strip_ui(ui: &mut Ui, theme: &Theme, row: &Repeated) {
    let (Some(median), Some(spread)) = (row.median(), row.spread()) else { return };
    let show = |value: f64| row.measure.show(value);
    let piles = piles(&row.values);
    let (Some(first), Some(last)) = (piles.first(), piles.last()) else { return };
    if first == last {
        let sentence = format!("All {} repeats gave {}.", row.values.len(), show(median));
        ui.label(theme.text(sentence));
        return;
    }
    let room = (last.high - first.low) * 0.04;
    let x = (first.low - room, last.high + room);
    let highest = piles.iter().map(|pile| pile.count).max().unwrap_or(1).max(4);
    let y = (-0.02 * f64::from(highest), f64::from(highest) * 1.3);
    let (marks, step) = round_numbers(x.0, x.1, MARKS);
    let chart = Chart {
        id: "repeats",
        x,
        y,
        x_marks: marks.into_iter().map(|mark| (mark, tick(row, mark, step))).collect(),
        y_marks: vec![(0.0, String::new())],
        left: 8.0,
        words: format!(
            "{}: the middle of {} repeats is {}, nine of ten lie within {}",
            row.measure.name(),
            row.values.len(),
            show(median),
            range(spread, show)
        ),
    };
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let radius = (INSIDE / highest as f32 / 1.3 / 2.0).clamp(1.5, 7.0);
    let p = &theme.palette;
    let draw = |plot: &mut PlotUi<'_>| {
        let corners = vec![[spread.low, y.0], [spread.high, y.0], [spread.high, y.1], [spread.low, y.1]];
        let band = Polygon::new("", corners).fill_color(p.accent_soft.gamma_multiply(0.6)).stroke(egui::Stroke::NONE);
        plot.polygon(band);
        plot.vline(VLine::new("", median).color(p.text).width(1.75));
        let dots = piles.iter().flat_map(|pile| (0..pile.count).map(|at| [pile.middle(), f64::from(at) + 0.5]));
        plot.points(Points::new("", dots.collect::<Vec<_>>()).radius(radius).color(p.accent));
        let (side, words) = if median > f64::midpoint(x.0, x.1) {
            (Align2::RIGHT_TOP, format!("{}  ", show(median)))
        } else {
            (Align2::LEFT_TOP, format!("  {}", show(median)))
        };
        let words = RichText::new(words).size(theme.sizes.small);
        plot.text(Text::new("", PlotPoint::new(median, y.1), words).color(p.text).anchor(side));
    };
    let said = |value: f64| {
        let nearest =
            piles.iter().min_by(|one, other| (one.middle() - value).abs().total_cmp(&(other.middle() - value).abs()));
        let of = row.values.len();
        let line = |pile: &Pile| {
            let (low, high) = (show(pile.low), show(pile.high));
            let within = Interval { low: pile.low, high: pile.high };
            let values = if low == high { low } else { range(within, show) };
            format!("{values}: {} of {of} repeats", pile.count)
        };
        nearest.map(line).into_iter().collect()
    };
    chart.show(ui, theme, draw, said);
    let (middle, within) = (show(median), range(spread, show));
    let sentence = format!(
        "A dot is a repeat. The line is the middle one, {middle}; nine of ten lie within {within}, which is tinted."
    );
    note(ui, theme, &sentence);
}

/// The values in rising order, those that are nearly the same together.
fn piles(values: &[f64]) -> Vec<Pile> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(least), Some(most)) = (sorted.first().copied(), sorted.last().copied()) else { return Vec::new() };
    let near = (most - least) / PILES;
    let mut piles: Vec<Pile> = Vec::new();
    for value in sorted {
        match piles.last_mut() {
            Some(pile) if value - pile.low <= near => {
                pile.high = value;
                pile.count += 1;
            }
            _ => piles.push(Pile { low: value, high: value, count: 1 }),
        }
    }
    piles
}

/// A mark on the axis, with as many digits as it takes to tell it from the next.
fn tick(row: &Repeated, value: f64, step: f64) -> String {
    let (value, step, unit) =
        if row.measure.is_share() { (value * 100.0, step * 100.0, " %") } else { (value, step, "") };
    let digits = (1..9).scan(step, |step, digit| {
        let whole = (*step - step.round()).abs() < 1e-6 && *step >= 0.5;
        *step *= 10.0;
        (!whole).then_some(digit)
    });
    let digits = digits.last().unwrap_or(0);
    format!("{value:.digits$}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Measure;

    #[test]
    fn values_that_are_nearly_the_same_stand_above_one_another() {
        let pile = |low, high, count| Pile { low, high, count };
        assert_eq!(piles(&[0.5, 0.1, 0.5, 0.101]), [pile(0.1, 0.101, 2), pile(0.5, 0.5, 2)]);
        assert_eq!(piles(&[3.0, 3.0]), [pile(3.0, 3.0, 2)]);
        assert_eq!(piles(&[]), []);
    }

    #[test]
    fn marks_have_as_many_digits_as_they_need() {
        let share = Repeated { measure: Measure::Converted(String::from("order")), values: Vec::new() };
        let value = Repeated { measure: Measure::Value, values: Vec::new() };
        assert_eq!(tick(&share, 0.1, 0.05), "10 %");
        assert_eq!(tick(&share, 0.105, 0.005), "10.5 %");
        assert_eq!(tick(&share, 0.091, 0.0002), "9.10 %");
        assert_eq!(tick(&value, 1200.0, 100.0), "1200");
        assert_eq!(tick(&value, 2.5, 0.5), "2.5");
    }
}
