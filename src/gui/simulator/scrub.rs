//! The whole run as a bar to be pulled along: how many moves there are when, and where the clock stands.

use egui::epaint::Mesh;
use egui::{Event, Key, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::gui::Theme;
use crate::model::{Time, Zone};
use crate::simulation::Timeline;

/// Arrow keys go on by one part of so many.
const KEY_STEPS: i64 = 100;

/// The curve of the moves, kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    /// What it was made from: the version of the timeline and the width.
    of: Option<(u64, usize)>,
    heights: Vec<f32>,
}

impl Scrub {
    /// Draws the bar; where it was pulled to, if it was.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        (timeline, version): (&Timeline, u64),
        time: Time,
        zone: &Zone,
    ) -> Option<Time> {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::click_and_drag());
        let (first, last) = timeline.span();
        let length = (last.0 - first.0).max(1);
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place on the screen")]
        let share = ((time.0 - first.0) as f64 / length as f64) as f32;
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(time.display_in(zone)),
            ..WidgetInfo::slider(ui.is_enabled(), f64::from(share) * 100.0, "Time")
        });
        self.prepare((timeline, version), rect.width());
        self.paint(ui, theme, rect, share, &response);
        let at = |share: f64| {
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place on the screen")]
            let passed = (share.clamp(0.0, 1.0) * length as f64).round() as i64;
            Time(first.0 + passed)
        };
        if let Some(pos) = response.interact_pointer_pos() {
            return Some(at(f64::from((pos.x - rect.left()) / rect.width())));
        }
        if response.has_focus() {
            return keys(ui, &response, (first, last), time);
        }
        let hovered = response.hover_pos().map(|pos| at(f64::from((pos.x - rect.left()) / rect.width())));
        response.on_hover_text_at_pointer(hovered.map_or_else(String::new, |time| time.display_in(zone)));
        None
    }

    fn prepare(&mut self, (timeline, version): (&Timeline, u64), width: f32) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a width on the screen")]
        let parts = (width / 3.0).max(1.0) as usize;
        let of = (version, parts);
        if self.of != Some(of) {
            let density = timeline.density(parts);
            let most = density.iter().copied().max().unwrap_or(0).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a height on the screen")]
            let height = |count: usize| (count as f32 / most as f32).sqrt();
            self.heights = density.into_iter().map(height).collect();
            self.of = Some(of);
        }
    }

    fn paint(&self, ui: &Ui, theme: &Theme, rect: Rect, share: f32, response: &Response) {
        let p = &theme.palette;
        let painter = ui.painter();
        let track =
            Rect::from_min_max(pos2(rect.left(), rect.bottom() - 12.0), pos2(rect.right(), rect.bottom() - 6.0));
        let here = rect.left() + share.clamp(0.0, 1.0) * rect.width();
        let ground = track.top() - 2.0;
        let mut curve = Mesh::default();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
        let width = rect.width() / self.heights.len().max(1) as f32;
        let mut left = rect.left();
        for height in &self.heights {
            let color = if left + width / 2.0 <= here { p.accent } else { p.outline };
            if *height > 0.0 {
                let top = ground - (2.0 + height * (ground - rect.top() - 4.0));
                let bar = Rect::from_min_max(pos2(left, top), pos2(left + (width - 0.75).max(0.75), ground));
                curve.add_colored_rect(bar, color.gamma_multiply(0.55));
            }
            left += width;
        }
        painter.add(Shape::mesh(curve));
        painter.rect_filled(track, 3.0, p.sunken);
        painter.rect_stroke(track, 3.0, Stroke::new(1.0, p.outline), egui::StrokeKind::Inside);
        painter.rect_filled(track.with_max_x(here), 3.0, p.accent);
        let grip = pos2(here.clamp(rect.left() + 7.0, rect.right() - 7.0), track.center().y);
        painter.circle(grip, 8.0, p.card, Stroke::new(2.0, p.accent));
        if response.has_focus() {
            painter.circle_stroke(grip, 11.0, Stroke::new(1.5, p.accent));
        }
    }
}

/// Where the keys lead, while the bar has the focus.
fn keys(ui: &Ui, response: &Response, (first, last): (Time, Time), time: Time) -> Option<Time> {
    ui.memory_mut(|memory| {
        let filter = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
        memory.set_focus_lock_filter(response.id, filter);
    });
    let step = ((last.0 - first.0) / KEY_STEPS).max(1);
    let steps: i64 = ui.input(|input| {
        let pressed = |event: &Event| match event {
            Event::Key { key: Key::ArrowRight, pressed: true, .. } => 1,
            Event::Key { key: Key::ArrowLeft, pressed: true, .. } => -1,
            _ => 0,
        };
        input.events.iter().map(pressed).sum()
    });
    (steps != 0).then(|| Time((time.0 + steps * step).clamp(first.0, last.0)))
}
