//! How arrows run: which edges they leave and enter, how several between the same cards fan out, where loops go.
//! Pure geometry over rectangles; knows nothing of charts or screens.

use std::collections::BTreeMap;

use egui::{Pos2, Rect, Vec2, vec2};

use super::geometry::{Curve, Side};
use super::obstacles::{Around, Obstacles};
use super::ports::port_offsets;

/// What an arrow joins, as places in the list of rectangles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) source: usize,
    /// `None`: it stays.
    pub(super) target: Option<usize>,
}

impl Ends {
    /// Whether it ends where it begins.
    pub(super) fn is_loop(self) -> bool {
        self.target.is_none_or(|target| target == self.source)
    }
}

/// A card or a group that arrows join.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    pub(super) rect: Rect,
    /// Arrows may run across it, as across the inside of a group.
    pub(super) hollow: bool,
    /// The upper left corner is taken, by the mark of the start.
    pub(super) marked: bool,
}

/// The ways that arrows between cards have taken, so that some can be chosen anew and the others kept.
#[derive(Default)]
pub(super) struct Routes {
    strands: Vec<Strand>,
}

impl Routes {
    /// One curve per arrow, in the order of `arrows`.
    pub(super) fn all(bodies: &[Body], arrows: &[Ends]) -> (Self, Vec<Curve>) {
        let mut routes = Self::default();
        let mut all = Obstacles::default();
        bodies.iter().enumerate().for_each(|(index, body)| all.add_body(index, body));
        let mut curves = vec![Curve([Pos2::ZERO; 4]); arrows.len()];
        let chosen: Vec<usize> = (0..arrows.len()).collect();
        for (arrow, curve) in routes.again(bodies, arrows, &chosen, &Obstacles::default(), all) {
            curves[arrow] = curve;
        }
        (routes, curves)
    }

    /// The `chosen` arrows anew, all other ones stay as they are. Clear of what stands in `still` and in `moving`.
    pub(super) fn again(
        &mut self,
        bodies: &[Body],
        arrows: &[Ends],
        chosen: &[usize],
        still: &Obstacles,
        moving: Obstacles,
    ) -> Vec<(usize, Curve)> {
        let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        let mut loops: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &index in chosen {
            let ends = arrows[index];
            match ends.target {
                Some(target) if target != ends.source => {
                    let pair = (ends.source.min(target), ends.source.max(target));
                    bundles.entry(pair).or_default().push(index);
                }
                _ => loops.entry(ends.source).or_default().push(index),
            }
        }
        let mut again = vec![false; arrows.len()];
        for index in chosen {
            again[*index] = true;
        }
        self.strands.retain(|strand| !again[strand.arrow]);
        let kept = self.strands.len();
        self.choose_runs(bodies, bundles, Around { still, moving });
        let mut curves = Vec::with_capacity(chosen.len());
        for (strand, [low, high]) in self.strands[kept..].iter().zip(port_offsets(bodies, &self.strands, kept)) {
            let curve = strand.run.curve(bodies[strand.low].rect, bodies[strand.high].rect, low, high, strand.fan);
            let [a, b, c, d] = curve.0;
            let backwards = arrows[strand.arrow].source != strand.low;
            curves.push((strand.arrow, if backwards { Curve([d, c, b, a]) } else { curve }));
        }
        for (&body, members) in &loops {
            let mut taken = if bodies[body].marked { vec![(Corner::TopLeft, 0)] } else { Vec::new() };
            for &arrow in members {
                let stays = arrows[arrow].target.is_none();
                curves.push((arrow, ear(bodies[body].rect, stays, &mut taken)));
            }
        }
        curves
    }

    fn choose_runs(&mut self, bodies: &[Body], bundles: BTreeMap<(usize, usize), Vec<usize>>, mut around: Around) {
        // Neighbours first: they have the least choice, and longer ways keep clear of theirs.
        let mut order: Vec<_> = bundles.into_iter().collect();
        let between = |pair: &(usize, usize)| bodies[pair.0].rect.center().distance_sq(bodies[pair.1].rect.center());
        order.sort_by(|(one, _), (other, _)| between(one).total_cmp(&between(other)).then(one.cmp(other)));
        let frames: Vec<Rect> = bodies.iter().filter(|body| body.hollow).map(|body| body.rect).collect();
        for ((low, high), members) in order {
            let ends = [low, high].map(|end| bodies[end].rect);
            let around_both = frames.iter().filter(|frame| ends.iter().all(|end| frame.contains_rect(*end)));
            let home = around_both.copied().min_by(|one, other| one.area().total_cmp(&other.area()));
            let run = best_run(bodies, &around, Pair { low, high, home });
            around.moving.add_way(&run.way(bodies, low, high));
            for (place, &arrow) in members.iter().enumerate() {
                self.strands.push(Strand { arrow, low, high, run, fan: centred(place, members.len()) });
            }
        }
    }

