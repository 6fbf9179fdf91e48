//! The Matrix workspace: states by events, and in each cell what happens or that nobody has said. What is selected here is
//! selected on the canvas, and answers are the same edits.

mod answer;
mod bar;
mod cases;
mod keys;
mod look;
mod met;
mod table;

use egui::{Id, Vec2};

use super::Theme;
use super::request::{Request, Selection};
use crate::analysis::matrix::{Counts, Filter, View};
use crate::analysis::{Coverage, Matrix};
use crate::document::Document;
use crate::exchange::matrix::{to_csv, to_tabs};
use crate::exchange::matrix_page::to_html;
use crate::model::{Asked, EntityId, Events, NodeId, Project, Trigger};

pub(super) use cases::cases_ui;

use answer::Draft;
use met::Counting;

/// A text that is to be written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What it is, in a word or two: part of the name that is suggested.
    pub name: String,
    /// How the name of the file ends.
    pub ending: &'static str,
    pub text: String,
}

/// The matrix as it is looked at.
#[derive(Default)]
pub struct Board {
    matrix: Matrix,
    counts: Counts,
    /// The revision that it was made of.
    built: Option<u64>,
    filter: Filter,
    view: View,
    lines: Vec<Line>,
    /// Row and column of the matrix, not of what is shown of it.
    cursor: Option<(usize, usize)>,
    /// The selection that the cursor has followed already.
    followed: Option<Selection>,
    /// Bring the cursor into sight.
    reveal: bool,
    /// Give the cell under the cursor the keyboard.
    focus: bool,
    /// Give the first answer the keyboard.
    answering: bool,
    draft: Draft,
    met: Counting,
    offset: Vec2,
    window: Vec2,
}

/// A line of the table: the groups around what follows, or a state.
#[derive(Clone, Debug, PartialEq)]
struct Line {
    top: f32,
    kind: LineKind,
}

#[derive(Clone, Debug, PartialEq)]
enum LineKind {
    Groups(String),
    /// A row of the matrix, and its place among those that are shown.
    State(usize, usize),
}

impl Board {
    /// Made anew when the drawing has changed.
    pub fn update(&mut self, document: &Document) {
        let revision = document.revision();
        if self.built == Some(revision) {
            return;
        }
        let place = self.cursor.map(|(row, column)| self.matrix.place(row, column));
        self.matrix = Matrix::of(document.project());
        self.counts = self.matrix.counts();
        self.built = Some(revision);
        self.met.forget();
        self.cursor = place.and_then(|place| {
            let row = self.matrix.rows.iter().position(|row| row.state == place.state)?;
            let columns = || self.matrix.columns.iter().enumerate().filter(|(_, column)| column.asked == place.asked);
            let same = columns().find(|(_, column)| column.bucket == place.bucket).or_else(|| columns().next());
            Some((row, same?.0))
        });
        self.look_again(document.project());
    }

