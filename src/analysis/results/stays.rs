//! How long contacts stay in each state. Who is still there when the run ends has stayed at least that long.

use crate::analysis::sheet::{Cell, Sheet};
use crate::analysis::statistics::survival_time;
use crate::model::{NodeId, NodeKind, Project};
use crate::simulation::Report;

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
        })
    };
    project.document_order().into_iter().filter_map(row).collect()
}

impl Stay {
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