    /// What an arrow keeps clear of that is not among the lifted cards and arrows.
    pub(super) fn obstacles(&self, bodies: &[Body], lifted: &Lifted) -> Obstacles {
        let mut obstacles = Obstacles::default();
        for (index, body) in bodies.iter().enumerate().filter(|(index, _)| !lifted.cards[*index]) {
            obstacles.add_body(index, body);
        }
        let mut last = None;
        for strand in self.strands.iter().filter(|strand| !lifted.arrows[strand.arrow]) {
            // Those between the same two cards lie beside one another.
            if last.replace((strand.low, strand.high)) != Some((strand.low, strand.high)) {
                obstacles.add_way(&strand.run.way(bodies, strand.low, strand.high));
            }
        }
        obstacles
    }
}

/// Which cards and which arrows are being dragged, by their places in the lists.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Lifted {
    pub(super) cards: Vec<bool>,
    pub(super) arrows: Vec<bool>,
}

/// -0.5 and 0.5 for two, -1, 0 and 1 for three …
pub(super) fn centred(place: usize, count: usize) -> f32 {
    let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    number(place) - (number(count) - 1.0) / 2.0
}

/// Which edges the arrows between two cards use, and how far they swing out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) low: Side,
    pub(super) high: Side,
    /// Length of the control arms.
    arm: f32,
    /// One of the two lies inside the other: arrows leave its edge inwards.
    pub(super) inwards: [bool; 2],
}

/// An arrow between two cards.
pub(super) struct Strand {
    arrow: usize,
    pub(super) low: usize,
    pub(super) high: usize,
    pub(super) run: Run,
    /// Its place among those between the same cards.
    pub(super) fan: f32,
}

impl Run {
    /// The middle of all arrows that run so.
    fn way(self, bodies: &[Body], low: usize, high: usize) -> Curve {
        self.curve(bodies[low].rect, bodies[high].rect, 0.0, 0.0, 0.0)
    }

    fn curve(self, low: Rect, high: Rect, low_offset: f32, high_offset: f32, fan: f32) -> Curve {
        let start = self.low.port(low, low_offset);
        let end = self.high.port(high, high_offset);
        let along = (high.center() - low.center()).normalized();
        let swing = vec2(-along.y, along.x) * fan * 34.0;
        let outward = |side: Side, inwards: bool| if inwards { -side.normal() } else { side.normal() };
        let first = start + outward(self.low, self.inwards[0]) * self.arm + swing;
        let second = end + outward(self.high, self.inwards[1]) * self.arm + swing;
        Curve([start, first, second, end])
    }
}

/// Two cards, and the innermost frame around both.
#[derive(Clone, Copy)]
struct Pair {
    low: usize,
    high: usize,
    home: Option<Rect>,
}

/// The cheapest way, and of several the first.
fn best_run(bodies: &[Body], around: &Around, pair: Pair) -> Run {
    let Pair { low, high, .. } = pair;
    let (a, b) = (bodies[low].rect, bodies[high].rect);
    let inwards = [a.contains_rect(b), b.contains_rect(a)];
    let mut runs = Vec::with_capacity(24);
    for from in Side::ALL {
        for to in Side::ALL {
            let reach = from.port(a, 0.0).distance(to.port(b, 0.0));
            let plain = (reach * 0.42).clamp(28.0, 180.0);
            let arms: &[f32] = if from == to { &[0.9, 1.5, 2.4] } else { &[1.0] };
            for factor in arms {
                let arm = if from == to { (plain * factor).max(64.0 * factor) } else { plain };
                let run = Run { low: from, high: to, arm, inwards };
                let way = run.way(bodies, low, high);
                runs.push((way.length(), runs.len(), run, way));
            }
        }
    }
    // No way costs less than its length, so those that are too long need no closer look.
    runs.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let mut best = (f32::INFINITY, 0, runs[0].2);
    for (length, rank, run, way) in runs {
        if length > best.0 {
            break;
        }
        let Some(cost) = cost(run, &way, length, bodies, around, pair, best.0) else { continue };
        if cost.total_cmp(&best.0).then(rank.cmp(&best.1)).is_lt() {
            best = (cost, rank, run);
        }
    }
    best.2
}

