//! Which contact each row is about, and the order by contact, then time, then place in the file. Tables mostly come in
//! that order already; then nothing is kept per row and nothing is moved.

use super::error::ImportError;
use super::progress::{Stage, Watch};
use crate::model::Time;

/// The contact of each row, in the order of the rows. Contacts are numbered in the order of their first row.
#[derive(Default)]
pub(super) struct Owners {
    /// The first row of each contact.
    starts: Vec<u32>,
    /// The contact of each row, once a contact has come again after another.
    each: Option<Vec<u32>>,
    rows: u32,
}

/// Where each contact's rows begin, and which row comes at each place; `None` where each is in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) first: Vec<u32>,
    pub(super) rows: Option<Vec<u32>>,
}

/// Rows between two looks whether to go on.
const STRIDE: usize = 1 << 16;

impl Owners {
    pub(super) fn push(&mut self, owner: u32) {
        let contacts = self.starts.len();
        if owner as usize == contacts {
            self.starts.push(self.rows);
        }
        match &mut self.each {
            Some(each) => each.push(owner),
            None if owner as usize + 1 >= contacts => {}
            None => {
                let mut each = Vec::with_capacity(self.rows as usize * 2);
                let ends = self.starts.iter().skip(1).chain([&self.rows]);
                for ((contact, start), end) in (0..).zip(&self.starts).zip(ends) {
                    each.resize(each.len() + (end - start) as usize, contact);
                }
                each.push(owner);
                self.each = Some(each);
            }
        }
        self.rows += 1;
    }

    /// Bytes per row, with what sorting will take.
    pub(super) fn width(&self) -> u64 {
        if self.each.is_some() { 16 } else { 0 }
    }

    pub(super) fn order(mut self, times: &[Time], watch: &mut Watch) -> Result<Order, ImportError> {
        let Some(each) = self.each else {
            self.starts.push(self.rows);
            let in_order = |range: &[u32]| times[range[0] as usize..range[1] as usize].is_sorted();
            if self.starts.windows(2).all(in_order) {
                return Ok(Order { first: self.starts, rows: None });
            }
            let rows = by_time(&self.starts, (0..self.rows).collect(), times, watch)?;
            return Ok(Order { first: self.starts, rows: Some(rows) });
        };
        let mut first = vec![0_u32; self.starts.len() + 1];
        for owner in &each {
            first[*owner as usize + 1] += 1;
        }
        for index in 1..first.len() {
            first[index] += first[index - 1];
        }
        let mut next = first.clone();
        let mut rows = vec![0_u32; each.len()];
        let mut row = 0;
        for part in each.chunks(STRIDE) {
            for owner in part {
                let place = &mut next[*owner as usize];
                rows[*place as usize] = row;
                *place += 1;
                row += 1;
            }
            watch.step(Stage::Sorting, 0, row.into())?;
        }
        let rows = by_time(&first, rows, times, watch)?;
        Ok(Order { first, rows: Some(rows) })
    }
}

/// Sorts each contact's rows by time; those of equal times stay as they are.
fn by_time(first: &[u32], mut rows: Vec<u32>, times: &[Time], watch: &mut Watch) -> Result<Vec<u32>, ImportError> {
    let mut sorted = 0;
    for range in first.windows(2) {
        let rows = &mut rows[range[0] as usize..range[1] as usize];
        if !rows.is_sorted_by_key(|row| times[*row as usize]) {
            rows.sort_by_key(|row| times[*row as usize]);
        }
        sorted += rows.len();
        if sorted >= STRIDE {
            sorted = 0;
            watch.step(Stage::Sorting, 0, range[1].into())?;
        }
    }
    Ok(rows)
}

/// The values in the order of `rows`.
pub(super) fn in_order<T: Copy>(
    mut values: Vec<T>,
    rows: Option<&[u32]>,
    watch: &mut Watch,
) -> Result<Vec<T>, ImportError> {
    let Some(rows) = rows else {
        values.shrink_to_fit();
        return Ok(values);
    };
    let mut ordered = Vec::with_capacity(values.len());
    for part in rows.chunks(STRIDE) {
        ordered.extend(part.iter().map(|row| values[*row as usize]));
        watch.step(Stage::Sorting, 0, ordered.len() as u64)?;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    fn order(owners: &[u32], times: &[i64]) -> (Vec<u32>, Option<Vec<u32>>) {
        let mut on = |_| ControlFlow::Continue(());
        let mut kept = Owners::default();
        for owner in owners {
            kept.push(*owner);
        }
        let times: Vec<Time> = times.iter().copied().map(Time).collect();
        let order = kept.order(&times, &mut Watch::new(&mut on)).unwrap();
        (order.first, order.rows)
    }

    #[test]
    fn rows_go_by_contact_then_time_then_place() {
        assert_eq!(order(&[0, 1, 0, 0], &[5, 1, 5, 0]), (vec![0, 3, 4], Some(vec![3, 0, 2, 1])));
        assert_eq!(order(&[0, 0, 1, 2, 1], &[1, 2, 9, 0, 8]), (vec![0, 2, 4, 5], Some(vec![0, 1, 4, 2, 3])));
        assert_eq!(order(&[0, 0, 1], &[2, 1, 7]), (vec![0, 2, 3], Some(vec![1, 0, 2])));
    }

    #[test]
    fn rows_that_are_in_order_are_left_where_they_are() {
        assert_eq!(order(&[0, 0, 1, 2, 2], &[1, 1, 0, 0, 5]), (vec![0, 2, 3, 5], None));
        assert_eq!(order(&[], &[]), (vec![0], None));
    }

    #[test]
    fn sorting_can_be_cancelled() {
        let mut off = |_| ControlFlow::Break(());
        let mut owners = Owners::default();
        for owner in [0, 1, 0] {
            owners.push(owner);
        }
        let times = [Time(0); 3];
        assert_eq!(owners.order(&times, &mut Watch::new(&mut off)), Err(ImportError::Cancelled));
    }
}
