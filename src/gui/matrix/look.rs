//! How each kind of cell is told: by icon, by words and by colour, never by colour alone.

use egui::Color32;
use egui_phosphor::regular as icon;

use crate::analysis::matrix::{Cell, Kind, Rest};
use crate::gui::Theme;
use crate::model::{Asked, Project};

/// What a cell looks like.
pub(super) struct Look {
    pub(super) icon: &'static str,
    pub(super) ink: Color32,
    pub(super) fill: Color32,
    /// Around what somebody has still to decide about.
    pub(super) edge: Option<Color32>,
}

pub(super) fn icon_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Moves => icon::ARROW_RIGHT,
        Kind::Stays => icon::ARROW_U_DOWN_LEFT,
        Kind::Splits => icon::ARROWS_SPLIT,
        Kind::Inherited => icon::ARROW_BEND_LEFT_UP,
        Kind::Beside => icon::COLUMNS,
        Kind::Restarts => icon::CLOCK_CLOCKWISE,
        Kind::Ignored => icon::PROHIBIT,
        Kind::Question => icon::QUESTION,
        Kind::Undecided => icon::CIRCLE_DASHED,
        Kind::NotAsked => icon::MINUS,
    }
}

impl Look {
    pub(super) fn of(theme: &Theme, cell: &Cell) -> Self {
        let p = &theme.palette;
        let (ink, fill) = match cell.kind {
            Kind::Moves | Kind::Splits | Kind::Restarts => (p.text, p.card),
            Kind::Stays => (p.success, p.card),
            Kind::Inherited | Kind::Beside | Kind::Ignored => (p.text_muted, p.sunken),
            Kind::Question => (p.accent, p.accent_soft),
            Kind::Undecided => (p.warning, p.warning_soft),
            Kind::NotAsked => (p.text_muted, p.panel),
        };
        Self { icon: icon_of(cell.kind), ink, fill, edge: cell.is_open().then_some(p.warning) }
    }
}

/// The two lines of a cell.
pub(super) fn words(project: &Project, cell: &Cell, asked: Asked) -> (String, String) {
    let decision = cell.decision.and_then(|id| project.decisions.get(&id));
    let paper = || decision.map(|decision| decision.text.clone()).unwrap_or_default();
    let mut outcomes: Vec<String> = Vec::new();
    for branch in &cell.branches {
        let outcome = branch.outcome(project).trim_start_matches("→ ").to_owned();
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    let outcomes = outcomes.join(" / ");
    let first = match cell.kind {
        Kind::Moves | Kind::Stays | Kind::Splits | Kind::Inherited => outcomes,
        Kind::NotAsked => String::new(),
        kind => kind.label().to_owned(),
    };
    let rest = cell.rest.label().filter(|_| !cell.branches.is_empty() && cell.rest != Rest::Beside);
    let second = match (cell.kind, rest) {
        (Kind::Ignored | Kind::Question, _) => paper(),
        (Kind::Restarts, _) => cell.timers(project).join(", "),
        (_, Some(rest)) => rest.to_owned(),
        (Kind::Inherited, None) => format!("from {}", cell.sources(project)),
        (Kind::Moves | Kind::Stays | Kind::Splits, None) => {
            let mut when =
                cell.branches.iter().map(|branch| branch.when(project, asked)).filter(|when| !when.is_empty());
            when.next().unwrap_or_default()
        }
        _ => String::new(),
    };
    (first, second)
}
