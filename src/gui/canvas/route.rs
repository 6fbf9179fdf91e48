//! How arrows run: which edges they leave and enter, how several between the same cards fan out, where loops go.
//! Pure geometry over rectangles; knows nothing of charts or screens.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Pos2, Rect, Vec2, vec2};

use super::buckets::Buckets;
use super::geometry::{Curve, Side};

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

/// Which edges were chosen between two bodies, by their places in the list.
pub(super) type Runs = BTreeMap<(usize, usize), Run>;

/// One curve per arrow, in the order of `arrows`. Choices in `runs` are kept, and new ones added: while one card is
/// dragged, only the arrows at that card need a choice.
pub(super) fn route(bodies: &[Body], arrows: &[Ends], runs: &mut Runs) -> Vec<Curve> {
    let mut obstacles = Obstacles::new(bodies);
    let mut bundles: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    let mut loops: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, ends) in arrows.iter().enumerate() {
        match ends.target {
            Some(target) if target != ends.source => {
                let pair = (ends.source.min(target), ends.source.max(target));
                bundles.entry(pair).or_default().push(index);
            }
            _ => loops.entry(ends.source).or_default().push(index),
        }
    }
    let mut curves = vec![Curve([Pos2::ZERO; 4]); arrows.len()];
    let mut strands = Vec::with_capacity(arrows.len());
    // Neighbours first: they have the least choice, and longer ways keep clear of theirs.
    let mut order: Vec<_> = bundles.iter().collect();
    let between = |pair: &(usize, usize)| bodies[pair.0].rect.center().distance_sq(bodies[pair.1].rect.center());
    order.sort_by(|(one, _), (other, _)| between(one).total_cmp(&between(other)).then(one.cmp(other)));
    let way = |run: Run, (low, high): (usize, usize)| run.curve(bodies[low].rect, bodies[high].rect, 0.0, 0.0, 0.0);
    for (pair, run) in runs.iter() {
        obstacles.add_way(&way(*run, *pair));
    }
    for (&(low, high), members) in order {
        let run = *runs.entry((low, high)).or_insert_with(|| {
            let run = best_run(bodies, &obstacles, low, high);
            obstacles.add_way(&way(run, (low, high)));
            run
        });
        for (place, &arrow) in members.iter().enumerate() {
            strands.push(Strand { arrow, low, high, run, fan: centred(place, members.len()) });
        }
    }
    let offsets = port_offsets(bodies, &strands);
    for (strand, [low, high]) in strands.iter().zip(offsets) {
        let curve = strand.run.curve(bodies[strand.low].rect, bodies[strand.high].rect, low, high, strand.fan);
        let [a, b, c, d] = curve.0;
        let backwards = arrows[strand.arrow].source != strand.low;
        curves[strand.arrow] = if backwards { Curve([d, c, b, a]) } else { curve };
    }
    for (&body, members) in &loops {
        let mut taken = if bodies[body].marked { vec![(Corner::TopLeft, 0)] } else { Vec::new() };
        for &arrow in members {
            let stays = arrows[arrow].target.is_none();
            curves[arrow] = ear(bodies[body].rect, stays, &mut taken);
        }
    }
    curves
}

/// -0.5 and 0.5 for two, -1, 0 and 1 for three …
fn centred(place: usize, count: usize) -> f32 {
    let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    number(place) - (number(count) - 1.0) / 2.0
}

/// Which edges the arrows between two cards use, and how far they swing out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    low: Side,
    high: Side,
    /// Length of the control arms.
    arm: f32,
    /// One of the two lies inside the other: arrows leave its edge inwards.
    inwards: [bool; 2],
}

struct Strand {
    arrow: usize,
    low: usize,
    high: usize,
    run: Run,
    fan: f32,
}

impl Run {
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

fn best_run(bodies: &[Body], obstacles: &Obstacles, low: usize, high: usize) -> Run {
    let (a, b) = (bodies[low].rect, bodies[high].rect);
    let inwards = [a.contains_rect(b), b.contains_rect(a)];
    let mut best: Option<(f32, Run)> = None;
    for from in Side::ALL {
        for to in Side::ALL {
            let reach = from.port(a, 0.0).distance(to.port(b, 0.0));
            let plain = (reach * 0.42).clamp(28.0, 180.0);
            let arms: &[f32] = if from == to { &[0.9, 1.5, 2.4] } else { &[1.0] };
            for factor in arms {
                let arm = if from == to { (plain * factor).max(64.0 * factor) } else { plain };
                let run = Run { low: from, high: to, arm, inwards };
                let cost = cost(run, bodies, obstacles, low, high);
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, run));
                }
            }
        }
    }
    best.map_or(Run { low: Side::Right, high: Side::Left, arm: 40.0, inwards }, |(_, run)| run)
}