/// What a way costs, unless it is more than `most`.
fn cost(
    run: Run,
    way: &Curve,
    length: f32,
    bodies: &[Body],
    around: &Around,
    Pair { low, high, home }: Pair,
    most: f32,
) -> Option<f32> {
    let (a, b) = (bodies[low].rect, bodies[high].rect);
    let mut cost = length;
    for step in 1..16u8 {
        let place = way.at(f32::from(step) / 16.0);
        let crosses_own =
            (!run.inwards[0] && a.shrink(1.0).contains(place)) || (!run.inwards[1] && b.shrink(1.0).contains(place));
        if crosses_own || around.hit(place, low, high) {
            cost += 160.0;
        }
        if around.crowded(place) {
            cost += 26.0;
        }
        if home.is_some_and(|home| !home.contains(place)) {
            cost += 10.0;
        }
        if cost > most {
            return None;
        }
    }
    // Between equals: long ways forward pass above, ways back below.
    let forward = b.center().x >= a.center().x;
    let (unwanted, unwanted_beside) = if forward { (Side::Bottom, Side::Left) } else { (Side::Top, Side::Right) };
    for side in [run.low, run.high] {
        if side == unwanted || side == unwanted_beside {
            cost += 3.0;
        }
    }
    // Facing edges are read more easily than a corner.
    Some(if run.low.normal() == -run.high.normal() { cost } else { cost + 36.0 })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Corner {
    TopRight,
    BottomRight,
    BottomLeft,
    TopLeft,
}

/// A loop at a free corner. Arrows to the same state prefer the top, those that stay the bottom and are smaller; when
/// all corners are taken the next ones stand higher.
fn ear(rect: Rect, stays: bool, taken: &mut Vec<(Corner, u8)>) -> Curve {
    use Corner::{BottomLeft, BottomRight, TopLeft, TopRight};
    let wishes =
        if stays { [BottomRight, BottomLeft, TopRight, TopLeft] } else { [TopRight, TopLeft, BottomRight, BottomLeft] };
    let (corner, ring) = (0..=u8::MAX)
        .flat_map(|ring| wishes.map(|corner| (corner, ring)))
        .find(|place| !taken.contains(place))
        .unwrap_or((TopRight, 0));
    taken.push((corner, ring));
    let (x, y) = match corner {
        TopRight => (1.0, -1.0),
        BottomRight => (1.0, 1.0),
        BottomLeft => (-1.0, 1.0),
        TopLeft => (-1.0, -1.0),
    };
    let edge = if y < 0.0 { rect.top() } else { rect.bottom() };
    let middle = rect.center().x + x * (rect.width() / 2.0 - 38.0);
    let half = 13.0 + 2.0 * f32::from(ring);
    let height = if stays { 46.0 } else { 62.0 } + 44.0 * f32::from(ring);
    let spread = if stays { 10.0 } else { 20.0 };
    let start = Pos2::new(middle - x * half, edge);
    let end = Pos2::new(middle + x * half, edge);
    let arm = |sideways: f32| Vec2::new(sideways, y * height);
    Curve([start, start + arm(-x * spread), end + arm(x * spread), end])
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::super::geometry::distance_to_line;
    use super::*;

    fn body(x: f32, y: f32) -> Body {
        Body { rect: Rect::from_center_size(pos2(x, y), vec2(176.0, 64.0)), hollow: false, marked: false }
    }

    fn routed(bodies: &[Body], arrows: &[Ends]) -> Vec<Curve> {
        Routes::all(bodies, arrows).1
    }

    fn ends(source: usize, target: usize) -> Ends {
        Ends { source, target: Some(target) }
    }

    fn apart(curves: &[Curve], least: f32) {
        for (index, one) in curves.iter().enumerate() {
            for other in &curves[index + 1..] {
                let distance = one.at(0.5).distance(other.at(0.5));
                assert!(distance >= least, "middles only {distance} apart");
            }
        }
    }

    #[test]
    fn neighbours_are_joined_straight() {
        let curve = routed(&[body(0.0, 0.0), body(400.0, 0.0)], &[ends(0, 1)])[0];
        assert_eq!(curve.at(0.0), pos2(88.0, 0.0));
        assert_eq!(curve.at(1.0), pos2(312.0, 0.0));
        assert!(curve.at(0.3).y.abs() < 0.1);
    }

    #[test]
    fn an_arrow_to_where_others_arrive_is_a_straight_line_where_it_can_be() {
        let bodies = [body(0.0, 0.0), body(400.0, 0.0), body(0.0, 300.0)];
        let curves = routed(&bodies, &[ends(0, 1), ends(2, 1)]);
        let [from, to] = [curves[0].at(0.0), curves[0].at(1.0)];
        assert!((from.y - to.y).abs() < 0.1, "{from:?} {to:?}");
        let shifted = routed(&[body(0.0, 0.0), body(400.0, 20.0)], &[ends(0, 1)])[0];
        assert!((shifted.at(0.0).y - shifted.at(1.0).y).abs() < 0.1, "{shifted:?}");
    }

    #[test]
    fn parallel_and_two_way_arrows_fan_out() {
        for high in [body(400.0, 0.0), body(0.0, 300.0), body(350.0, 250.0), body(-300.0, 40.0)] {
            apart(&routed(&[body(0.0, 0.0), high], &[ends(0, 1), ends(1, 0), ends(0, 1), ends(1, 0)]), 20.0);
        }
    }

    #[test]
    fn arches_over_a_card_fan_out_too() {
        let bodies = [body(0.0, 0.0), body(300.0, 0.0), body(600.0, 0.0)];
        apart(&routed(&bodies, &[ends(0, 2), ends(2, 0), ends(0, 2)]), 14.0);
    }

    #[test]
    fn an_arrow_goes_around_the_card_between() {
        let bodies = [body(0.0, 0.0), body(300.0, 0.0), body(600.0, 0.0)];
        let line = routed(&bodies, &[ends(0, 2)])[0].polyline();
        assert!(line.iter().all(|place| !bodies[1].rect.contains(*place)));
    }

    #[test]
    fn loops_of_one_card_never_share_a_place() {
        let stay = Ends { source: 0, target: None };
        let own = ends(0, 0);
        let curves = routed(&[body(0.0, 0.0)], &[own, own, stay, stay, own, stay]);
        apart(&curves, 20.0);
        assert!(curves.iter().all(|curve| distance_to_line(&curve.polyline(), pos2(0.0, 0.0)) >= 31.0));
    }

    #[test]
    fn a_loop_leaves_the_corner_of_the_start_alone() {
        let marked = Body { marked: true, ..body(0.0, 0.0) };
        let curves = routed(&[marked], &[ends(0, 0), ends(0, 0)]);
        assert!(curves.iter().all(|curve| curve.at(0.5).x > 0.0 || curve.at(0.5).y > 0.0));
    }

    #[test]
    fn an_arrow_within_a_group_stays_within_it_where_it_can() {
        let frame = |size| Body { rect: Rect::from_center_size(pos2(0.0, 200.0), size), hollow: true, marked: false };
        // The straight way is barred.
        let cards = [body(0.0, 0.0), body(0.0, 200.0), body(0.0, 400.0)];
        for (left, right) in [(80.0, 400.0), (400.0, 80.0)] {
            let mut group = frame(vec2(200.0, 600.0));
            group.rect = group.rect.with_min_x(-100.0 - left).with_max_x(100.0 + right);
            let bodies = [cards[0], cards[1], cards[2], group];
            let way = routed(&bodies, &[ends(0, 2)])[0];
            assert!(way.polyline().iter().all(|place| group.rect.expand(1.0).contains(*place)), "{way:?}");
            assert!(way.at(0.5).x * (right - left) > 0.0);
        }
    }

    #[test]
    fn arrows_of_a_group_to_its_child_run_inside() {
        let group =
            Body { rect: Rect::from_center_size(pos2(0.0, 0.0), vec2(600.0, 400.0)), hollow: true, marked: false };
        let curve = routed(&[group, body(100.0, 50.0)], &[ends(0, 1)])[0];
        assert!(curve.polyline().iter().all(|place| group.rect.expand(1.0).contains(*place)));
    }
}
