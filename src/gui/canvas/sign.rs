//! Ends and resumes as the signs that statecharts know: a double ring, and an H in a circle. The name stands below, or above where
//! an arrow comes from below.

use egui::{Align2, CornerRadius, Painter, Rect, Stroke, pos2, vec2};

use super::card::{self, CardData, CardState, DETAIL_FROM, TEXT_FROM};
use super::text;
use crate::gui::theme::Theme;
use crate::model::{Node, NodeKind};

/// Across the circle.
pub(super) const SIZE: f32 = 52.0;
/// Below the circle.
pub(super) const NAME_ROOM: f32 = 22.0;
const NAME_SIZE: f32 = 13.0;

/// Whether `node` is drawn as a sign. In a run, ends are cards, for many rest there.
pub(super) fn is_sign(node: &Node, counted: bool) -> bool {
    match node.kind {
        NodeKind::Resume => true,
        NodeKind::End => !counted,
        NodeKind::State | NodeKind::Group | NodeKind::Parallel => false,
    }
}

/// Where the name stands of a sign that lies at `rect`.
pub(super) fn name_rect(rect: Rect, above: bool) -> Rect {
    let middle = if above { rect.top() - NAME_ROOM / 2.0 } else { rect.bottom() + NAME_ROOM / 2.0 };
    let middle = pos2(rect.center().x, middle);
    Rect::from_center_size(middle, vec2(150.0, NAME_ROOM))
}

pub(super) fn paint(painter: &Painter, theme: &Theme, card: &CardData, rect: Rect, zoom: f32, state: CardState) {
    let p = &theme.palette;
    let (middle, radius) = (rect.center(), rect.width() / 2.0);
    card::paint_halo(painter, theme, rect, CornerRadius::same(255), state);
    let edge = card::edge(theme, state, zoom);
    let edge =
        Stroke::new(edge.width.max(1.75 * zoom.clamp(0.6, 2.5)), if state.is_plain() { p.text } else { edge.color });
    painter.circle(middle, radius - edge.width / 2.0, if state.aimed_at { p.accent_soft } else { p.card }, edge);
    match card.kind {
        NodeKind::End => {
            painter.circle(middle, radius * 0.62, p.text, Stroke::NONE);
        }
        _ if zoom >= TEXT_FROM => {
            let words = if card.is_deep { "H*" } else { "H" };
            let size = text::stepped(22.0, zoom);
            text::write_strong(painter, middle, Align2::CENTER_CENTER, words, size, p.text);
        }
        _ => {}
    }
    if zoom < TEXT_FROM {
        return;
    }
    if !state.renaming {
        paint_name(painter, theme, card, rect, zoom);
    }
    if let Some(severity) = state.problem {
        card::paint_problem(painter, theme, card::badge_rect(rect, zoom), severity);
    }
}

fn paint_name(painter: &Painter, theme: &Theme, card: &CardData, rect: Rect, zoom: f32) {
    let p = &theme.palette;
    let size = text::stepped(NAME_SIZE, zoom);
    let mut at = rect.center_bottom() + vec2(0.0, 4.0) * zoom;
    if card.name_above {
        let mut at = rect.center_top() - vec2(0.0, 4.0) * zoom;
        for line in card.lines().iter().rev() {
            let room = text::write_strong(painter, at, Align2::CENTER_BOTTOM, line, size, p.text);
            at.y = room.top();
        }
    } else {
        for line in card.lines() {
            let room = text::write_strong(painter, at, Align2::CENTER_TOP, line, size, p.text);
            at.y = room.bottom();
        }
    }
    if zoom >= DETAIL_FROM && !card.badges().is_empty() {
        text::write(painter, at, Align2::CENTER_TOP, card.badges(), size, p.text_muted);
    }
}
