//! How long contacts stay, as a curve for each chosen state: the share still inside over time, with the times by which half
//! and nine of ten have left.

use std::collections::BTreeSet;

use egui::{Color32, CornerRadius, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use egui_plot::{HLine, Line, LineStyle, MarkerShape, PlotUi, Points};

use super::chart::{Chart, multiples};
use super::sections::note;
use crate::analysis::results::Stay;
use crate::analysis::sheet::duration;
use crate::gui::Theme;
use crate::model::NodeId;

/// How many states are chosen as long as nobody chooses.
const AT_FIRST: usize = 3;
/// As many as bars.
pub(super) const MOST: usize = 20;
/// Marks on the axis of time.
const MARKS: f64 = 8.0;
const CHIP: f32 = 28.0;
const SAMPLE: f32 = 26.0;
/// The curves are drawn until so few are left.
const LAST: f64 = 0.01;

/// Which states have a curve.
#[derive(Default)]
pub(super) struct Survival {
    chosen: Option<BTreeSet<NodeId>>,
}

/// How the curve of a state is told from the others: by colour and by line.
#[derive(Clone, Copy)]
struct Look {
    color: Color32,
    style: LineStyle,
}

impl Look {
    fn of(theme: &Theme, index: usize) -> Self {
        let styles = [
            LineStyle::Solid,
            LineStyle::Dashed { length: 9.0 },
            LineStyle::Dotted { spacing: 5.0 },
            LineStyle::Dashed { length: 4.0 },
        ];
        // Where colours come again, they come with another line.
        Self { color: theme.series(index), style: styles[(index + index / 6) % styles.len()] }
    }
}

impl Survival {
    /// Chips to choose states by, and the curves of those that are chosen.
    pub(super) fn ui(&mut self, ui: &mut Ui, theme: &Theme, stays: &[Stay]) {
        let stays = &stays[..stays.len().min(MOST)];
        if stays.is_empty() {
            return;
        }
        let known =
            |chosen: &BTreeSet<NodeId>| chosen.is_empty() || stays.iter().any(|stay| chosen.contains(&stay.node));
        let mut chosen = self.chosen.clone().filter(known).unwrap_or_else(|| most_visited(stays));
        ui.add_space(theme.spacing.small);
        ui.label(theme.strong("Still inside"));
        let mut changed = false;
        ui.horizontal_wrapped(|ui| {
            for (index, stay) in stays.iter().enumerate() {
                let on = chosen.contains(&stay.node);
                if chip(ui, theme, &stay.state, Look::of(theme, index), on) {
                    changed = true;
                    if !chosen.remove(&stay.node) {
                        chosen.insert(stay.node);
                    }
                }
            }
        });
        let curves: Vec<(&Stay, Look)> = stays
            .iter()
            .enumerate()
            .filter(|(_, stay)| chosen.contains(&stay.node))
            .map(|(index, stay)| (stay, Look::of(theme, index)))
            .collect();
        if changed {
            self.chosen = Some(chosen);
        }
        if curves.is_empty() {
            note(ui, theme, "Choose a state to see how long contacts stay there.");
            return;
        }
        curves_ui(ui, theme, &curves);
        note(
            ui,
            theme,
            "A circle is where half have left, a square where nine of ten have. Drawn until 99 of 100 have left, or as far as \
             anybody was seen.",
        );
    }
}

/// The states that most visits are to, of those that half leave but not at once, if there are any.
fn most_visited(stays: &[Stay]) -> BTreeSet<NodeId> {
    let worth_seeing = |stay: &&Stay| stay.median.is_some_and(|days| days > 0.0);
    let mut sorted: Vec<&Stay> = stays.iter().filter(worth_seeing).collect();
    if sorted.is_empty() {
        sorted = stays.iter().collect();
    }
    sorted.sort_by_key(|stay| std::cmp::Reverse(stay.visits));
    sorted.into_iter().take(AT_FIRST).map(|stay| stay.node).collect()
}

/// Whether it was pressed.
fn chip(ui: &mut Ui, theme: &Theme, name: &str, look: Look, on: bool) -> bool {
    let p = &theme.palette;
    let font = Theme::font(theme.sizes.small);
    let galley = ui.painter().layout_no_wrap(name.to_owned(), font, if on { p.text } else { p.text_muted });
    let width = galley.size().x.min(220.0);
    let (rect, response) = ui.allocate_exact_size(vec2(SAMPLE + width + 26.0, CHIP), Sense::click());
    let words = format!("Survival in {name}");
    response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, on, &words));
    let fill = match on {
        _ if response.hovered() => p.hover,
        true => p.sunken,
        false => Color32::TRANSPARENT,
    };
    let edge = match on {
        _ if response.has_focus() => Stroke::new(2.0, p.accent),
        true => Stroke::new(1.0, p.outline),
        false => Stroke::new(1.0, p.border),
    };
    ui.painter().rect(rect, CornerRadius::same(14), fill, edge, StrokeKind::Inside);
    let y = rect.center().y;
    let line = [pos2(rect.left() + 10.0, y), pos2(rect.left() + 10.0 + SAMPLE, y)];
    let stroke = Stroke::new(2.0, if on { look.color } else { look.color.gamma_multiply(0.55) });
    let painter = ui.painter();
    match look.style {
        LineStyle::Solid => {
            painter.line_segment(line, stroke);
        }
        LineStyle::Dashed { length } => painter.extend(Shape::dashed_line(&line, stroke, length, length * 0.62)),
        LineStyle::Dotted { spacing } => painter.extend(Shape::dotted_line(&line, stroke.color, spacing, stroke.width)),
    }
    let place = Rect::from_min_max(pos2(rect.left() + SAMPLE + 16.0, rect.top()), rect.max - vec2(8.0, 0.0));
    painter.with_clip_rect(place.intersect(ui.clip_rect())).galley(
        pos2(place.left(), y - galley.size().y / 2.0),
        galley,
        p.text,
    );
    response.clicked()
}

