//! The blocks of one group in layers, with room for every label between them. Several drawings are tried; the one that is
//! easiest to read is taken.

use std::collections::BTreeMap;

use super::lines::{self, Width};
use super::order::Layers;
use super::ranks::{Ranking, ranks};
use super::room::Extent;
use super::snapped;
use crate::model::Point;

/// A card, or a frame with all that it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// From its middle to the edges of all that belongs to it.
    pub(super) extent: Extent,
    /// From its middle to the edges where arrows begin.
    pub(super) half: Point,
}

/// An arrow from block to block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrow<T> {
    pub(super) from: T,
    pub(super) to: T,
    pub(super) label: Point,
}

/// Between two blocks of a layer, and on each side of what stands between layers.
const BESIDE: f32 = 32.0;
const LAYER_GAP: f32 = 24.0;
/// A way over more ranks than this runs around the others, so that nobody keeps room for it.
const LONGEST: usize = 8;
/// A line that passes by.
const PASSING: f32 = 14.0;
/// With more blocks than this, one drawing must do.
const MOST_TO_COMPARE: usize = 120;
/// What a drawing should fit into without getting smaller.
const SHEET: Point = Point::new(1400.0, 950.0);

/// A middle for every block. `first` is where arrows begin.
pub(super) fn arranged(blocks: &[Block], arrows: &[Arrow<usize>], first: Option<usize>) -> Vec<Point> {
    if blocks.is_empty() {
        return Vec::new();
    }
    let mut ways = vec![(Ranking::Longest, false)];
    if blocks.len() <= MOST_TO_COMPARE {
        ways.extend([(Ranking::Nearest, false), (Ranking::Longest, true), (Ranking::Nearest, true)]);
    }
    let mut best: Option<(f32, Vec<Point>)> = None;
    for (ranking, down) in ways {
        let centres = Drawing::new(blocks, arrows, first, ranking, down).centres();
        let cost = cost(blocks, arrows, &centres) + if down { 0.8 } else { 0.0 };
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, centres));
        }
    }
    best.map(|(_, centres)| centres).unwrap_or_default()
}

/// How hard a drawing is to read: lines that cross, lines across blocks, lines that are long, and how small it has to be
/// shown.
fn cost(blocks: &[Block], arrows: &[Arrow<usize>], centres: &[Point]) -> f32 {
    if blocks.len() > MOST_TO_COMPARE {
        return 0.0;
    }
    let mut cost = 0.0;
    for (index, one) in arrows.iter().enumerate() {
        let (from, to) = (centres[one.from], centres[one.to]);
        cost += (from.x - to.x).hypot(from.y - to.y) / 4000.0;
        for other in &arrows[index + 1..] {
            let shared = [other.from, other.to].iter().any(|end| [one.from, one.to].contains(end));
            if !shared && cross(from, to, centres[other.from], centres[other.to]) {
                cost += 1.0;
            }
        }
        for (place, block) in blocks.iter().enumerate() {
            if place != one.from && place != one.to && touches(from, to, centres[place], block.half) {
                cost += 1.5;
            }
        }
    }
    let whole =
        blocks.iter().zip(centres).fold(Extent::NONE, |whole, (block, centre)| whole.with(block.extent.at(*centre)));
    let half = whole.half();
    let smaller = (2.0 * half.x / SHEET.x).max(2.0 * half.y / SHEET.y);
    cost + 3.0 * smaller
}

/// Whether two lines cross.
fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    (side(a, b, c) > 0.0) != (side(a, b, d) > 0.0) && (side(c, d, a) > 0.0) != (side(c, d, b) > 0.0)
}

/// Whether the line from `a` to `b` comes near the block around `centre`.
fn touches(a: Point, b: Point, centre: Point, half: Point) -> bool {
    (1..24_u8).any(|step| {
        let t = f32::from(step) / 24.0;
        let place = Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
        (place.x - centre.x).abs() < half.x + 8.0 && (place.y - centre.y).abs() < half.y + 8.0
    })
}

/// One way to draw the blocks. Blocks stand in layers of even number, labels between them in those of odd number.
struct Drawing<'a> {
    blocks: &'a [Block],
    /// Layers follow one another downwards instead of to the right.
    down: bool,
    layers: Layers,
    widths: Vec<Width>,
    /// Room before and after the middle of each layer.
    depths: Vec<(f32, f32)>,
    /// Room for the labels of arrows between two blocks of one layer.
    between: BTreeMap<(usize, usize), f32>,
}

