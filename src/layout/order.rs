//! In which order things stand in their layer, so that few lines between neighbouring layers cross.

/// How often the layers are gone through, there and back.
const SWEEPS: usize = 12;
/// With more lines than this, single exchanges are not tried.
const MOST_TO_EXCHANGE: usize = 600;

/// Things in layers, and lines that join things of neighbouring layers.
#[derive(Clone, Debug, Default)]
pub(super) struct Layers {
    /// The things of each layer, in order.
    pub(super) rows: Vec<Vec<usize>>,
    /// Of each thing, those it is joined with in the layer before and in the layer after.
    pub(super) before: Vec<Vec<usize>>,
    pub(super) after: Vec<Vec<usize>>,
    /// Pairs in the same layer that want to stand side by side.
    pub(super) beside: Vec<(usize, usize)>,
}

impl Layers {
    /// Reorders every row.
    pub(super) fn sort(&mut self) {
        let mut places = self.places();
        let mut best = (self.cost(&places), self.rows.clone());
        for sweep in 0..SWEEPS {
            if best.0 == 0 {
                break;
            }
            let there = sweep % 2 == 0;
            for step in 1..self.rows.len() {
                let row = if there { step } else { self.rows.len() - 1 - step };
                self.sort_row(row, there, &mut places);
            }
            if self.lines() <= MOST_TO_EXCHANGE {
                self.exchange(&mut places);
            }
            let cost = self.cost(&places);
            if cost < best.0 {
                best = (cost, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    fn lines(&self) -> usize {
        self.after.iter().map(Vec::len).sum()
    }

    /// The place of each thing in its row.
    fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.after.len()];
        for row in &self.rows {
            for (place, thing) in row.iter().enumerate() {
                places[*thing] = place;
            }
        }
        places
    }

    /// By the mean place of those it is joined with; what is joined with nothing keeps its place.
    fn sort_row(&mut self, row: usize, there: bool, places: &mut [usize]) {
        let number = |place: usize| f32::from(u16::try_from(place).unwrap_or(u16::MAX));
        let mut keyed: Vec<(f32, usize)> = self.rows[row]
            .iter()
            .map(|thing| {
                let near = if there { &self.before[*thing] } else { &self.after[*thing] };
                let sum: f32 = near.iter().map(|other| number(places[*other])).sum();
                let key = if near.is_empty() { number(places[*thing]) } else { sum / number(near.len()) };
                (key, *thing)
            })
            .collect();
        keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
        for (place, (_, thing)) in keyed.iter().enumerate() {
            places[*thing] = place;
        }
        self.rows[row] = keyed.into_iter().map(|(_, thing)| thing).collect();
    }

    /// Exchanges neighbours while that helps.
    fn exchange(&mut self, places: &mut [usize]) {
        for _ in 0..4 {
            let mut helped = false;
            for row in 0..self.rows.len() {
                let mut cost = self.cost_at(row, places);
                for place in 1..self.rows[row].len() {
                    self.swap(row, place, places);
                    let after = self.cost_at(row, places);
                    if after < cost {
                        cost = after;
                        helped = true;
                    } else {
                        self.swap(row, place, places);
                    }
                }
            }
            if !helped {
                break;
            }
        }
    }

    /// Exchanges what stands at `place` with what stands before it.
    fn swap(&mut self, row: usize, place: usize, places: &mut [usize]) {
        self.rows[row].swap(place - 1, place);
        places[self.rows[row][place - 1]] = place - 1;
        places[self.rows[row][place]] = place;
    }

    /// Crossings, and twice every thing that stands between two that want to stand side by side.
    fn cost(&self, places: &[usize]) -> usize {
        let crossings: usize = (1..self.rows.len()).map(|row| self.crossings(row - 1, places)).sum();
        crossings + self.between(places)
    }

    /// What of the cost depends on the order of one row.
    fn cost_at(&self, row: usize, places: &[usize]) -> usize {
        let before = if row > 0 { self.crossings(row - 1, places) } else { 0 };
        let after = if row + 1 < self.rows.len() { self.crossings(row, places) } else { 0 };
        before + after + self.between(places)
    }

    fn between(&self, places: &[usize]) -> usize {
        let between = |(one, other): &(usize, usize)| places[*one].abs_diff(places[*other]).saturating_sub(1);
        2 * self.beside.iter().map(between).sum::<usize>()
    }

    /// How many lines between a row and the next one cross: for each, those that began earlier and end later.
    fn crossings(&self, row: usize, places: &[usize]) -> usize {
        let width = self.rows[row + 1].len();
        let mut tree = vec![0_usize; width + 1];
        let (mut total, mut seen) = (0, 0);
        for thing in &self.rows[row] {
            let mut ends: Vec<usize> = self.after[*thing].iter().map(|other| places[*other]).collect();
            ends.sort_unstable();
            for end in &ends {
                let (mut upto, mut at) = (0, end + 1);
                while at > 0 {
                    upto += tree[at];
                    at &= at - 1;
                }
                total += seen - upto;
            }
            for end in &ends {
                seen += 1;
                let mut at = end + 1;
                while at <= width {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_counted_and_undone() {
        let mut layers = Layers {
            rows: vec![vec![0, 1, 2], vec![3, 4, 5]],
            before: vec![vec![], vec![], vec![], vec![2], vec![1], vec![0]],
            after: vec![vec![5], vec![4], vec![3], vec![], vec![], vec![]],
            beside: Vec::new(),
        };
        assert_eq!(layers.cost(&layers.places()), 3);
        layers.sort();
        assert_eq!(layers.cost(&layers.places()), 0);
    }

    #[test]
    fn those_that_belong_side_by_side_get_there() {
        let none = vec![Vec::new(); 3];
        let mut layers = Layers { rows: vec![vec![0, 1, 2]], before: none.clone(), after: none, beside: vec![(0, 2)] };
        layers.sort();
        assert_eq!(layers.cost(&layers.places()), 0);
    }
}
