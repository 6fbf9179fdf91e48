//! A group as a frame around what it holds: its edge, its header, and the lines between the regions of a parallel.

use egui::{Align2, Color32, CornerRadius, Painter, Rect, Shape, Stroke, Vec2, pos2, vec2};
use egui_phosphor::regular as icon;

use super::arrow::scaled_radius;
use super::camera::Camera;
use super::card::{self, CardData, CardState, DETAIL_FROM, HEADER, META_SIZE, RADIUS, TEXT_FROM};
use super::text::{self, Ruler};
use crate::gui::theme::Theme;
use crate::model::{NodeKind, grouped};

pub(super) fn paint(painter: &Painter, camera: &Camera, theme: &Theme, card: &CardData, state: CardState) {
    let (rect, zoom) = (camera.screen_rect(card.rect), camera.zoom());
    let p = &theme.palette;
    let radius = CornerRadius::same(scaled_radius(14.0, zoom));
    card::paint_halo(painter, theme, rect, radius, CardState { selected: state.aimed_at, ..state });
    if !card.is_lane {
        painter.rect_filled(rect, radius, group_fill(theme));
    }
    if !card.is_lane || state.selected || state.aimed_at || state.hovered || state.active {
        dashed_edge(painter, rect, card::edge(theme, state, zoom), zoom);
    }
    for line in &card.dividers {
        let ends = line.map(|place| camera.screen_from_canvas(place));
        let dash = 9.0 * zoom.clamp(0.5, 1.6);
        painter.extend(Shape::dashed_line(&ends, Stroke::new(zoom.clamp(0.8, 2.0), p.outline), dash, dash * 0.7));
    }
    if card.start {
        card::paint_start(painter, theme, rect, zoom);
    }
    if zoom < TEXT_FROM {
        return;
    }
    card::paint_toggle(painter, camera, theme, card);
    let middle = rect.top() + (HEADER / 2.0 + 2.0) * zoom;
    let mut left = rect.left() + 16.0 * zoom;
    let sign = match card.kind {
        NodeKind::Parallel => icon::COLUMNS,
        _ if card.is_lane => icon::ROWS,
        _ => icon::STACK,
    };
    let size = text::stepped(15.0, zoom);
    left = text::write(painter, pos2(left, middle), Align2::LEFT_CENTER, sign, size, p.text_muted).right() + 8.0 * zoom;
    if !state.renaming {
        let at = pos2(left, middle);
        left = text::write_strong(painter, at, Align2::LEFT_CENTER, &card.name, size, p.text).right() + 10.0 * zoom;
    }
    if zoom >= DETAIL_FROM && !state.renaming {
        let size = text::stepped(META_SIZE, zoom);
        let words =
            state.counts.map_or_else(|| card.meta.clone(), |(_, entered)| format!("{} entered", grouped(entered)));
        let room = rect.right() - 38.0 * zoom - left;
        if let [words] = &Ruler::new(painter).broken(&words, size, room, 1).lines[..] {
            text::write(painter, pos2(left, middle), Align2::LEFT_CENTER, words, size, p.text_muted);
        }
    }
    if let Some(severity) = state.problem {
        card::paint_problem(painter, theme, card::badge_rect(rect, zoom), severity);
    }
}

fn group_fill(theme: &Theme) -> Color32 {
    theme.palette.card.gamma_multiply(if theme.is_dark() { 0.35 } else { 0.55 })
}

pub(super) fn dashed_edge(painter: &Painter, rect: Rect, stroke: Stroke, zoom: f32) {
    let mut path = Vec::new();
    let radius = RADIUS * zoom;
    let inside = rect.shrink(stroke.width / 2.0);
    let corners = [
        (inside.right_top(), vec2(-1.0, 1.0), -90.0f32),
        (inside.right_bottom(), vec2(-1.0, -1.0), 0.0),
        (inside.left_bottom(), vec2(1.0, -1.0), 90.0),
        (inside.left_top(), vec2(1.0, 1.0), 180.0),
    ];
    for (corner, inwards, from) in corners {
        let centre = corner + inwards * radius;
        for step in 0..=5u8 {
            let angle = (from + 18.0 * f32::from(step)).to_radians();
            path.push(centre + radius * Vec2::angled(angle));
        }
    }
    path.push(path[0]);
    let dash = 6.0 * zoom.clamp(0.5, 1.6);
    painter.extend(Shape::dashed_line(&path, stroke, dash, dash * 0.7));
}
