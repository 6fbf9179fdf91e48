//! A dragged card is drawn to the grid, and more strongly to the edges and middles of its neighbours. Pure geometry.

use egui::{Pos2, Rect, Vec2, pos2, vec2};

use super::geometry::snapped;

/// How near a line of a neighbour has to be, in points on the screen.
const REACH: f32 = 6.0;

/// How far to drag, and what shows why.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Snapped {
    pub(super) by: Vec2,
    pub(super) guides: Vec<[Pos2; 2]>,
}

/// Where a card that lies at `home` comes to lie when it is dragged by `by`. `on_grid`: its middle keeps to the grid.
pub(super) fn snap(home: Rect, by: Vec2, others: &[Rect], zoom: f32, on_grid: bool) -> Snapped {
    let grid = if on_grid { snapped(home.center() + by) - home.center() } else { snapped(by.to_pos2()).to_vec2() };
    let moved = home.translate(by);
    let reach = REACH / zoom;
    let x = nearest(moved, others, reach, |rect| [rect.left(), rect.center().x, rect.right()]);
    let y = nearest(moved, others, reach, |rect| [rect.top(), rect.center().y, rect.bottom()]);
    let by = vec2(x.map_or(grid.x, |x| by.x + x), y.map_or(grid.y, |y| by.y + y));
    let at = home.translate(by);
    let mut guides = Vec::new();
    if x.is_some() {
        guides.extend(lines(at, others, |rect| [rect.left(), rect.center().x, rect.right()], false));
    }
    if y.is_some() {
        guides.extend(lines(at, others, |rect| [rect.top(), rect.center().y, rect.bottom()], true));
    }
    Snapped { by, guides }
}

/// The least way to a line of a neighbour; edges go with edges, middles with middles.
fn nearest(moved: Rect, others: &[Rect], reach: f32, lines: impl Fn(&Rect) -> [f32; 3]) -> Option<f32> {
    let own = lines(&moved);
    let ways = others.iter().flat_map(|other| {
        let theirs = lines(other);
        let pairs = [(0, 0), (1, 1), (2, 2), (0, 2), (2, 0)];
        pairs.map(|(mine, other)| theirs[other] - own[mine])
    });
    ways.filter(|way| way.abs() <= reach).min_by(|one, other| one.abs().total_cmp(&other.abs()))
}

/// A line along each edge or middle that the card shares with others, from the first of them to the last.
fn lines(at: Rect, others: &[Rect], along: impl Fn(&Rect) -> [f32; 3], level: bool) -> Vec<[Pos2; 2]> {
    let mut guides = Vec::new();
    for line in along(&at) {
        let sharing = others.iter().filter(|other| along(other).iter().any(|theirs| (theirs - line).abs() < 0.25));
        let all = sharing.copied().reduce(Rect::union).map(|rect| rect.union(at));
        if let Some(all) = all {
            guides.push(if level {
                [pos2(all.left(), line), pos2(all.right(), line)]
            } else {
                [pos2(line, all.top()), pos2(line, all.bottom())]
            });
        }
    }
    guides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(x: f32, y: f32) -> Rect {
        Rect::from_center_size(pos2(x, y), vec2(192.0, 64.0))
    }

    #[test]
    fn without_neighbours_a_card_keeps_to_the_grid() {
        let snapped = snap(card(3.0, 0.0), vec2(10.0, 10.0), &[], 1.0, true);
        assert_eq!(snapped, Snapped { by: vec2(13.0, 8.0), guides: Vec::new() });
        assert_eq!(snap(card(3.0, 0.0), vec2(10.0, 11.0), &[], 1.0, false).by, vec2(8.0, 8.0));
    }

    #[test]
    fn near_a_neighbour_it_comes_level_and_a_guide_shows_with_what() {
        let neighbour = card(400.0, 3.0);
        let snapped = snap(card(0.0, 0.0), vec2(20.0, 1.0), &[neighbour], 1.0, true);
        assert_eq!(snapped.by, vec2(24.0, 3.0));
        assert!(snapped.guides.contains(&[pos2(-72.0, 3.0), pos2(496.0, 3.0)]), "{:?}", snapped.guides);
        let left = snap(card(0.0, 0.0), vec2(5.0, 200.0), &[card(2.0, 0.0)], 1.0, true);
        assert_eq!(left.by, vec2(2.0, 200.0));
    }

    #[test]
    fn from_far_away_it_snaps_over_more_of_the_drawing() {
        let far = snap(card(0.0, 0.0), vec2(0.0, 20.0), &[card(400.0, 0.0)], 0.25, true);
        assert_eq!(far.by, Vec2::ZERO);
    }
}
