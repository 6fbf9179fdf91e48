//! Arrows that the user has bent: they pass a place that was chosen, instead of the way that they would find.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::geometry::{Curve, boundary_point};
use crate::model::Point;

/// Nearer than this to its own way, an arrow is straight again.
const STRAIGHT: f32 = 7.0;
/// The least way that the middle of a loop keeps from its card.
const CLEAR: f32 = 30.0;

/// From what a bend is measured.
pub(super) fn origin(source: Rect, target: Rect) -> Pos2 {
    source.center() + (target.center() - source.center()) / 2.0
}

/// A curve from `source` to `target` whose middle lies `bend` away from the middle between them.
pub(super) fn curve(source: Rect, target: Rect, bend: Point) -> Curve {
    let is_loop = source == target;
    let through = origin(source, target) + vec2(bend.x, bend.y);
    let through = if is_loop { clear_of(source, through) } else { through };
    let from = |rect: Rect, aside: f32| {
        let way = through - rect.center();
        let along = if way.length_sq() > 1.0 { way.normalized() } else { vec2(0.0, -1.0) };
        boundary_point(rect, (along + vec2(-along.y, along.x) * aside).normalized())
    };
    let aside = if is_loop { 0.35 } else { 0.0 };
    let (start, end) = (from(source, -aside), from(target, aside));
    // The middle of a curve with these two handles is `through`.
    let handle = ((8.0 * through.to_vec2() - start.to_vec2() - end.to_vec2()) / 6.0).to_pos2();
    // Near one end there is no room to swing out: the curve would turn back on itself.
    let ways = [start, end].map(|end| end.distance(through));
    let even = 2.0 * ways[0].min(ways[1]) / (ways[0] + ways[1]).max(1.0);
    let spread = if is_loop { (end - start).normalized() * -34.0 } else { (start - end) * 0.22 * even };
    Curve([start, handle + spread, handle - spread, end])
}

/// The same place, or straight out from it where it lies in `rect` or close to it.
fn clear_of(rect: Rect, place: Pos2) -> Pos2 {
    let around = rect.expand(CLEAR);
    let way = place - rect.center();
    let way = if way.length_sq() > 1.0 { way } else { vec2(0.0, -1.0) };
    if around.contains(place) { boundary_point(around, way) } else { place }
}

/// The bend that a pull by `by` at the middle of an arrow gives; `None` where that is about its own way.
pub(super) fn pulled(source: Rect, target: Rect, middle: Pos2, by: Vec2, own: Pos2) -> Option<Point> {
    let place = middle + by;
    if place.distance(own) < STRAIGHT {
        return None;
    }
    let away = place - origin(source, target);
    let away = pos2(away.x.round(), away.y.round());
    Some(Point::new(away.x, away.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(x: f32, y: f32) -> Rect {
        Rect::from_center_size(pos2(x, y), vec2(192.0, 64.0))
    }

    #[test]
    fn a_bent_arrow_passes_where_it_was_bent_to_and_begins_and_ends_at_the_edges() {
        for bend in [Point::new(0.0, 120.0), Point::new(-40.0, -300.0), Point::new(3.0, 0.0)] {
            let (a, b) = (card(0.0, 0.0), card(400.0, 80.0));
            let curve = curve(a, b, bend);
            assert!(curve.at(0.5).distance(pos2(200.0 + bend.x, 40.0 + bend.y)) < 0.01);
            for (rect, at) in [(a, curve.at(0.0)), (b, curve.at(1.0))] {
                assert!(rect.expand(0.1).contains(at) && !rect.shrink(0.1).contains(at), "{at:?}");
            }
        }
        let own = curve(card(0.0, 0.0), card(0.0, 0.0), Point::new(0.0, -90.0));
        assert!(own.at(0.5).distance(pos2(0.0, -90.0)) < 0.01 && own.at(0.0).distance(own.at(1.0)) > 10.0);
    }

    #[test]
    fn an_arrow_that_is_bent_near_its_card_makes_no_hook() {
        let (a, b) = (card(0.0, 0.0), card(400.0, 0.0));
        for bend in [Point::new(-180.0, -60.0), Point::new(-150.0, 70.0), Point::new(180.0, -60.0)] {
            let line = curve(a, b, bend).polyline();
            let back: f32 = line.windows(2).map(|ends| (ends[0].x - ends[1].x).max(0.0)).sum();
            assert!(back < 24.0, "{bend:?} goes back by {back}");
        }
    }

    #[test]
    fn a_loop_that_is_pulled_into_its_card_stays_a_loop_outside() {
        let card = card(0.0, 0.0);
        for bend in [Point::new(60.0, -20.0), Point::new(-10.0, 12.0), Point::new(0.0, 0.0)] {
            let line = curve(card, card, bend).polyline();
            assert!(line.iter().all(|place| !card.shrink(0.5).contains(*place)), "{bend:?}");
            assert!(!card.expand(25.0).contains(line[line.len() / 2]));
        }
    }

    #[test]
    fn pulling_an_arrow_back_to_its_own_way_straightens_it() {
        let (a, b) = (card(0.0, 0.0), card(400.0, 0.0));
        let own = pos2(200.0, 0.0);
        assert_eq!(pulled(a, b, own, vec2(0.0, 60.2), own), Some(Point::new(0.0, 60.0)));
        assert_eq!(pulled(a, b, pos2(200.0, 60.0), vec2(2.0, -57.0), own), None);
    }
}
