//! A chart in the look of the theme: bounds that are given and stay, a few marks on the axes, nothing to drag or to
//! scroll, and what it shows in words for a screen reader. What is drawn inside is for others to say.

use egui::{FontId, PopupAnchor, Response, Sense, Stroke, Tooltip, Ui, WidgetInfo, WidgetType};
use egui_plot::{AxisHints, GridMark, Plot, PlotBounds, PlotUi};

use crate::gui::Theme;

const HEIGHT: f32 = 180.0;
/// For the numbers under the chart.
const BELOW: f32 = 20.0;

/// What a chart looks like around its lines.
pub(super) struct Chart<'a> {
    pub(super) id: &'a str,
    /// The least and the most of either axis.
    pub(super) x: (f64, f64),
    pub(super) y: (f64, f64),
    /// Where the axes are marked, and with what words.
    pub(super) x_marks: Vec<(f64, String)>,
    pub(super) y_marks: Vec<(f64, String)>,
    /// For the words on the left.
    pub(super) left: f32,
    /// All of it in words.
    pub(super) words: String,
}

impl<'a> Chart<'a> {
    /// Draws the chart. Where the pointer is over it, `at` says in words what is there, and a line goes through it.
    pub(super) fn show(
        self,
        ui: &mut Ui,
        theme: &Theme,
        draw: impl FnOnce(&mut PlotUi<'_>) + 'a,
        at: impl Fn(f64) -> Vec<String>,
    ) -> Response {
        let axis = |hints: AxisHints<'a>, marks: Vec<(f64, String)>| {
            hints
                .label_spacing(0.0..=1.0)
                .tick_label_color(theme.palette.text_muted)
                .tick_label_font(FontId::proportional(theme.sizes.small))
                .formatter(move |mark, _| said(&marks, mark.value))
        };
        let (x, y) = (places(&self.x_marks), places(&self.y_marks));
        let bounds = PlotBounds::from_min_max([self.x.0, self.y.0], [self.x.1, self.y.1]);
        let shown = Plot::new(self.id)
            .height(HEIGHT)
            .sense(Sense::hover())
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .show_background(false)
            // What is under the pointer is said here and not by the plot.
            .show_x(false)
            .show_y(false)
            .grid_color(theme.palette.border)
            .grid_spacing(0.0..=1.0)
            .x_grid_spacer(move |_| x.clone())
            .y_grid_spacer(move |_| y.clone())
            .custom_x_axes(vec![axis(AxisHints::new_x(), self.x_marks).min_thickness(BELOW)])
            .custom_y_axes(vec![axis(AxisHints::new_y(), self.y_marks).min_thickness(self.left)])
            .show(ui, |plot| {
                plot.set_plot_bounds(bounds);
                draw(plot);
            });
        let response = shown.response;
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, &self.words));
        if let Some(pointer) = response.hover_pos() {
            let frame = *shown.transform.frame();
            let lines = at(shown.transform.value_from_position(pointer).x);
            if !lines.is_empty() {
                ui.painter().vline(pointer.x, frame.y_range(), Stroke::new(1.0, theme.palette.outline));
                let (id, layer) = (response.id.with("what is there"), response.layer_id);
                Tooltip::always_open(ui.ctx().clone(), layer, id, PopupAnchor::Pointer).gap(14.0).show(|ui| {
                    for line in lines {
                        ui.label(theme.text(line));
                    }
                });
            }
        }
        response
    }
}

/// Round numbers from `low` to `high`, so far apart that there are at most `most` of them, and how far that is.
pub(super) fn round_numbers(low: f64, high: f64, most: u32) -> (Vec<f64>, f64) {
    let least = ((high - low) / f64::from(most)).max(f64::MIN_POSITIVE);
    let power = 10.0_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= least);
    let step = step.unwrap_or(10.0 * power);
    (multiples(low, high, step), step)
}

/// Every multiple of `step` from `low` to `high`.
pub(super) fn multiples(low: f64, high: f64, step: f64) -> Vec<f64> {
    let first = (low / step).ceil();
    let count = (high / step).floor() - first;
    let steps = std::iter::successors(Some(0.0), |index| Some(index + 1.0)).take_while(|index| *index <= count);
    steps.map(|index| (first + index) * step).collect()
}

fn places(marks: &[(f64, String)]) -> Vec<GridMark> {
    // The width decides whether the plot leaves words out: a mark of ours is always wanted.
    let between = |pair: &[(f64, String)]| pair[1].0 - pair[0].0;
    let step_size = marks.windows(2).map(between).fold(0.0, f64::max);
    let step_size = if step_size > 0.0 { step_size } else { f64::INFINITY };
    marks.iter().map(|(value, _)| GridMark { value: *value, step_size }).collect()
}

fn said(marks: &[(f64, String)], value: f64) -> String {
    marks.iter().find(|(at, _)| at.total_cmp(&value).is_eq()).map_or_else(String::new, |(_, words)| words.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_at_round_numbers_and_are_not_many() {
        assert_eq!(round_numbers(0.0, 10.0, 5), (vec![0.0, 2.0, 4.0, 6.0, 8.0, 10.0], 2.0));
        assert_eq!(round_numbers(9.0, 62.0, 6), (vec![10.0, 20.0, 30.0, 40.0, 50.0, 60.0], 10.0));
        assert_eq!(round_numbers(-3.0, 3.0, 3).0, [-2.0, 0.0, 2.0]);
        assert_eq!(multiples(1.0, 2.9, 1.0), [1.0, 2.0]);
        assert_eq!(multiples(0.2, 0.8, 1.0), [0.0; 0]);
    }
}
