//! How long contacts stay in each state. Who is still there when the run ends has stayed at least that long.

use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::{survival_curve, survival_time};
use crate::model::{NodeId, NodeKind, Project};
use crate::simulation::Report;
use crate::simulation::report::Times;

const DAY: f64 = 86_400_000.0;

/// The visits to one state.
#[derive(Clone, Debug, PartialEq)]
pub struct Stay {
    pub node: NodeId,
    pub state: String,
    pub visits: u64,
    /// Visits that go on.
    pub inside: u64,
    /// Days until half of the visits are over, and nine of ten; `None` where the run ends before that.
    pub median: Option<f64>,
    pub ninth: Option<f64>,
    /// After how many days which share is still inside; it is that until the next of them.
    pub curve: Vec<(f64, f64)>,
    /// Days of the longest visit, as far as it was seen.
    pub longest: f64,
}

/// Every state that was ever entered, in the order of the drawing. Time in an end says nothing.
#[must_use]
pub fn stays(project: &Project, report: &Report) -> Vec<Stay> {
    let row = |(_, node): (usize, &crate::model::Node)| {
        let stays = report.stays.get(&node.id).filter(|_| node.kind == NodeKind::State)?;
        let (finished, inside) = (stays.finished.count(), stays.inside.count());
        let days = |left| survival_time(stays, left).map(|milliseconds| milliseconds / DAY);
        (finished + inside > 0).then(|| Stay {
            node: node.id,
            state: project.node_label(node.id),
            visits: finished + inside,
            inside,
            median: days(0.5),
            ninth: days(0.1),
            curve: survival_curve(stays).map(|(milliseconds, share)| (milliseconds / DAY, share)).collect(),
            longest: stays
                .finished
                .bins()
                .chain(stays.inside.bins())
                .map(|(bin, _)| bin)
                .max()
                .map_or(0.0, |bin| Times::middle(bin) / DAY),
        })
    };
    project.document_order().into_iter().filter_map(row).collect()
}

impl Stay {
    /// The share that is still inside after so many days; `None` where nobody was seen for that long.
    #[must_use]
    pub fn inside_after(&self, days: f64) -> Option<f64> {
        let reached = self.curve.partition_point(|(at, _)| *at <= days);
        let share = if reached == 0 { 1.0 } else { self.curve[reached - 1].1 };
        // Once all have left, nobody comes back.
        (days <= self.longest || share <= 0.0).then_some(share)
    }

    /// All of them as a table.
    #[must_use]
    pub fn sheet(rows: &[Self]) -> Sheet {
        let cells = |row: &Self| {
            let days = |days| Cell::or_missing(days, Cell::Days, "not reached");
            let counts = [row.visits, row.inside].map(Cell::Count);
            let mut cells = vec![Cell::Text(row.state.clone())];
            cells.extend(counts);
            cells.extend([days(row.median), days(row.ninth)]);
            cells
        };
        Sheet {
            name: String::from("Time in state"),
            head: vec!["State", "Visits", "Still inside", "Half left by", "Nine of ten by"],
            rows: rows.iter().map(cells).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_holds_until_the_next_leaves_and_is_not_known_for_longer_than_anybody_was_seen() {
        let stay = Stay {
            node: NodeId(1),
            state: String::from("Trial"),
            visits: 4,
            inside: 1,
            median: Some(3.0),
            ninth: None,
            curve: vec![(1.0, 0.75), (3.0, 0.375)],
            longest: 5.0,
        };
        let shares = [0.0, 0.9, 1.0, 2.9, 3.0, 5.0, 5.1].map(|days| stay.inside_after(days));
        assert_eq!(shares, [Some(1.0), Some(1.0), Some(0.75), Some(0.75), Some(0.375), Some(0.375), None]);
        let all_left = Stay { inside: 0, curve: vec![(1.0, 0.0)], longest: 1.0, ..stay };
        assert_eq!(all_left.inside_after(9.0), Some(0.0));
    }
}
