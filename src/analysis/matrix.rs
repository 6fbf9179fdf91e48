//! The matrix of states and events: for every place where a contact can rest, what happens when something happens, and
//! which of these answers nobody has given. Says what the machine would do; what was decided on paper only counts where
//! no arrow answers.

mod answer;
mod beside;
mod done;
mod proposal;
mod view;
mod words;

use crate::model::{
    Asked, Bucket, BucketId, DecisionId, Labels, NodeId, NodeKind, Place, Project, Stage, TransitionId, Trigger,
};

pub use proposal::{Proposal, proposals};
pub use view::{Filter, View};

/// States by what can happen there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    pub rows: Vec<Row>,
    pub columns: Vec<Column>,
    /// Row by row.
    cells: Vec<Cell>,
}

/// A state where a contact can rest, or an end inside a group, which the arrows around it can still be taken from.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub state: NodeId,
    pub label: String,
    /// The groups around it, outermost first.
    pub around: Vec<NodeId>,
    pub is_end: bool,
    /// Its own, else that of the nearest group that has one.
    pub stage: Option<Stage>,
    pub owner: String,
}

/// What is asked in every state.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub asked: Asked,
    /// Of a column that is split: the case. `None` there is everything that no case takes.
    pub bucket: Option<BucketId>,
    /// The event, *silence*, *time of day*, or *done* with the name of a group.
    pub label: String,
    /// The case in words, where the column is split.
    pub case: Option<String>,
}

/// One answer, or the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub kind: Kind,
    /// The arrows that can be taken, in the order in which they are tried; of timers, in the order in which they stand.
    pub branches: Vec<Branch>,
    /// What happens where none of them is taken.
    pub rest: Rest,
    /// The timers that the event starts anew where none of them is taken.
    pub restarts: Vec<TransitionId>,
    /// What was decided on paper, even where arrows leave nothing to decide.
    pub decision: Option<DecisionId>,
}

/// An arrow that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Branch {
    pub arrow: TransitionId,
    /// Whether it leaves the state itself and not a group around it.
    pub own: bool,
    /// Whether it is taken whenever it is reached, so that its condition need not be said.
    pub always: bool,
}

/// What kind of answer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One arrow leads elsewhere.
    Moves,
    /// One arrow acts and stays.
    Stays,
    /// It depends: several arrows, or one with a condition.
    Splits,
    /// The arrows of a group around the state answer.
    Inherited,
    /// Another region of a parallel answers.
    Beside,
    /// Nothing happens but that a timer starts anew, which names the event.
    Restarts,
    Ignored,
    Question,
    Undecided,
    /// Nobody rests here to be asked: an end, a state that is left at once, or a case that nobody can be in.
    NotAsked,
}

impl Kind {
    pub const ALL: [Self; 10] = [
        Self::Moves,
        Self::Stays,
        Self::Splits,
        Self::Inherited,
        Self::Beside,
        Self::Restarts,
        Self::Ignored,
        Self::Question,
        Self::Undecided,
        Self::NotAsked,
    ];
}

/// What happens where no arrow is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rest {
    /// Some arrow always is.
    Nothing,
    /// A timer starts anew, which names the event.
    Restarts,
    Ignored,
    Question,
    Beside,
    NotAsked,
    Undecided,
    /// Whether anything is left is not known: the conditions are of a kind that is not analysed.
    Unclear,
}

impl Cell {
    /// Whether nobody has said anything about it.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.kind == Kind::Undecided
    }

    /// Whether there is an answer, but none for every contact.
    #[must_use]
    pub fn is_undecided_in_part(&self) -> bool {
        self.kind != Kind::Undecided && self.rest == Rest::Undecided
    }

    /// Whether somebody has still to decide something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.rest == Rest::Undecided
    }
}

/// How many cells there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    kinds: [usize; Kind::ALL.len()],
    /// Among the others: answered, but not for every contact.
    pub in_part: usize,
    /// Among the others: whether they are answered for every contact is not known.
    pub unclear: usize,
}

