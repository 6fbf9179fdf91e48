//! Contacts on the canvas: dots in the tray of their card, or a bar where there are too many to tell apart, and dots on
//! their way along arrows.

use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

use super::arrow::ArrowData;
use super::camera::Camera;
use super::card::{CardData, TEXT_FROM};
use super::{Flight, text};
use crate::gui::theme::Theme;

/// The room below the words of a card.
pub(super) const TRAY: f32 = 26.0;
const PITCH: f32 = 10.0;
const RADIUS: f32 = 3.75;
const ROWS: u16 = 2;
/// What is left behind by a dot on its way: so many fainter ones.
const TRAIL: u8 = 4;

/// Who rests in a state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Dots {
    pub count: u64,
    /// Of everybody who has begun, between 0 and 1.
    pub share: f32,
    /// Counted already, but still on their way.
    pub arriving: u64,
    /// The followed contact is among those who have come.
    pub followed: bool,
}

impl Dots {
    fn landed(&self) -> u64 {
        self.count.saturating_sub(self.arriving)
    }
}

/// The tray of a card, on the canvas.
fn tray(card: &CardData) -> Rect {
    let left = card.rect.left() + card.text_left();
    let bottom = card.rect.bottom() - 7.0;
    Rect::from_min_max(pos2(left, bottom - f32::from(ROWS) * PITCH), pos2(card.rect.right() - 10.0, bottom))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few columns")]
fn columns(tray: Rect) -> u16 {
    (tray.width() / PITCH).floor() as u16
}

/// How many dots a card shows one by one.
pub(super) fn capacity(card: &CardData) -> u64 {
    u64::from(columns(tray(card)) * ROWS)
}

/// The place of a dot, on the canvas: column by column, so that few stand in a row.
fn place(tray: Rect, index: u16) -> Pos2 {
    let columns = columns(tray).max(1);
    tray.min + vec2(f32::from(index % columns) + 0.5, f32::from(index / columns) + 0.5) * PITCH
}

/// Which of the dots of a card lies at `pos`, on the canvas. The followed contact, if it is there, is the first.
pub(super) fn dot_at(card: &CardData, dots: &Dots, pos: Pos2) -> Option<u16> {
    let shown = u16::try_from(dots.landed()).ok().filter(|shown| u64::from(*shown) <= capacity(card))?;
    (0..shown).find(|index| place(tray(card), *index).distance(pos) <= PITCH / 2.0 + 1.0)
}

pub(super) fn paint_tray(painter: &Painter, camera: &Camera, theme: &Theme, card: &CardData, dots: &Dots) {
    let zoom = camera.zoom();
    if zoom < TEXT_FROM || dots.count == 0 {
        return;
    }
    let tray = tray(card);
    let accent = theme.palette.accent;
    if dots.count > capacity(card) {
        paint_bar(painter, camera.screen_rect(tray), theme, dots, zoom);
        return;
    }
    let shown = u16::try_from(dots.landed()).unwrap_or(0);
    for index in 0..shown {
        let at = camera.screen_from_canvas(place(tray, index));
        if index == 0 && dots.followed {
            paint_followed(painter, theme, at, zoom);
        } else {
            painter.circle_filled(at, (RADIUS * zoom).max(1.9), accent);
        }
    }
}

/// The share of everybody, where there are too many for dots.
fn paint_bar(painter: &Painter, tray: Rect, theme: &Theme, dots: &Dots, zoom: f32) {
    let p = &theme.palette;
    let size = text::stepped(11.5, zoom);
    let words = percent(dots.share);
    let room = 38.0 * zoom;
    let bar = Rect::from_center_size(tray.center() - vec2(room / 2.0, 0.0), vec2(tray.width() - room, 10.0 * zoom));
    let radius = CornerRadius::same(super::arrow::scaled_radius(5.0, zoom));
    painter.rect(bar, radius, p.sunken, Stroke::new(1.0, p.outline), egui::epaint::StrokeKind::Inside);
    let filled = Rect::from_min_size(bar.min, vec2((bar.width() * dots.share).max(bar.height() * 0.6), bar.height()));
    painter.rect_filled(filled, radius, p.accent);
    if dots.followed {
        paint_followed(painter, theme, bar.left_center() + vec2(bar.height() / 2.0, 0.0), zoom);
    }
    text::write(painter, pos2(tray.right(), tray.center().y), Align2::RIGHT_CENTER, &words, size, p.text);
}

fn percent(share: f32) -> String {
    match share * 100.0 {
        percent if percent < 0.1 => String::from("<0.1 %"),
        percent if percent < 9.95 => format!("{percent:.1} %"),
        percent => format!("{percent:.0} %"),
    }
}

/// The one that is followed is told by its ring as well.
fn paint_followed(painter: &Painter, theme: &Theme, at: Pos2, zoom: f32) {
    let p = &theme.palette;
    let radius = (RADIUS * zoom).max(2.0) + 1.5;
    painter.circle(at, radius, p.followed, Stroke::new(1.75, p.text));
}

/// A contact on its way, with a fading trail.
pub(super) fn paint_flight(painter: &Painter, camera: &Camera, theme: &Theme, arrow: &ArrowData, flight: &Flight) {
    let zoom = camera.zoom();
    let color = if flight.followed { theme.palette.followed } else { theme.palette.accent };
    let radius = (5.0 * zoom).clamp(3.5, 8.0);
    for step in (1..=TRAIL).rev() {
        let behind = flight.progress - 0.035 * f32::from(step);
        if behind > 0.0 {
            let share = 1.0 - f32::from(step) / f32::from(TRAIL + 1);
            let at = camera.screen_from_canvas(arrow.curve.at(behind));
            painter.circle_filled(at, radius * (0.45 + 0.5 * share), color.gamma_multiply(0.5 * share));
        }
    }
    let at = camera.screen_from_canvas(arrow.curve.at(flight.progress));
    if flight.followed {
        painter.circle_filled(at, radius * 2.4, color.gamma_multiply(0.25));
        painter.circle(at, radius + 1.5, color, Stroke::new(2.0, theme.palette.text));
    } else {
        painter.circle(at, radius, color, Stroke::new(1.0, theme.palette.canvas));
    }
}

/// A stream of so many that none is told apart: wider and stronger with the logarithm.
#[expect(clippy::cast_precision_loss, reason = "a width")]
pub(super) fn paint_flow(painter: &Painter, line: Vec<Pos2>, width: f32, theme: &Theme, flow: u64, zoom: f32) {
    let strength = ((1.0 + flow as f32).log10() / 4.0).clamp(0.15, 1.0);
    let color = theme.palette.accent.gamma_multiply(0.15 + 0.35 * strength);
    painter.line(line, Stroke::new(width + (6.0 + 14.0 * strength) * zoom.clamp(0.4, 1.6), color));
}

/// The mark of a breakpoint: red, and eight-cornered like the sign. Where playing stopped, it has a ring.
pub(super) fn paint_breakpoint(painter: &Painter, theme: &Theme, at: Pos2, zoom: f32, stopped: bool) {
    let p = &theme.palette;
    let radius = 8.0 * zoom.clamp(0.6, 1.5);
    let corners = |radius: f32| -> Vec<Pos2> {
        (0..8u8).map(|corner| at + radius * Vec2::angled((f32::from(corner) * 45.0 + 22.5).to_radians())).collect()
    };
    if stopped {
        let ring = Stroke::new(2.5, p.error);
        painter.add(Shape::convex_polygon(corners(radius + 6.0), Color32::TRANSPARENT, ring));
    }
    painter.add(Shape::convex_polygon(corners(radius), p.error, Stroke::new(1.75, p.canvas)));
}
