//! Where along the edges of cards arrows leave and arrive. Pure geometry over rectangles.

use std::collections::{BTreeMap, BTreeSet};

use egui::vec2;

use super::geometry::Side;
use super::route::{Body, Strand, centred};

/// For every strand from the place `first` on its two offsets along the edges that it uses, so that no two ends share a
/// place among all strands.
pub(super) fn port_offsets(bodies: &[Body], strands: &[Strand], first: usize) -> Vec<[f32; 2]> {
    let mut touched = vec![false; bodies.len()];
    for strand in &strands[first..] {
        touched[strand.low] = true;
        touched[strand.high] = true;
    }
    let mut ports: BTreeMap<(usize, Side), Vec<Port>> = BTreeMap::new();
    let sharing = strands.iter().enumerate().filter(|(_, strand)| touched[strand.low] || touched[strand.high]);
    for (index, strand) in sharing {
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
    let mut offsets = offsets.split_off(first);
    for (strand, offsets) in strands[first..].iter().zip(&mut offsets) {
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
