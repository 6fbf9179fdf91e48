//! Regions of a parallel answer for one another: what happens in one of them is nothing to ask in the others.

use std::collections::BTreeMap;

use super::{Branch, Cell, Column, Kind, Rest, Row};
use crate::model::{NodeId, NodeKind, Project};

/// Fills the cells that no arrow around the state answers and another region does.
pub(super) fn answer(project: &Project, rows: &[Row], columns: &[Column], cells: &mut [Cell]) {
    let parent = |id: &NodeId| project.nodes.get(id).and_then(|node| node.parent);
    let is_region = |id: &&NodeId| {
        let around = parent(id).and_then(|parent| project.nodes.get(&parent));
        around.is_some_and(|around| around.kind == NodeKind::Parallel)
    };
    let mut regions: BTreeMap<NodeId, Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        for region in row.around.iter().chain([&row.state]).filter(is_region) {
            regions.entry(*region).or_default().push(number);
        }
    }
    for column in 0..columns.len() {
        let at = |row: usize| row * columns.len() + column;
        let answers: BTreeMap<NodeId, Answers> = regions
            .iter()
            .map(|(region, inside)| {
                let states: Vec<(&Row, &Cell)> = inside.iter().map(|row| (&rows[*row], &cells[at(*row)])).collect();
                (*region, Answers::of(project, *region, &states))
            })
            .collect();
        for (region, inside) in &regions {
            let beside = answers.iter().filter(|(other, answers)| {
                *other != region && parent(other) == parent(region) && !answers.branches.is_empty()
            });
            let beside: Vec<&Answers> = beside.map(|(_, answers)| answers).collect();
            // Where the other region answers only in some of its states, the others of them are asked themselves. That is
            // lost where both regions rely on each other, and where there is an end, in which nothing is asked.
            let own = !answers[region].branches.is_empty();
            let is_enough = beside.iter().any(|answers| answers.all || (answers.others_are_asked && !own));
            for row in inside.iter().filter(|_| !beside.is_empty()) {
                let cell = &mut cells[at(*row)];
                match cell.kind {
                    Kind::Undecided | Kind::Beside => {
                        cell.kind = Kind::Beside;
                        cell.branches.extend(beside.iter().flat_map(|answers| &answers.branches));
                        if is_enough {
                            cell.rest = Rest::Beside;
                        }
                    }
                    _ if is_enough && matches!(cell.rest, Rest::Undecided | Rest::Unclear) => cell.rest = Rest::Beside,
                    _ => {}
                }
            }
        }
    }
}

/// How a region answers in a column.
struct Answers {
    /// The arrows inside that do.
    branches: Vec<Branch>,
    /// Whether it does so in each of its states, whatever the contact.
    all: bool,
    /// Whether the states that do not are still to be decided about.
    others_are_asked: bool,
}

impl Answers {
    fn of(project: &Project, region: NodeId, states: &[(&Row, &Cell)]) -> Self {
        let mut answers = Self { branches: Vec::new(), all: true, others_are_asked: true };
        for (row, cell) in states {
            // Arrows of the region itself and of what is inside, of which this state can take those around it.
            let own_from = row.around.iter().position(|around| *around == region);
            let is_inside = |branch: &&Branch| {
                let source = project.transitions.get(&branch.arrow).map(|arrow| arrow.source);
                let around = own_from.map_or(&[][..], |from| &row.around[from..]);
                source.is_some_and(|source| source == row.state || around.contains(&source))
            };
            let inside: Vec<Branch> = cell.branches.iter().filter(is_inside).copied().collect();
            let is_whole = match cell.rest {
                Rest::Nothing => !inside.is_empty() && inside.len() == cell.branches.len(),
                Rest::Restarts | Rest::Ignored | Rest::Question => true,
                Rest::NotAsked | Rest::Undecided | Rest::Unclear | Rest::Beside => false,
            };
            answers.all &= is_whole;
            answers.others_are_asked &= is_whole || matches!(cell.rest, Rest::Undecided | Rest::Unclear);
            for branch in inside {
                if answers.branches.iter().all(|known| known.arrow != branch.arrow) {
                    answers.branches.push(Branch { own: false, ..branch });
                }
            }
        }
        answers
    }
}