fn curves_ui(ui: &mut Ui, theme: &Theme, curves: &[(&Stay, Look)]) {
    // Where all leave at once there is no time to draw: a second, then.
    let end = curves.iter().map(|(stay, _)| last(stay)).fold(1.0 / 86_400.0, f64::max) * 1.02;
    let chart = Chart {
        id: "survival",
        // So that a mark at the start is seen as a whole.
        x: (-0.012 * end, end),
        y: (0.0, 1.04),
        x_marks: time_marks(end),
        y_marks: [(0.0, "0 %"), (0.1, "10 %"), (0.5, "50 %"), (1.0, "100 %")]
            .map(|(at, words)| (at, words.into()))
            .into(),
        left: 48.0,
        words: curves.iter().map(|(stay, _)| in_words(stay)).collect::<Vec<_>>().join("; "),
    };
    let draw = |plot: &mut PlotUi<'_>| {
        for share in [0.5, 0.1] {
            let color = theme.palette.outline;
            plot.hline(HLine::new("", share).color(color).width(1.0).style(LineStyle::Dashed { length: 3.0 }));
        }
        for (stay, look) in curves {
            plot.line(Line::new(&*stay.state, steps(stay, end)).color(look.color).width(2.0).style(look.style));
        }
        for (stay, look) in curves {
            for (days, share, shape) in
                [(stay.median, 0.5, MarkerShape::Circle), (stay.ninth, 0.1, MarkerShape::Square)]
            {
                let Some(days) = days else { continue };
                // With an edge in the colour of the card, to be seen on any line.
                for (radius, color) in [(6.5, theme.palette.card), (4.5, look.color)] {
                    plot.points(Points::new("", [days, share]).shape(shape).radius(radius).color(color));
                }
            }
        }
    };
    let said = |days: f64| {
        let line = |(stay, _): &(&Stay, Look)| {
            let share = stay.inside_after(days.max(0.0))?;
            Some(format!("{}: after {} {:.0} % have left", stay.state, duration(days.max(0.0)), (1.0 - share) * 100.0))
        };
        curves.iter().filter_map(line).collect()
    };
    chart.show(ui, theme, draw, said);
}

/// Until when a curve is worth drawing.
fn last(stay: &Stay) -> f64 {
    stay.curve.iter().find(|(_, share)| *share <= LAST).map_or(stay.longest, |(days, _)| *days)
}

