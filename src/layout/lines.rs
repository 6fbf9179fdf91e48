//! Where things stand across the layers: in their order, with room between them, and lines as straight as they can be.

use super::order::Layers;

/// How often the layers are gone through.
const SWEEPS: usize = 16;

/// Room that a thing takes on either side of its line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Width {
    pub(super) before: f32,
    pub(super) after: f32,
    /// How much it insists on its wish: bends in a long line look worst.
    pub(super) weight: f32,
}

/// A place for each thing. `more` adds room between two neighbours.
pub(super) fn places(layers: &Layers, widths: &[Width], more: &dyn Fn(usize, usize) -> f32) -> Vec<f32> {
    let mut places = vec![0.0; widths.len()];
    for row in &layers.rows {
        let none: Vec<f32> = row.iter().map(|_| 0.0).collect();
        settle(row, &none, widths, more, &mut places);
    }
    for sweep in 0..SWEEPS {
        // Back comes last: what leads on stands in the middle of where it leads.
        let there = sweep % 2 == 0;
        for step in 0..layers.rows.len() {
            let row = &layers.rows[if there { step } else { layers.rows.len() - 1 - step }];
            let wishes: Vec<f32> = row
                .iter()
                .map(|thing| {
                    let near = if there { &layers.before[*thing] } else { &layers.after[*thing] };
                    wish(near, widths, &places).unwrap_or(places[*thing])
                })
                .collect();
            settle(row, &wishes, widths, more, &mut places);
        }
    }
    places
}

/// The weighted median of the places of those it is joined with.
fn wish(near: &[usize], widths: &[Width], places: &[f32]) -> Option<f32> {
    let mut all: Vec<(f32, f32)> = near.iter().map(|other| (places[*other], widths[*other].weight)).collect();
    all.sort_by(|one, other| one.0.total_cmp(&other.0));
    let half = all.iter().map(|(_, weight)| weight).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    for (index, (place, weight)) in all.iter().enumerate() {
        sum += weight;
        if (sum - half).abs() < 1e-3 {
            let next = all.get(index + 1).map_or(*place, |next| next.0);
            return Some(f32::midpoint(*place, next));
        }
        if sum > half {
            return Some(*place);
        }
    }
    None
}

/// Puts a row as near to its wishes as the room between its things allows: things that would overlap form a bunch, which
/// goes to the mean of what its members want.
fn settle(row: &[usize], wishes: &[f32], widths: &[Width], more: &dyn Fn(usize, usize) -> f32, places: &mut [f32]) {
    struct Bunch {
        /// Sum of the weights, and of the weighted wishes for the place of its first thing.
        weight: f32,
        sum: f32,
        first: usize,
    }
    // How far each thing must at least stand from the first one.
    let mut offsets = vec![0.0; row.len()];
    for index in 1..row.len() {
        let (one, other) = (row[index - 1], row[index]);
        offsets[index] = offsets[index - 1] + widths[one].after + widths[other].before + more(one, other);
    }
    let mut bunches: Vec<Bunch> = Vec::new();
    for (index, thing) in row.iter().enumerate() {
        let weight = widths[*thing].weight;
        let mut bunch = Bunch { weight, sum: weight * (wishes[index] - offsets[index]), first: index };
        while let Some(last) = bunches.pop_if(|last| last.sum / last.weight >= bunch.sum / bunch.weight) {
            bunch = Bunch { weight: last.weight + bunch.weight, sum: last.sum + bunch.sum, first: last.first };
        }
        bunches.push(bunch);
    }
    for (number, bunch) in bunches.iter().enumerate() {
        let end = bunches.get(number + 1).map_or(row.len(), |next| next.first);
        for index in bunch.first..end {
            places[row[index]] = bunch.sum / bunch.weight + offsets[index];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(half: f32) -> Width {
        Width { before: half, after: half, weight: 1.0 }
    }

    #[test]
    fn what_has_room_stands_where_it_wants() {
        let mut places = vec![0.0; 3];
        settle(&[0, 1, 2], &[0.0, 50.0, 200.0], &[width(10.0); 3], &|_, _| 0.0, &mut places);
        assert_eq!(places, [0.0, 50.0, 200.0]);
    }

    #[test]
    fn what_has_none_shares_the_push() {
        let mut places = vec![0.0; 2];
        settle(&[0, 1], &[0.0, 0.0], &[width(10.0); 2], &|_, _| 0.0, &mut places);
        assert_eq!(places, [-10.0, 10.0]);
    }
}
