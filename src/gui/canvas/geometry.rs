//! Curves and edges of rectangles, in canvas coordinates. Knows nothing of charts or screens.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// How many straight pieces a curve is drawn and hit as.
const PIECES: u8 = 28;

/// A cubic Bézier curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve(pub(super) [Pos2; 4]);

impl Curve {
    #[must_use]
    pub(super) fn at(&self, t: f32) -> Pos2 {
        let rest = 1.0 - t;
        let weights = [rest * rest * rest, 3.0 * rest * rest * t, 3.0 * rest * t * t, t * t * t];
        self.0.iter().zip(weights).fold(Vec2::ZERO, |sum, (point, weight)| sum + weight * point.to_vec2()).to_pos2()
    }

    /// The direction of travel at `t`, of length one.
    #[must_use]
    pub(super) fn direction(&self, t: f32) -> Vec2 {
        let (before, after) = ((t - 0.02).max(0.0), (t + 0.02).min(1.0));
        let along = self.at(after) - self.at(before);
        if along.length_sq() > 0.0 { along.normalized() } else { vec2(1.0, 0.0) }
    }

    /// The curve as straight pieces, from end to end.
    #[must_use]
    pub(super) fn polyline(&self) -> Vec<Pos2> {
        self.pieces(PIECES)
    }

    /// The curve as so many straight pieces that none shows at `zoom`.
    #[must_use]
    pub(super) fn smooth(&self, zoom: f32) -> Vec<Pos2> {
        self.pieces(if zoom > 1.3 { 3 * PIECES } else { PIECES })
    }

    fn pieces(&self, count: u8) -> Vec<Pos2> {
        (0..=count).map(|piece| self.at(f32::from(piece) / f32::from(count))).collect()
    }

    #[must_use]
    pub(super) fn length(&self) -> f32 {
        (0..8u8).map(|piece| self.at(f32::from(piece) / 8.0).distance(self.at(f32::from(piece + 1) / 8.0))).sum()
    }
}

/// How far `pos` lies from the nearest point of a polyline.
#[must_use]
pub(super) fn distance_to_line(points: &[Pos2], pos: Pos2) -> f32 {
    points.windows(2).map(|ends| distance_to_segment(ends[0], ends[1], pos)).fold(f32::INFINITY, f32::min)
}

fn distance_to_segment(a: Pos2, b: Pos2, pos: Pos2) -> f32 {
    let along = b - a;
    let length = along.length_sq();
    let t = if length > 0.0 { ((pos - a).dot(along) / length).clamp(0.0, 1.0) } else { 0.0 };
    pos.distance(a + t * along)
}

/// An edge of a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Right,
    Left,
    Top,
    Bottom,
}

impl Side {
    pub(super) const ALL: [Self; 4] = [Self::Right, Self::Left, Self::Top, Self::Bottom];

    /// Straight out of the rectangle.
    #[must_use]
    pub(super) fn normal(self) -> Vec2 {
        match self {
            Self::Right => vec2(1.0, 0.0),
            Self::Left => vec2(-1.0, 0.0),
            Self::Top => vec2(0.0, -1.0),
            Self::Bottom => vec2(0.0, 1.0),
        }
    }

    /// Along the edge, rightwards or downwards.
    #[must_use]
    pub(super) fn axis(self) -> Vec2 {
        match self {
            Self::Right | Self::Left => vec2(0.0, 1.0),
            Self::Top | Self::Bottom => vec2(1.0, 0.0),
        }
    }

    /// The point on this edge of `rect`, `offset` away from its middle.
    #[must_use]
    pub(super) fn port(self, rect: Rect, offset: f32) -> Pos2 {
        let middle = match self {
            Self::Right => rect.right_center(),
            Self::Left => rect.left_center(),
            Self::Top => rect.center_top(),
            Self::Bottom => rect.center_bottom(),
        };
        middle + self.axis() * offset
    }

    #[must_use]
    pub(super) fn length(self, rect: Rect) -> f32 {
        match self {
            Self::Right | Self::Left => rect.height(),
            Self::Top | Self::Bottom => rect.width(),
        }
    }
}

/// Where the ray from the middle of `rect` in `direction` leaves it.
#[must_use]
pub(super) fn boundary_point(rect: Rect, direction: Vec2) -> Pos2 {
    let half = rect.size() / 2.0;
    let scale = (half.x / direction.x.abs().max(1e-6)).min(half.y / direction.y.abs().max(1e-6));
    rect.center() + direction * scale
}

/// The nearest place on the grid of eight points.
#[must_use]
pub(super) fn snapped(pos: Pos2) -> Pos2 {
    pos2((pos.x / 8.0).round() * 8.0, (pos.y / 8.0).round() * 8.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bow() -> Curve {
        Curve([pos2(0.0, 0.0), pos2(0.0, -100.0), pos2(100.0, -100.0), pos2(100.0, 0.0)])
    }

    #[test]
    fn a_curve_runs_from_end_to_end() {
        assert_eq!(bow().at(0.0), pos2(0.0, 0.0));
        assert_eq!(bow().at(1.0), pos2(100.0, 0.0));
        assert_eq!(bow().at(0.5), pos2(50.0, -75.0));
        assert_eq!(bow().polyline().len(), usize::from(PIECES) + 1);
        assert!(bow().length() > 150.0);
    }

    #[test]
    fn every_point_of_a_curve_is_on_its_line() {
        let line = bow().polyline();
        for step in 0..=100u8 {
            let t = f32::from(step) / 100.0;
            assert!(distance_to_line(&line, bow().at(t)) < 0.5, "at {t}");
        }
        assert!(distance_to_line(&line, pos2(50.0, 0.0)) > 40.0);
    }

    #[test]
    fn ports_lie_on_their_edge() {
        let rect = Rect::from_center_size(pos2(0.0, 0.0), vec2(160.0, 64.0));
        assert_eq!(Side::Right.port(rect, 10.0), pos2(80.0, 10.0));
        assert_eq!(Side::Top.port(rect, -20.0), pos2(-20.0, -32.0));
        assert_eq!(boundary_point(rect, vec2(1.0, 0.0)), pos2(80.0, 0.0));
        assert_eq!(boundary_point(rect, vec2(0.0, 1.0)), pos2(0.0, 32.0));
    }

    #[test]
    fn places_snap_to_eights() {
        assert_eq!(snapped(pos2(13.0, -3.0)), pos2(16.0, -0.0));
    }
}