/// The corners of the steps, as far as anybody was seen.
fn steps(stay: &Stay, end: f64) -> Vec<[f64; 2]> {
    let mut corners = vec![[0.0, 1.0]];
    let mut share = 1.0;
    for (days, left) in stay.curve.iter().copied().take_while(|(days, _)| *days <= end) {
        corners.extend([[days, share], [days, left]]);
        share = left;
    }
    if share > 0.0 {
        corners.push([stay.longest.min(end), share]);
    }
    corners
}

fn in_words(stay: &Stay) -> String {
    let Some(median) = stay.median else {
        let share = stay.curve.last().map_or(1.0, |(_, share)| *share);
        let (longest, left) = (duration(stay.longest), (1.0 - share) * 100.0);
        return format!(
            "Survival in {}: {left:.0} % have left after {longest}, as long as anybody was seen",
            stay.state
        );
    };
    let ninth = stay.ninth.map_or_else(String::new, |ninth| format!(", nine of ten after {}", duration(ninth)));
    format!("Survival in {}: half have left after {}{ninth}", stay.state, duration(median))
}

/// Round times in the unit that fits, from none to `end`, in days.
fn time_marks(end: f64) -> Vec<(f64, String)> {
    const UNITS: [(&str, f64, &[f64]); 6] = [
        ("s", 1.0 / 86_400.0, &[1.0, 5.0, 15.0]),
        ("min", 1.0 / 1440.0, &[1.0, 5.0, 15.0]),
        ("h", 1.0 / 24.0, &[1.0, 3.0, 6.0]),
        ("days", 1.0, &[1.0, 2.0, 5.0, 10.0]),
        ("months", 365.25 / 12.0, &[1.0, 2.0, 3.0]),
        ("years", 365.25, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0]),
    ];
    let steps = UNITS.iter().flat_map(|(name, unit, steps)| steps.iter().map(move |step| (*name, *unit, *step)));
    let fits = |(_, unit, step): &(&str, f64, f64)| end / (unit * step) <= MARKS;
    let Some((name, unit, step)) = steps.clone().find(fits).or_else(|| steps.last()) else { return Vec::new() };
    let words = |number: f64| match (number, name) {
        (0.0, _) => String::from("0"),
        (1.0, "days" | "months" | "years") => format!("1 {}", name.trim_end_matches('s')),
        _ => format!("{number:.0} {name}"),
    };
    multiples(0.0, end / unit, step).into_iter().map(|number| (number * unit, words(number))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_marked_in_units_that_people_use() {
        let words = |end| time_marks(end).into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ");
        assert_eq!(words(1.0), "0, 3 h, 6 h, 9 h, 12 h, 15 h, 18 h, 21 h, 24 h");
        assert_eq!(words(5.5), "0, 1 day, 2 days, 3 days, 4 days, 5 days");
        assert_eq!(words(35.0), "0, 5 days, 10 days, 15 days, 20 days, 25 days, 30 days, 35 days");
        assert_eq!(words(100.0), "0, 1 month, 2 months, 3 months");
        assert_eq!(words(1500.0), "0, 1 year, 2 years, 3 years, 4 years");
        assert_eq!(words(3.0 / 1440.0), "0, 1 min, 2 min, 3 min");
    }

    #[test]
    fn a_curve_goes_down_in_steps_and_ends_where_nobody_was_seen_for_longer() {
        let stay = Stay {
            node: NodeId(1),
            state: String::from("Trial"),
            visits: 4,
            inside: 1,
            median: None,
            ninth: None,
            curve: vec![(1.0, 0.75)],
            longest: 5.0,
        };
        assert_eq!(steps(&stay, 9.0), [[0.0, 1.0], [1.0, 1.0], [1.0, 0.75], [5.0, 0.75]]);
        assert_eq!(in_words(&stay), "Survival in Trial: 25 % have left after 5.0 days, as long as anybody was seen");
        let gone = Stay { median: Some(1.0), ninth: Some(1.0), curve: vec![(1.0, 0.0)], longest: 1.0, ..stay };
        assert_eq!(steps(&gone, 9.0), [[0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]);
        assert_eq!(in_words(&gone), "Survival in Trial: half have left after 24 h, nine of ten after 24 h");
    }
}