impl<'a> Drawing<'a> {
    fn new(blocks: &'a [Block], arrows: &[Arrow<usize>], first: Option<usize>, ranking: Ranking, down: bool) -> Self {
        let pairs: Vec<(usize, usize)> = arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
        let ranks = ranks(ranking, blocks.len(), &pairs, first);
        let last = ranks.iter().max().copied().unwrap_or(0);
        let mut drawing = Self {
            blocks,
            down,
            layers: Layers { rows: vec![Vec::new(); 2 * last + 1], ..Layers::default() },
            widths: Vec::new(),
            depths: vec![(0.0, 0.0); 2 * last + 1],
            between: BTreeMap::new(),
        };
        for (place, block) in blocks.iter().enumerate() {
            let extent = block.extent;
            let (along, across) = ((extent.left, extent.right), (extent.top, extent.bottom));
            let (along, across) = if down { (across, along) } else { (along, across) };
            drawing.add(2 * ranks[place], along, across, 1.0);
        }
        // Rows begin in the order in which the blocks are reached, so that what belongs together starts together.
        for place in reached(blocks.len(), &pairs, first) {
            drawing.layers.rows[2 * ranks[place]].push(place);
        }
        for arrow in arrows {
            drawing.add_arrow(arrow, &ranks);
        }
        drawing.layers.sort();
        drawing
    }

    fn add(&mut self, layer: usize, along: (f32, f32), across: (f32, f32), weight: f32) -> usize {
        self.widths.push(Width { before: across.0, after: across.1, weight });
        self.layers.before.push(Vec::new());
        self.layers.after.push(Vec::new());
        let depth = &mut self.depths[layer];
        *depth = (depth.0.max(along.0), depth.1.max(along.1));
        self.widths.len() - 1
    }

    fn add_arrow(&mut self, arrow: &Arrow<usize>, ranks: &[usize]) {
        let Arrow { from, to, label } = *arrow;
        let (along, across) = if self.down { (label.y, label.x) } else { (label.x, label.y) };
        if ranks[from] == ranks[to] {
            self.layers.beside.push((from, to));
            // Arrows that run side by side share the room along their way, not across it.
            let room = self.between.entry((from.min(to), from.max(to))).or_default();
            *room = room.max(across + 8.0);
            return;
        }
        let (low, high) = if ranks[from] < ranks[to] { (from, to) } else { (to, from) };
        if ranks[high] - ranks[low] > LONGEST {
            return;
        }
        let (first, last) = (2 * ranks[low] + 1, 2 * ranks[high] - 1);
        // The label stands in the middle of a long way.
        let middle = first + 2 * ((last - first) / 4);
        let mut before = low;
        for layer in first..=last {
            let (along, across) = if layer == middle { (along / 2.0, across / 2.0) } else { (0.0, PASSING) };
            let long = first != last;
            let thing = self.add(layer, (along, along), (across, across), if long { 4.0 } else { 0.5 });
            self.layers.rows[layer].push(thing);
            self.join(before, thing);
            before = thing;
        }
        self.join(before, high);
    }

    fn join(&mut self, before: usize, after: usize) {
        self.layers.after[before].push(after);
        self.layers.before[after].push(before);
    }

    fn centres(&self) -> Vec<Point> {
        let more = |one: usize, other: usize| {
            let blocks = one.max(other) < self.blocks.len();
            let labels = self.between.get(&(one.min(other), one.max(other))).copied().unwrap_or(0.0);
            if blocks { BESIDE.max(labels + 32.0) } else { 10.0 }
        };
        let across = lines::places(&self.layers, &self.widths, &more);
        let mut along = Vec::with_capacity(self.depths.len());
        let mut at = 0.0;
        for (index, (before, after)) in self.depths.iter().enumerate() {
            at += before + if index == 0 { 0.0 } else { LAYER_GAP };
            along.push(at);
            at += after;
        }
        let mut centres = vec![Point::default(); self.blocks.len()];
        for (layer, row) in self.layers.rows.iter().enumerate() {
            for thing in row.iter().filter(|thing| **thing < self.blocks.len()) {
                let (along, across) = (snapped(along[layer]), snapped(across[*thing]));
                centres[*thing] = if self.down { Point::new(across, along) } else { Point::new(along, across) };
            }
        }
        centres
    }
}

/// All blocks, as one comes to them from the first one.
fn reached(count: usize, pairs: &[(usize, usize)], first: Option<usize>) -> Vec<usize> {
    let mut outgoing = vec![Vec::new(); count];
    for (from, to) in pairs {
        outgoing[*from].push(*to);
    }
    let mut seen = vec![false; count];
    let mut order = Vec::with_capacity(count);
    for root in first.into_iter().chain(0..count) {
        let mut path = vec![root];
        while let Some(at) = path.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            order.push(at);
            path.extend(outgoing[at].iter().rev());
        }
    }
    order
}
