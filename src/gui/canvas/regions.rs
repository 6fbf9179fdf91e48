//! A region for everything that can be pointed at, so that screen readers and tests find it by name.

use egui::{Response, Sense, Ui, WidgetInfo, WidgetType};

use super::projection::Hit;
use super::{Canvas, CanvasView, QUADS_BELOW, arrow, card, withheld, worst_problems};
use crate::gui::request::Request;
use crate::model::{Edit, EntityId};

impl Canvas {
    /// A region for every card and label in view, so that screen readers and tests find them by name.
    pub(super) fn regions(&self, ui: &Ui, view: &CanvasView, background: &Response) -> Vec<(Hit, Response)> {
        let zoom = self.camera.zoom();
        let clip = ui.clip_rect().intersect(background.rect);
        let mut regions = Vec::new();
        if zoom < QUADS_BELOW {
            return regions;
        }
        let worst = worst_problems(view.problems);
        for arrow in self.projection.arrows().filter(|_| zoom >= arrow::LABELS_FROM) {
            let rect = self.camera.screen_rect(arrow.label_rect).intersect(clip);
            if rect.is_positive() {
                let region = ui.interact(rect, background.id.with(("arrow", arrow.id)), Sense::CLICK);
                region.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, &arrow.spoken));
                let troubled = worst.contains_key(&arrow.id.into());
                let region = if troubled { with_problems(region, view, arrow.id.into()) } else { region };
                regions.push((Hit::Arrow(arrow.id), region));
                if let (Some(withheld), Some(room)) = (withheld(view, arrow.id.into()), arrow.room_for_withheld()) {
                    let id = background.id.with(("withheld by arrow", arrow.id));
                    withheld::explain(ui, id, self.camera.screen_rect(room), withheld);
                }
            }
        }
        for card in self.projection.cards() {
            let rect = self.camera.screen_rect(card.name_rect()).intersect(clip);
            if rect.is_positive() {
                let region = ui.interact(rect, background.id.with(("card", card.id)), Sense::CLICK);
                let selected = view.selection.contains(card.id);
                region.widget_info(|| WidgetInfo::selected(WidgetType::Other, true, selected, &card.name));
                regions.push((Hit::Card(card.id), region));
                let badge = card::badge_rect(self.camera.screen_rect(card.rect), zoom);
                if zoom >= card::TEXT_FROM && worst.contains_key(&card.id.into()) {
                    let badge = ui.interact(badge, background.id.with(("problem", card.id)), Sense::hover());
                    with_problems(badge, view, card.id.into());
                }
                if let Some(withheld) = withheld(view, card.id.into()).filter(|_| zoom >= card::TEXT_FROM) {
                    let id = background.id.with(("withheld by card", card.id));
                    withheld::explain_on_card(ui, id, self.camera.screen_rect(card.rect), zoom, withheld);
                }
            }
        }
        regions
    }

    /// Collapses and expands groups.
    pub(super) fn toggles(&self, ui: &Ui, view: &CanvasView, background: &Response, requests: &mut Vec<Request>) {
        if self.camera.zoom() < card::TEXT_FROM || !view.editable {
            return;
        }
        for card in self.projection.cards() {
            let Some(place) = card.toggle_rect().map(|rect| self.camera.screen_rect(rect)) else { continue };
            let place = place.intersect(ui.clip_rect());
            if !place.is_positive() {
                continue;
            }
            let region = ui.interact(place, background.id.with(("toggle", card.id)), Sense::CLICK);
            let words = format!("{} {}", if card.collapsed { "Expand" } else { "Collapse" }, card.name);
            region.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &words));
            if region.on_hover_text(format!("{words} (Ctrl+E)")).clicked() {
                requests.push(Request::Edit(Edit::SetCollapsed(card.id, !card.collapsed)));
            }
        }
    }
}

/// The sentences of the problems at `id`, when pointed at.
fn with_problems(region: Response, view: &CanvasView, id: EntityId) -> Response {
    let mut problems = view.problems.iter().filter(|problem| problem.at == id).peekable();
    if problems.peek().is_none() {
        return region;
    }
    region.on_hover_ui(|ui| {
        for problem in problems {
            ui.label(view.theme.problem(problem.severity, &problem.message));
        }
    })
}