    /// How many cells are undecided.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    fn coverage(&self) -> Option<&Coverage> {
        self.met.coverage()
    }

    /// What is shown of the matrix.
    fn look_again(&mut self, project: &Project) {
        self.view = self.matrix.view(&self.filter, self.met.coverage());
        self.lines = lines(project, &self.matrix, &self.view);
    }

    /// The table with its filters in the middle of the window.
    pub fn ui(
        &mut self,
        ui: &mut egui::Ui,
        theme: &Theme,
        document: &Document,
        selection: &Selection,
        keys: bool,
        requests: &mut Vec<Request>,
    ) {
        self.follow(document.project(), selection);
        if self.cursor.is_none() {
            self.cursor = self.view.rows.first().copied().zip(self.view.columns.first().copied());
        }
        if keys {
            self.keys(ui, document, requests);
        }
        self.bar_ui(ui, theme, document.project(), requests);
        self.table_ui(ui, theme, document.project(), requests);
    }

    /// The cursor goes where the selection went on the canvas, in the outline or by a problem.
    fn follow(&mut self, project: &Project, selection: &Selection) {
        if self.followed.as_ref() == Some(selection) {
            return;
        }
        self.followed = Some(selection.clone());
        let row_of = |state: NodeId| {
            let is_meant = |row: &crate::analysis::matrix::Row| row.state == state || row.around.contains(&state);
            self.matrix.rows.iter().position(is_meant)
        };
        let column_of = |asked: Asked| self.matrix.columns.iter().position(|column| column.asked == asked);
        let (row, column) = self.cursor.unwrap_or_default();
        let found = match selection.single() {
            Some(EntityId::Node(state)) if self.matrix.rows.get(row).is_some_and(|row| row.state == state) => None,
            Some(EntityId::Node(state)) => row_of(state).map(|row| (row, column)),
            Some(EntityId::Event(event)) => column_of(Asked::Event(event)).map(|column| (row, column)),
            Some(EntityId::Transition(id)) => project.transitions.get(&id).and_then(|arrow| {
                if self.cursor.is_some_and(|_| self.branch_here(id)) {
                    return None;
                }
                let asked = match &arrow.trigger {
                    Trigger::On(Events::Only(events)) => Asked::Event(*events.first()?),
                    Trigger::After(_) | Trigger::AfterWithout(..) | Trigger::AfterSince(..) => Asked::Silence,
                    Trigger::At(..) => Asked::Clock,
                    Trigger::Done(group) => Asked::Done(*group),
                    _ => return None,
                };
                let column = column_of(asked)?;
                // Where a group is done only its ends hear of it.
                let answers = |row: &usize| self.matrix.cell(*row, column).branches.iter().any(|one| one.arrow == id);
                let row = (0..self.matrix.rows.len()).find(answers).or_else(|| row_of(arrow.source))?;
                Some((row, column))
            }),
            Some(EntityId::Decision(id)) => project
                .decisions
                .get(&id)
                .and_then(|decision| Some((row_of(decision.place.state)?, column_of(decision.place.asked)?))),
            _ => None,
        };
        if let Some(cursor) =
            found.filter(|(row, column)| *row < self.matrix.rows.len() && *column < self.matrix.columns.len())
        {
            self.cursor = Some(cursor);
            self.reveal = true;
        }
    }

    /// Whether an arrow answers in the cell under the cursor.
    fn branch_here(&self, arrow: crate::model::TransitionId) -> bool {
        self.cursor.is_some_and(|(row, column)| {
            self.matrix.cell(row, column).branches.iter().any(|branch| branch.arrow == arrow)
        })
    }

    /// Puts the cursor on a cell and selects its state.
    fn go(&mut self, (row, column): (usize, usize), requests: &mut Vec<Request>) {
        if self.cursor != Some((row, column)) {
            self.draft.close();
        }
        self.cursor = Some((row, column));
        self.reveal = true;
        self.focus = true;
        let selection = Selection::one(self.matrix.rows[row].state);
        self.followed = Some(selection.clone());
        requests.push(Request::Select(selection));
    }

    /// The next cell that somebody has still to decide about, after the cursor, row by row.
    pub fn next_open(&mut self, requests: &mut Vec<Request>) -> bool {
        let shown: Vec<(usize, usize)> =
            self.view.rows.iter().flat_map(|row| self.view.columns.iter().map(|column| (*row, *column))).collect();
        let at = self.cursor.and_then(|cursor| shown.iter().position(|cell| *cell == cursor)).map_or(0, |at| at + 1);
        let after = (0..shown.len()).map(|step| shown[(at + step) % shown.len()]);
        let next = after.into_iter().find(|(row, column)| self.matrix.cell(*row, *column).is_open());
        if let Some(next) = next {
            self.go(next, requests);
        }
        next.is_some()
    }

    /// What was decided on paper about the cell under the cursor, and about no group around it.
    #[must_use]
    pub fn decision(&self, project: &Project) -> Option<EntityId> {
        let (row, column) = self.cursor?;
        project.decision_at(self.matrix.place(row, column)).map(|decision| decision.id.into())
    }

    fn copied(&self, project: &Project) -> Request {
        Request::CopyText {
            name: String::from("the matrix"),
            text: to_tabs(project, &self.matrix, &self.view, self.coverage()),
        }
    }

    fn as_csv(&self, project: &Project) -> Request {
        let text = to_csv(project, &self.matrix, &self.view, self.coverage());
        Request::ExportText(Written { name: String::from("matrix"), ending: "csv", text })
    }

    fn as_page(&self, project: &Project) -> Request {
        let text = to_html(project, &self.matrix, &self.view, self.coverage());
        Request::ExportText(Written { name: String::from("matrix"), ending: "html", text })
    }
}

/// The lines of the table from top to bottom.
fn lines(project: &Project, matrix: &Matrix, view: &View) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut top = 0.0;
    let mut around: &[NodeId] = &[];
    for (place, row) in view.rows.iter().enumerate() {
        let state = &matrix.rows[*row];
        if state.around != around {
            let names: Vec<String> = state.around.iter().map(|group| project.node_label(*group)).collect();
            let words = if names.is_empty() { String::from("Outside of every group") } else { names.join(" / ") };
            lines.push(Line { top, kind: LineKind::Groups(words) });
            top += table::GROUPS;
            around = &state.around;
        }
        lines.push(Line { top, kind: LineKind::State(*row, place) });
        top += table::ROW;
    }
    lines
}

/// The cell of a state and a column, on the screen.
fn cell_id(state: NodeId, asked: Asked, bucket: Option<crate::model::BucketId>) -> Id {
    Id::new(("cell of the matrix", state, asked, bucket))
}
