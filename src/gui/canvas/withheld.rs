//! What the send policy kept back, beside what would have sent it: on the lower edge of a card, in the label of an arrow.

use egui::epaint::StrokeKind;
use egui::{Align2, CornerRadius, Id, Painter, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use egui_phosphor::regular as icon;

use super::text;
use crate::gui::theme::Theme;
use crate::model::{Action, EntityId, Project, grouped};

pub(super) const SIZE: f32 = 11.5;
/// How far it hangs below a card.
pub(super) const BELOW: f32 = 16.0;

/// What became of messages that were not sent at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld {
    pub not_sent: u64,
    /// Sent later, or not yet.
    pub held: u64,
    /// All outcomes, for whoever points at it.
    pub details: Vec<String>,
}

impl Withheld {
    /// In words: those that were never sent or, if there are none, those that had to wait.
    #[must_use]
    pub fn words(&self) -> String {
        match self.not_sent {
            0 => format!("{} held", grouped(self.held)),
            not_sent => format!("{} not sent", grouped(not_sent)),
        }
    }

    fn shown(&self) -> String {
        let sign = if self.not_sent == 0 { icon::MOON } else { icon::PROHIBIT };
        format!("{sign} {}", self.words())
    }
}

/// The longest that an arrow leaves room for.
pub(super) fn widest() -> String {
    format!("{} 000,000 not sent", icon::PROHIBIT)
}

/// Whether something of it may be kept back.
pub(super) fn is_possible(project: &Project, actions: &[Action]) -> bool {
    let mut sends = false;
    for action in actions {
        action.visit_references(&mut |id| sends |= matches!(id, EntityId::Touchpoint(_)));
    }
    sends && !project.info.send_policy.is_untouched()
}

/// Where it lies on a card that lies at `card` on the screen.
fn on_card(painter: &Painter, card: Rect, zoom: f32, withheld: &Withheld) -> Rect {
    let font = Theme::font(text::stepped(SIZE, zoom));
    let words = painter.layout_no_wrap(withheld.shown(), font, egui::Color32::WHITE);
    let size = words.size() + vec2(14.0, 4.0) * zoom;
    Rect::from_min_size(pos2(card.right() - 10.0 * zoom - size.x, card.bottom() - 5.0 * zoom), size)
}

pub(super) fn paint_on_card(painter: &Painter, theme: &Theme, card: Rect, zoom: f32, withheld: &Withheld) {
    let (p, pill) = (&theme.palette, on_card(painter, card, zoom, withheld));
    painter.rect(pill, CornerRadius::same(255), p.canvas, Stroke::new(1.0, p.outline), StrokeKind::Inside);
    paint(painter, theme, pill, zoom, withheld);
}

/// In the room that the label has left for it.
pub(super) fn paint(painter: &Painter, theme: &Theme, room: Rect, zoom: f32, withheld: &Withheld) {
    let size = text::stepped(SIZE, zoom);
    text::write(painter, room.center(), Align2::CENTER_CENTER, &withheld.shown(), size, theme.palette.text);
}

/// Says all of it to whoever points there.
pub(super) fn explain_on_card(ui: &Ui, id: Id, card: Rect, zoom: f32, withheld: &Withheld) {
    explain(ui, id, on_card(ui.painter(), card, zoom, withheld), withheld);
}

pub(super) fn explain(ui: &Ui, id: Id, room: Rect, withheld: &Withheld) {
    let region = ui.interact(room.intersect(ui.clip_rect()), id, Sense::hover());
    region.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, withheld.words()));
    region.on_hover_ui(|ui| {
        for line in &withheld.details {
            ui.label(line);
        }
    });
}