fn cost(run: Run, bodies: &[Body], obstacles: &Obstacles, low: usize, high: usize) -> f32 {
    let (a, b) = (bodies[low].rect, bodies[high].rect);
    let curve = run.curve(a, b, 0.0, 0.0, 0.0);
    let mut cost = curve.length();
    for step in 1..16u8 {
        let place = curve.at(f32::from(step) / 16.0);
        let crosses_own =
            (!run.inwards[0] && a.shrink(1.0).contains(place)) || (!run.inwards[1] && b.shrink(1.0).contains(place));
        if crosses_own || obstacles.hit(place, low, high) {
            cost += 160.0;
        }
        if obstacles.crowded(place) {
            cost += 26.0;
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
    if run.low.normal() == -run.high.normal() { cost } else { cost + 36.0 }
}

/// For every strand its two offsets along the edges that it uses, so that no two ends share a place.
fn port_offsets(bodies: &[Body], strands: &[Strand]) -> Vec<[f32; 2]> {
    let mut ports: BTreeMap<(usize, Side), Vec<Port>> = BTreeMap::new();
    for (index, strand) in strands.iter().enumerate() {
        for (end, body, other, side) in
            [(0, strand.low, strand.high, strand.run.low), (1, strand.high, strand.low, strand.run.high)]
        {
            let port = Port::new(bodies, strand, index, end, body, other, side);
            ports.entry((body, side)).or_default().push(port);
        }
    }
    let mut offsets = vec![[0.0; 2]; strands.len()];
    let alone: BTreeSet<(usize, Side)> =
        ports.iter().filter(|(_, ends)| ends.len() == 1).map(|(place, _)| *place).collect();
    for ((body, side), mut ends) in ports {
        ends.sort_by(|one, other| one.order.total_cmp(&other.order).then(one.fan.total_cmp(&other.fan)));
        let count = ends.len();
        let length = side.length(bodies[body].rect);
        let widest = if matches!(side, Side::Left | Side::Right) { 24.0 } else { 34.0 };
        let gaps = f32::from(u16::try_from(count.max(2) - 1).unwrap_or(u16::MAX));
        let spacing = ((length - 24.0) / gaps).clamp(2.0, widest);
        for (place, end) in ends.iter().enumerate() {
            offsets[end.strand][end.end] = centred(place, count) * spacing;
        }
    }
    for (strand, offsets) in strands.iter().zip(&mut offsets) {
        straighten(bodies, strand, &alone, offsets);
    }
    offsets
}

/// An end that has its edge to itself moves to where its arrow becomes a straight line, if that is near.
fn straighten(bodies: &[Body], strand: &Strand, alone: &BTreeSet<(usize, Side)>, offsets: &mut [f32; 2]) {
    let Strand { low, high, run, .. } = *strand;
    if run.low.normal() != -run.high.normal() || run.inwards[0] || run.inwards[1] {
        return;
    }
    let axis = run.low.axis();
    let away = (bodies[high].rect.center() - bodies[low].rect.center()).dot(axis);
    let slack = |body: usize, side: Side| {
        let half = side.length(bodies[body].rect) / 2.0 - 14.0;
        // The corners of a card are where its loops stand.
        if bodies[body].hollow { half } else { half.min(40.0) }
    };
    match (alone.contains(&(low, run.low)), alone.contains(&(high, run.high))) {
        (true, true) if away.abs() / 2.0 <= slack(low, run.low).min(slack(high, run.high)).min(16.0) => {
            *offsets = [away / 2.0, -away / 2.0];
        }
        // A frame has room all along its edge.
        (true, true) if bodies[low].hollow && away.abs() <= slack(low, run.low) => *offsets = [away, 0.0],
        (true, true) if bodies[high].hollow && away.abs() <= slack(high, run.high) => *offsets = [0.0, -away],
        (true, false) if (away + offsets[1]).abs() <= slack(low, run.low) => offsets[0] = away + offsets[1],
        (false, true) if (offsets[0] - away).abs() <= slack(high, run.high) => offsets[1] = offsets[0] - away,
        _ => {}
    }
}

/// An end of a strand, with what decides its place among the others on the same edge.
struct Port {
    strand: usize,
    end: usize,
    /// Where the other end lies, along this edge.
    order: f32,
    /// The place within its bundle, along this edge.
    fan: f32,
}

impl Port {
    fn new(bodies: &[Body], strand: &Strand, index: usize, end: usize, body: usize, other: usize, side: Side) -> Self {
        let away = bodies[other].rect.center() - bodies[body].rect.center();
        let toward = away.dot(side.axis());
        let along = (bodies[strand.high].rect.center() - bodies[strand.low].rect.center()).normalized();
        let across = vec2(-along.y, along.x);
        if strand.run.low == strand.run.high {
            // An arch: the wider it is, the further out it starts, so that arches nest instead of crossing.
            let inner = -across.dot(side.normal()) * strand.fan;
            let order = if toward < 0.0 { -1e6 - toward } else { 1e6 - toward };
            return Self { strand: index, end, order, fan: inner * toward.signum() };
        }
        Self { strand: index, end, order: toward, fan: strand.fan * across.dot(side.axis()) }
    }
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

/// The cards that an arrow between others should not run across.
struct Obstacles {
    cards: Buckets,
    /// Points of the ways that others have taken.
    ways: Buckets,
}

impl Obstacles {
    fn new(bodies: &[Body]) -> Self {
        let mut cards = Buckets::default();
        for (index, body) in bodies.iter().enumerate() {
            let solid = if body.hollow { super::card::header(body.rect) } else { body.rect };
            cards.insert(index, solid.expand(10.0));
        }
        Self { cards, ways: Buckets::default() }
    }

    fn hit(&self, place: Pos2, own: usize, other: usize) -> bool {
        self.cards.at(place).any(|(index, _)| index != own && index != other)
    }

    fn add_way(&mut self, curve: &Curve) {
        for place in curve.polyline() {
            self.ways.insert(0, Rect::from_center_size(place, Vec2::splat(26.0)));
        }
    }

    /// Whether another arrow already runs here.
    fn crowded(&self, place: Pos2) -> bool {
        self.ways.at(place).next().is_some()
    }
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
        route(bodies, arrows, &mut Runs::new())
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
    fn arrows_of_a_group_to_its_child_run_inside() {
        let group =
            Body { rect: Rect::from_center_size(pos2(0.0, 0.0), vec2(600.0, 400.0)), hollow: true, marked: false };
        let curve = routed(&[group, body(100.0, 50.0)], &[ends(0, 1)])[0];
        assert!(curve.polyline().iter().all(|place| group.rect.expand(1.0).contains(*place)));
    }
}
