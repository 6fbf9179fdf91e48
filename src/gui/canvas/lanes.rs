//! Regions of a parallel as lanes inside its frame: one below the other, or side by side, with dashed lines between. Pure
//! geometry; knows nothing of charts or screens.

use egui::{Pos2, Rect, pos2};

/// The lanes of one parallel, in the order of `regions`, and the lines between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lanes {
    pub(super) rects: Vec<Rect>,
    pub(super) dividers: Vec<[Pos2; 2]>,
}

/// Divides `room` among `regions`; `None` where they do not lie in one row or one column.
pub(super) fn lanes(room: Rect, regions: &[Rect]) -> Option<Lanes> {
    divided(regions, |rect| (rect.top(), rect.bottom()))
        .map(|cuts| assign(room, regions, &cuts, false))
        .or_else(|| divided(regions, |rect| (rect.left(), rect.right())).map(|cuts| assign(room, regions, &cuts, true)))
}

/// The places between the regions along one axis, if they can be told apart there.
fn divided(regions: &[Rect], span: impl Fn(&Rect) -> (f32, f32)) -> Option<Vec<f32>> {
    let mut spans: Vec<(f32, f32)> = regions.iter().map(span).collect();
    spans.sort_by(|one, other| one.0.total_cmp(&other.0));
    spans.windows(2).map(|pair| (pair[0].1 <= pair[1].0).then(|| f32::midpoint(pair[0].1, pair[1].0))).collect()
}

fn assign(room: Rect, regions: &[Rect], cuts: &[f32], beside: bool) -> Lanes {
    let (low, high) = if beside { (room.left(), room.right()) } else { (room.top(), room.bottom()) };
    let lane = |region: &Rect| {
        let middle = if beside { region.center().x } else { region.center().y };
        let from = cuts.iter().copied().filter(|cut| *cut <= middle).fold(low, f32::max);
        let to = cuts.iter().copied().filter(|cut| *cut > middle).fold(high, f32::min);
        if beside {
            Rect::from_min_max(pos2(from, room.top()), pos2(to, room.bottom()))
        } else {
            Rect::from_min_max(pos2(room.left(), from), pos2(room.right(), to))
        }
    };
    let line = |cut: &f32| {
        if beside {
            [pos2(*cut, room.top()), pos2(*cut, room.bottom())]
        } else {
            [pos2(room.left(), *cut), pos2(room.right(), *cut)]
        }
    };
    Lanes { rects: regions.iter().map(lane).collect(), dividers: cuts.iter().map(line).collect() }
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    fn at(x: f32, y: f32) -> Rect {
        Rect::from_min_size(pos2(x, y), vec2(100.0, 50.0))
    }

    #[test]
    fn regions_below_one_another_share_the_width_and_those_beside_one_another_the_height() {
        let room = Rect::from_min_max(pos2(-20.0, -20.0), pos2(300.0, 300.0));
        let rows = lanes(room, &[at(0.0, 100.0), at(40.0, 0.0)]).unwrap();
        assert_eq!(rows.dividers, [[pos2(-20.0, 75.0), pos2(300.0, 75.0)]]);
        assert_eq!(rows.rects[0], Rect::from_min_max(pos2(-20.0, 75.0), pos2(300.0, 300.0)));
        assert_eq!(rows.rects[1], Rect::from_min_max(pos2(-20.0, -20.0), pos2(300.0, 75.0)));
        let columns = lanes(room, &[at(0.0, 0.0), at(140.0, 20.0)]).unwrap();
        assert_eq!(columns.dividers, [[pos2(120.0, -20.0), pos2(120.0, 300.0)]]);
    }

    #[test]
    fn regions_that_lie_on_one_another_have_no_lanes() {
        assert_eq!(lanes(Rect::EVERYTHING, &[at(0.0, 0.0), at(20.0, 20.0)]), None);
    }
}
