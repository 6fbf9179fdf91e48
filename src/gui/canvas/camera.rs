//! Which part of the canvas the window shows, and how large. Screen = middle of the view + (place − centre) × zoom.

use egui::{Pos2, Rect, Vec2};

/// The nearest and the farthest view.
const ZOOM: std::ops::RangeInclusive<f32> = 0.02..=4.0;
/// Fitting never magnifies a small journey beyond this.
const LARGEST_FIT: f32 = 1.75;

#[derive(Clone, Debug)]
pub(super) struct Camera {
    /// The place on the canvas in the middle of the view.
    centre: Pos2,
    zoom: f32,
    /// The view on the screen.
    view: Rect,
}

impl Default for Camera {
    fn default() -> Self {
        Self { centre: Pos2::ZERO, zoom: 1.0, view: Rect::from_min_size(Pos2::ZERO, Vec2::splat(1.0)) }
    }
}

impl Camera {
    /// Shows `bounds` at 100 %, from the upper left corner of the screen on.
    pub(super) fn still(bounds: Rect) -> Self {
        let view = Rect::from_min_size(Pos2::ZERO, bounds.size());
        Self { centre: bounds.center(), zoom: 1.0, view }
    }

    pub(super) fn zoom(&self) -> f32 {
        self.zoom
    }

    /// The part of the screen to draw on. True if it differs from the last one.
    pub(super) fn set_view(&mut self, view: Rect) -> bool {
        let differs = self.view != view;
        self.view = view;
        differs
    }

    pub(super) fn screen_from_canvas(&self, place: Pos2) -> Pos2 {
        self.view.center() + (place - self.centre) * self.zoom
    }

    pub(super) fn canvas_from_screen(&self, pos: Pos2) -> Pos2 {
        self.centre + (pos - self.view.center()) / self.zoom
    }

    pub(super) fn screen_rect(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.screen_from_canvas(rect.min), self.screen_from_canvas(rect.max))
    }

    /// The part of the canvas that is in view.
    pub(super) fn visible(&self) -> Rect {
        Rect::from_min_max(self.canvas_from_screen(self.view.min), self.canvas_from_screen(self.view.max))
    }

    /// Moves the drawing by `delta` on the screen.
    pub(super) fn pan(&mut self, delta: Vec2) {
        self.centre -= delta / self.zoom;
    }

    /// Magnifies by `factor`; what lies under `anchor` on the screen stays there.
    pub(super) fn zoom_at(&mut self, anchor: Pos2, factor: f32) {
        let fixed = self.canvas_from_screen(anchor);
        self.zoom = (self.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
        self.centre = fixed - (anchor - self.view.center()) / self.zoom;
    }

    /// Goes to 100 %, keeping the middle.
    pub(super) fn reset_zoom(&mut self) {
        self.zoom = 1.0;
    }

    /// Shows all of `bounds` with some air around it.
    pub(super) fn fit(&mut self, bounds: Rect) {
        let room = (self.view.size() - Vec2::splat(2.0 * self.air())).max(Vec2::splat(40.0));
        let size = bounds.size().max(Vec2::splat(1.0));
        self.zoom = (room.x / size.x).min(room.y / size.y).clamp(*ZOOM.start(), LARGEST_FIT);
        self.centre = bounds.center();
    }

    /// Brings `place` into the middle.
    pub(super) fn center_on(&mut self, place: Pos2) {
        self.centre = place;
    }

    fn air(&self) -> f32 {
        (self.view.width().min(self.view.height()) * 0.07).clamp(16.0, 72.0)
    }

    /// Brings all of `rect` into view with the least movement, and from further away where it is too large.
    pub(super) fn show(&mut self, rect: Rect) {
        let visible = self.visible();
        if rect.width() > visible.width() || rect.height() > visible.height() {
            self.fit(rect);
        } else if !visible.contains_rect(rect) {
            self.reveal(rect);
        }
    }

    /// Brings `rect` into view with the least movement.
    pub(super) fn reveal(&mut self, rect: Rect) {
        let visible = self.visible().shrink(24.0 / self.zoom);
        let shift = |low: f32, high: f32, from: f32, to: f32| {
            if low < from {
                low - from
            } else if high > to {
                high - to
            } else {
                0.0
            }
        };
        self.centre.x += shift(rect.left(), rect.right(), visible.left(), visible.right());
        self.centre.y += shift(rect.top(), rect.bottom(), visible.top(), visible.bottom());
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    fn camera() -> Camera {
        let mut camera = Camera::default();
        camera.set_view(Rect::from_min_size(pos2(100.0, 50.0), vec2(800.0, 600.0)));
        camera
    }

    #[test]
    fn what_lies_under_the_pointer_stays_there_while_zooming() {
        let mut camera = camera();
        camera.pan(vec2(33.0, -12.0));
        let pointer = pos2(700.0, 120.0);
        let place = camera.canvas_from_screen(pointer);
        for factor in [1.3, 0.4, 5.0, 100.0, 0.0001] {
            camera.zoom_at(pointer, factor);
            assert!(camera.screen_from_canvas(place).distance(pointer) < 0.1, "factor {factor}");
        }
    }

    #[test]
    fn fitting_shows_everything_and_magnifies_little() {
        let mut camera = camera();
        let wide = Rect::from_min_max(pos2(-1000.0, 0.0), pos2(3000.0, 100.0));
        camera.fit(wide);
        assert!(camera.visible().contains_rect(wide));
        camera.fit(Rect::from_center_size(pos2(5.0, 5.0), vec2(10.0, 10.0)));
        assert!(camera.zoom() <= LARGEST_FIT);
    }

    #[test]
    fn what_is_shown_is_in_view_and_magnified_as_before_if_it_can_be() {
        let mut camera = camera();
        let small = Rect::from_center_size(pos2(900.0, -40.0), vec2(400.0, 300.0));
        camera.show(small);
        assert!(camera.visible().contains_rect(small) && (camera.zoom() - 1.0).abs() < 1e-6);
        let large = Rect::from_center_size(pos2(900.0, 0.0), vec2(400.0, 3000.0));
        camera.show(large);
        assert!(camera.visible().contains_rect(large) && camera.zoom() < 0.5);
    }

    #[test]
    fn revealing_moves_only_as_far_as_needed() {
        let mut camera = camera();
        let before = camera.centre;
        camera.reveal(Rect::from_center_size(before, vec2(50.0, 50.0)));
        assert_eq!(camera.centre, before);
        let away = Rect::from_center_size(pos2(2000.0, 0.0), vec2(50.0, 50.0));
        camera.reveal(away);
        assert!(camera.visible().contains_rect(away));
    }
}