impl Counts {
    #[must_use]
    pub fn of(&self, kind: Kind) -> usize {
        self.kinds[kind as usize]
    }

    /// Cells in which somebody has still to decide something.
    #[must_use]
    pub fn open(&self) -> usize {
        self.of(Kind::Undecided) + self.in_part
    }
}

impl Matrix {
    /// The matrix of a journey.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let rows = rows(project);
        let columns = columns(project);
        let cells = answer::cells(project, &rows, &columns);
        Self { rows, columns, cells }
    }

    /// The answer in a row and a column.
    ///
    /// # Panics
    /// Where there is no such row or column.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        assert!(column < self.columns.len(), "a column of the matrix");
        &self.cells[row * self.columns.len() + column]
    }

    /// Where it is kept what was decided about a cell.
    #[must_use]
    pub fn place(&self, row: usize, column: usize) -> Place {
        let Column { asked, bucket, .. } = self.columns[column];
        Place { state: self.rows[row].state, asked, bucket }
    }

    /// Every cell with its row and its column, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, &Cell)> {
        let width = self.columns.len().max(1);
        self.cells.iter().enumerate().map(move |(index, cell)| (index / width, index % width, cell))
    }

    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for cell in &self.cells {
            counts.kinds[cell.kind as usize] += 1;
            counts.in_part += usize::from(cell.is_undecided_in_part());
            counts.unclear += usize::from(cell.rest == Rest::Unclear);
        }
        counts
    }
}

/// The nodes around `node`, outermost first.
fn around(project: &Project, node: NodeId) -> Vec<NodeId> {
    let parent = |id: &NodeId| project.nodes.get(id).and_then(|node| node.parent);
    let mut around: Vec<NodeId> = std::iter::successors(parent(&node), parent).take(project.nodes.len()).collect();
    around.reverse();
    around
}

fn rows(project: &Project) -> Vec<Row> {
    let labels = Labels::of(project);
    let rows = project.document_order().into_iter().filter_map(|(_, node)| {
        let is_end = node.kind == NodeKind::End;
        // After an end at the top the journey is over.
        if !(node.kind == NodeKind::State || (is_end && node.parent.is_some())) {
            return None;
        }
        let around = around(project, node.id);
        let nodes = || std::iter::once(&node.id).chain(around.iter().rev()).filter_map(|id| project.nodes.get(id));
        let stage = nodes().find_map(|node| node.stage);
        let owner = nodes().map(|node| &node.owner).find(|owner| !owner.is_empty()).cloned().unwrap_or_default();
        let label = labels.node(node.id);
        Some(Row { state: node.id, label, around, is_end, stage, owner })
    });
    rows.collect()
}

fn columns(project: &Project) -> Vec<Column> {
    let mut columns = Vec::new();
    for event in project.events.values() {
        let asked = Asked::Event(event.id);
        let label = &event.name;
        let column = |bucket, case| Column { asked, bucket, label: label.clone(), case };
        columns.extend(event.buckets.iter().map(|Bucket { id, name, .. }| column(Some(*id), Some(name.clone()))));
        if event.buckets.is_empty() {
            columns.push(column(None, None));
        } else if answer::leaves_something(project, event) {
            columns.push(column(None, Some(String::from("otherwise"))));
        }
    }
    for group in done::groups(project) {
        let asked = Asked::Done(group);
        columns.push(Column { asked, bucket: None, label: project.asked_label(asked), case: None });
    }
    // Time passes everywhere. The clock is asked about where somebody looks at it.
    let has_clock = project.transitions.values().any(|arrow| matches!(arrow.trigger, Trigger::At(..)));
    for asked in std::iter::once(Asked::Silence).chain(has_clock.then_some(Asked::Clock)) {
        columns.push(Column { asked, bucket: None, label: project.asked_label(asked), case: None });
    }
    columns
}
